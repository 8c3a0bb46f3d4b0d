"""Delivery days."""

from datetime import date, timedelta


def easter(year):
    """Easter Sunday of a Gregorian year, by the anonymous algorithm published in Nature, 1876."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holidays(year):
    sunday = easter(year)
    moving = {sunday + timedelta(days=offset) for offset in (-2, 1, 39, 50)}
    return moving | {date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26)}


def is_delivery_day(day):
    return day.weekday() < 6 and day not in holidays(day.year)


def arrival(posted, working_days):
    """The day on which a parcel arrives that needs so many delivery days."""
    day = posted
    while working_days > 0:
        day += timedelta(days=1)
        if is_delivery_day(day):
            working_days -= 1
    return day
