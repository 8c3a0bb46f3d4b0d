import random

import pytest

from parcel.routes import NoRoute, all_pairs, cheapest

NETWORK = {
    "Kiel": {"Hamburg": 97},
    "Hamburg": {"Kiel": 97, "Bremen": 126, "Berlin": 289},
    "Bremen": {"Hamburg": 126, "Köln": 315},
    "Berlin": {"Hamburg": 289, "Leipzig": 190},
    "Leipzig": {"Berlin": 190, "Köln": 498},
    "Köln": {"Bremen": 315, "Leipzig": 498},
    "Sylt": {},
}


@pytest.mark.parametrize("start", [name for name in NETWORK if name != "Sylt"])
@pytest.mark.parametrize("goal", [name for name in NETWORK if name != "Sylt"])
def test_both_algorithms_agree(start, goal):
    assert cheapest(NETWORK, start, goal)[0] == all_pairs(NETWORK)[start, goal]


@pytest.mark.parametrize("goal", ["Kiel", "Köln"])
def test_an_island_has_no_route(goal):
    with pytest.raises(NoRoute, match="Sylt"):
        cheapest(NETWORK, "Sylt", goal)


def test_the_path_is_told():
    assert cheapest(NETWORK, "Kiel", "Köln") == (538, ["Kiel", "Hamburg", "Bremen", "Köln"])


def test_negative_costs_are_refused():
    with pytest.raises(ValueError, match="negative"):
        cheapest({"a": {"b": -1}}, "a", "b")


def random_network(size, seed):
    chosen = random.Random(seed)
    return {a: {chosen.randrange(size): chosen.randrange(1, 100) for _ in range(5)} for a in range(size)}


@pytest.mark.parametrize("seed", range(3))
def test_large_networks_agree(seed):
    network = random_network(150, seed)
    costs = all_pairs(network)
    for start in range(0, 150, 15):
        for goal in range(150):
            try:
                assert cheapest(network, start, goal)[0] == costs[start, goal]
            except NoRoute:
                assert costs[start, goal] == float("inf")


def test_triangle_inequality_holds_everywhere():
    costs = all_pairs(random_network(190, 9))
    for (a, b), cost in costs.items():
        assert all(cost <= costs[a, via] + costs[via, b] for via in range(0, 190, 5))
