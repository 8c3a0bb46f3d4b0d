import os

import pytest


def test_passes():
    assert "PYTHONPATH" not in os.environ


def test_fails():
    assert 1 + 1 == 3, "arithmetic is broken"


@pytest.mark.skip(reason="not today")
def test_skipped():
    pass


@pytest.mark.xfail
def test_expected_to_fail():
    assert False


@pytest.fixture
def bad_setup():
    raise ValueError("no database")


def test_error(bad_setup):
    pass


class TestOuter:
    def test_method(self):
        pass

    class TestInner:
        @pytest.mark.parametrize("value", [1, 2])
        def test_nested(self, value):
            assert value
