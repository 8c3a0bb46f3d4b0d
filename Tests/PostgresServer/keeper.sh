#!/usr/bin/env bash
# keeper.sh BIN: a private PostgreSQL server for one test process, in a directory of its own, on a socket and on loopback.
#
# Prints `ready PORT PASSWORD DIRECTORY`, then obeys the lines of its standard input: `crash` (kill -9 and start again),
# `restart` (in order). At the input's end, however that comes about, the server ends and the directory goes.
set -u
bin=$1
directory=$(mktemp -d /tmp/dt-ci-postgres.XXXXXX) || exit 1
cd "$directory" || exit 1
export LC_ALL=C.UTF-8
password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >password
server=

finish() {
    [ -z "$server" ] || { kill -QUIT "$server"; wait "$server"; } 2>/dev/null
    cd /
    rm -rf "$directory"
}
trap finish EXIT

"$bin/initdb" -D data -U dtci --pwfile=password -A scram-sha-256 --no-sync -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || {
    cat init.log >&2
    exit 1
}
openssl req -new -x509 -days 2 -nodes -subj /CN=localhost -out data/server.crt -keyout data/server.key 2>openssl.log
chmod 600 data/server.key
cat >>data/postgresql.conf <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$directory'
ssl = on
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 120
CONF

start() {
    local port
    for _ in $(seq 20); do
        port=${1:-$((20000 + RANDOM % 30000))}
        "$bin/postgres" -D data -p "$port" >>log 2>&1 </dev/null &
        server=$!
        while kill -0 "$server" 2>/dev/null; do
            "$bin/pg_isready" -q -h "$directory" -p "$port" && {
                used=$port
                return 0
            }
            sleep 0.1
        done
        wait "$server"
    done
    cat log >&2
    return 1
}

start || exit 1
echo "ready $used $password $directory"
while read -r word; do
    case $word in
    crash) kill -KILL "$server" ;;
    restart) kill -INT "$server" ;;
    esac
    wait "$server" 2>/dev/null
    start "$used" || exit 1
    echo "again"
done
