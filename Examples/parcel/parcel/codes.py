"""Tracking codes: two letters, eight digits, a check digit, a country (UPU standard S10)."""

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def check_digit(serial):
    """The S10 check digit of an eight-digit serial number."""
    if len(serial) != 8 or not serial.isdigit() or not serial.isascii():
        raise ValueError(f"{serial!r} is not eight digits")
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def encode(service, number, country):
    serial = f"{number:08d}"
    return f"{service}{serial}{check_digit(serial)}{country}"


def is_valid(code):
    if len(code) != 13 or not code.isascii():
        return False
    service, serial, digit, country = code[:2], code[2:10], code[10], code[11:]
    if not (service.isalpha() and service.isupper() and country.isalpha() and country.isupper()):
        return False
    return serial.isdigit() and digit.isdigit() and check_digit(serial) == int(digit)
