import itertools

import pytest

from parcel.pricing import BANDS, ZONE_FACTOR, Parcel, price, split


@pytest.mark.parametrize("limit, cents", BANDS)
@pytest.mark.parametrize("zone", ZONE_FACTOR)
def test_a_band_ends_at_its_limit(limit, cents, zone):
    assert price(Parcel(limit), zone) == -(-cents * ZONE_FACTOR[zone] // 100)


@pytest.mark.parametrize("limit", [limit for limit, _ in BANDS[:-1]])
@pytest.mark.parametrize("zone", ZONE_FACTOR)
def test_a_gram_more_costs_more(limit, zone):
    assert price(Parcel(limit + 1), zone) > price(Parcel(limit), zone)


def test_too_heavy():
    with pytest.raises(ValueError, match="over the limit"):
        price(Parcel(BANDS[-1][0] + 1))


@pytest.mark.parametrize("zone", ["", "moon", "HOME"])
def test_unknown_zone(zone):
    with pytest.raises(ValueError, match="unknown zone"):
        price(Parcel(100), zone)


@pytest.mark.parametrize("sides", [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_sides_are_positive(sides):
    with pytest.raises(ValueError):
        Parcel(100, *sides)


@pytest.mark.parametrize("insured, extra", [(0, 0), (1, 1), (100, 1), (101, 2), (50_000, 500)])
def test_insurance_is_a_percent_rounded_up(insured, extra):
    assert price(Parcel(100), insured=insured) - price(Parcel(100)) == extra


def test_a_light_but_large_parcel_is_billed_by_volume():
    assert Parcel(100, 600, 400, 400).billed_weight == 19_200


def test_price_never_falls_with_weight():
    for zone in ZONE_FACTOR:
        prices = [price(Parcel(weight), zone) for weight in range(1, BANDS[-1][0] + 1)]
        assert all(a <= b for a, b in zip(prices, prices[1:]))


def test_split_wastes_little():
    weights = [(index * 7919) % 9_000 + 1 for index in range(1_500)]
    parcels = split(weights)
    assert sorted(itertools.chain(*parcels)) == sorted(weights)
    assert all(sum(parcel) <= BANDS[-1][0] for parcel in parcels)
    assert len(parcels) <= sum(weights) / BANDS[-1][0] * 11 / 9 + 1
