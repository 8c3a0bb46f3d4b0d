"""What a parcel costs, in cents."""

from dataclasses import dataclass

#: Upper weight in grams of each band, and its price within the country.
BANDS = ((500, 390), (1_000, 490), (2_000, 590), (5_000, 790), (10_000, 1090), (31_500, 1990))
ZONE_FACTOR = {"home": 100, "near": 175, "far": 340}


@dataclass(frozen=True)
class Parcel:
    """Weight in grams, sides in millimetres."""

    weight: int
    length: int = 100
    width: int = 100
    height: int = 100

    def __post_init__(self):
        if min(self.weight, self.length, self.width, self.height) <= 0:
            raise ValueError("a parcel has a positive weight and positive sides")

    @property
    def volumetric_weight(self):
        """Grams that the volume counts as: 5,000 cubic centimetres are a kilogram."""
        return -(-self.length * self.width * self.height // 5_000)

    @property
    def billed_weight(self):
        return max(self.weight, self.volumetric_weight)


def price(parcel, zone="home", insured=0):
    """Cents for one parcel; raises `ValueError` if it is too heavy or the zone is unknown."""
    if zone not in ZONE_FACTOR:
        raise ValueError(f"unknown zone {zone!r}")
    if insured < 0:
        raise ValueError("the insured value cannot be negative")
    for limit, cents in BANDS:
        if parcel.billed_weight <= limit:
            return -(-cents * ZONE_FACTOR[zone] // 100) + -(-insured // 100)
    raise ValueError(f"{parcel.billed_weight} g is over the limit of {BANDS[-1][0]} g")


def split(weights, limit=BANDS[-1][0]):
    """Packs weights into as few parcels as first-fit-decreasing finds; each holds at most `limit` grams."""
    parcels = []
    for weight in sorted(weights, reverse=True):
        if not 0 < weight <= limit:
            raise ValueError(f"{weight} g fits into no parcel")
        for parcel in parcels:
            if sum(parcel) + weight <= limit:
                parcel.append(weight)
                break
        else:
            parcels.append([weight])
    return parcels
