# Sourced by the scripts: installs what is missing, and says so.

# Prints the Debian packages of the arguments that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' ||
            echo "$package"
    done
}

# may_sudo PACKAGE…: succeeds if this user may install them with sudo; a person is asked for the password.
may_sudo() {
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ] && sudo -v -p "To install $*: [sudo] password for %u: "; }
}

# install PACKAGE…: installs the missing ones of these Debian packages, as root or with sudo; without either it says
# what to run and fails.
install() {
    command -v dpkg-query >/dev/null || {
        echo "This is no Debian or Ubuntu; please install the equivalents of: $*" >&2
        return 0
    }
    local missing as_root=()
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        # shellcheck disable=SC2086
        may_sudo $missing || {
            echo "Packages are missing, and this user may not install them. Please run as root, then start again:" >&2
            echo "    apt-get update && apt-get install --no-install-recommends" $missing >&2
            return 1
        }
        as_root=(sudo)
    fi
    echo "Installing Debian packages${as_root:+ with sudo}:" $missing
    local log
    log=$(mktemp)
    # Package lists may be old or absent; a machine without a network keeps what it has.
    "${as_root[@]}" apt-get update >"$log" 2>&1 || true
    # shellcheck disable=SC2086
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "apt-get could not install:" $missing >&2
        return 1
    fi
    rm -f "$log"
}

# package_for COMMAND PACKAGE…: prints the packages unless the command is there, from wherever it was installed.
package_for() {
    command -v "$1" >/dev/null || {
        shift
        echo "$@"
    }
}

# Prints pytest's package unless the python3 that is found first has it.
package_for_pytest() {
    python3 -c 'import pytest' 2>/dev/null || echo python3-pytest
}

# The toolchain is the one thing that is not installed for the user.
require_swift() {
    command -v swift >/dev/null || {
        echo "Swift 6.2 or newer is needed: https://www.swift.org/install/linux/" >&2
        return 1
    }
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    set -- $version
    if [ "${1:-0}" -lt 6 ] || { [ "$1" = 6 ] && [ "${2:-0}" -lt 2 ]; }; then
        echo "Swift 6.2 or newer is needed; this is $(swift --version 2>/dev/null | head -n 1)" >&2
        return 1
    fi
}

# install_dependencies PACKAGE…: installs what the package needs to be built, and these.
install_dependencies() {
    require_swift
    # shellcheck disable=SC2046
    install libcurl4-openssl-dev libpq-dev libxml2-dev libsqlite3-dev pkg-config zlib1g-dev $(package_for git git) $(package_for cc gcc) "$@"
}

# Installs what judges the CI templates: programs that only PyPI has, in a directory of the build's.
install_template_tools() {
    local tools=.build/template-tools
    # A half-made directory lacks the mark.
    [ ! -e "$tools/complete" ] || return 0
    echo "Installing check-jsonschema and tree-sitter-kotlin from PyPI …"
    rm -rf "$tools"
    mkdir -p .build
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check \
        check-jsonschema==0.39.0 tree-sitter==0.26.1 tree-sitter-kotlin==1.1.0
    touch "$tools/complete"
}

# Installs the S3-compatible server that uploads are tested against, from PyPI, in a directory of the build's.
install_storage_server() {
    local tools=.build/storage-server
    # A half-made directory lacks the mark.
    [ ! -e "$tools/complete" ] || return 0
    echo "Installing moto from PyPI …"
    rm -rf "$tools"
    mkdir -p .build
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check \
        'moto[s3]==5.2.1' flask==3.1.2 flask-cors==6.0.1
    touch "$tools/complete"
}

# Installs pytest with the plugins that order tests, in a directory of the build's.
install_order_tools() {
    local tools=.build/pytest-order-tools
    # A half-made directory lacks the mark.
    [ ! -e "$tools/complete" ] || return 0
    echo "Installing pytest-dependency and pytest-order from PyPI …"
    rm -rf "$tools"
    mkdir -p .build
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check \
        pytest==9.2.0 pytest-dependency==0.6.1 pytest-order==1.5.0
    touch "$tools/complete"
}

# Installs DuckDB's program, which only PyPI has, in a directory of the build's.
install_history_tools() {
    local tools=.build/history-tools
    # A half-made directory lacks the mark.
    [ ! -e "$tools/complete" ] || return 0
    echo "Installing duckdb-cli from PyPI …"
    rm -rf "$tools"
    mkdir -p .build
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check duckdb-cli==1.5.6
    touch "$tools/complete"
}
