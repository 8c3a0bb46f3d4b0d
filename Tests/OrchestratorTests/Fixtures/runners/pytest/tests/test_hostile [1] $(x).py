import pytest

NAMES = ["a b", "a::b", "a/b", "[x]", "it's", '"q"', "$(touch hacked)", "\u00e9\u4e2d", "\x1b[31m", "-x", "a;b|c&d", ""]


@pytest.mark.parametrize("value", NAMES)
def test_name(value):
    assert value != "a/b"
