from datetime import date, timedelta

import pytest

from parcel.schedule import arrival, easter, holidays, is_delivery_day


@pytest.mark.parametrize(
    "year, month, day",
    [(1818, 3, 22), (1943, 4, 25), (1954, 4, 18), (2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2038, 4, 25)],
)
def test_known_easters(year, month, day):
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize("year", range(1900, 2000))
def test_easter_is_a_sunday_in_spring(year):
    sunday = easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def test_sundays_and_holidays_bring_nothing():
    assert not is_delivery_day(date(2024, 3, 31))
    assert not is_delivery_day(date(2024, 12, 25))
    assert is_delivery_day(date(2024, 3, 30))


@pytest.mark.parametrize("days", range(1, 11))
def test_arrival_is_a_delivery_day(days):
    assert is_delivery_day(arrival(date(2024, 12, 20), days))


def test_arrival_over_christmas():
    assert arrival(date(2024, 12, 23), 2) == date(2024, 12, 27)



def test_later_posting_never_arrives_earlier():
    day, last = date(2020, 1, 1), date.min
    while day < date(2026, 1, 1):
        today = arrival(day, 3)
        assert today >= last
        last, day = today, day + timedelta(days=1)


def test_every_year_has_eight_holidays():
    assert all(6 <= len(holidays(year)) <= 8 for year in range(1600, 4000))
