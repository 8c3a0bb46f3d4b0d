extension PytestPlugin {
    /// The variable that says where rewritten test files are kept; tests do not see it.
    static let cacheVariable = "DTCI_PYTEST_CACHE"

    /// Keeps the code that pytest makes of files with assertions where Python is told to keep none.
    ///
    /// Rewriting and compiling is most of what importing a test file costs, and each batch imports them all. pytest keeps
    /// the code beside the files, but not with `PYTHONDONTWRITEBYTECODE`.
    static let bytecodeSource = #"""
        """Keeps rewritten test files where Python does not. PYTEST_DONT_REWRITE"""
        import hashlib
        import importlib.util
        import marshal
        import os
        import sys

        import pytest


        class Bytecode:
            """Code objects by path; each is good for one state of its source."""

            def __init__(self, directory, rewrite):
                self.directory = directory
                self.rewrite = rewrite
                self.makers = (sys.implementation.cache_tag, importlib.util.MAGIC_NUMBER, sys.flags.optimize, pytest.__version__)

            def rewritten(self, path, config):
                name = str(path)
                if not sys.dont_write_bytecode:
                    return self.rewrite(path, config)
                try:
                    with open(name, "rb") as file:
                        state = importlib.util.source_hash(file.read())
                    key = repr((self.makers, name, config.getini("enable_assertion_pass_hook")))
                except (OSError, ValueError, KeyError):
                    return self.rewrite(path, config)
                place = os.path.join(self.directory, hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest())
                code = self.read(place, state)
                if code is None:
                    result = self.rewrite(path, config)
                    self.keep(place, state, result[1])
                    return result
                return None, code  # the first is for what pytest would write beside the file

            def read(self, place, state):
                try:
                    with open(place, "rb") as file:
                        known, code = marshal.load(file)
                    return code if known == state else None
                except (OSError, EOFError, ValueError, TypeError):
                    return None

            def keep(self, place, state, code):
                part = "%s.%d" % (place, os.getpid())
                try:
                    os.makedirs(self.directory, exist_ok=True)
                    with open(part, "wb") as file:
                        marshal.dump((state, code), file)
                    os.replace(part, place)
                except (OSError, ValueError):
                    pass  # no room, or nowhere to write: the next batch makes it again


        def install():
            """Begins; gives what ends it, so that nothing is kept of the files that tests themselves make."""
            directory = os.environ.pop("DTCI_PYTEST_CACHE", None)
            try:
                from _pytest.assertion import rewrite
                original = rewrite._rewrite_test
            except (ImportError, AttributeError):
                return lambda: None
            if directory:
                rewrite._rewrite_test = Bytecode(directory, original).rewritten

            def restore():
                rewrite._rewrite_test = original

            return restore
        """#
}
