import pytest


@pytest.fixture(scope="module")
def database():
    return object()


def test_reads(database):
    pass


def test_writes(database):
    pass


def test_apart():
    pass


@pytest.mark.serial
def test_lonely():
    pass
