"""The cheapest way through a network of depots."""

import heapq


class NoRoute(Exception):
    """There is no way between the two depots."""


def cheapest(network, start, goal):
    """Dijkstra's algorithm: total cost and the depots on the way; costs must not be negative."""
    queue, seen = [(0, start, (start,))], set()
    while queue:
        cost, depot, path = heapq.heappop(queue)
        if depot == goal:
            return cost, list(path)
        if depot in seen:
            continue
        seen.add(depot)
        for neighbour, step in network.get(depot, {}).items():
            if step < 0:
                raise ValueError(f"the way from {depot} to {neighbour} has a negative cost")
            if neighbour not in seen:
                heapq.heappush(queue, (cost + step, neighbour, path + (neighbour,)))
    raise NoRoute(f"no way from {start} to {goal}")


def all_pairs(network):
    """Floyd and Warshall's algorithm: the cost between every two depots, infinity where there is no way."""
    depots = sorted(set(network) | {to for ways in network.values() for to in ways})
    cost = {(a, b): 0 if a == b else network.get(a, {}).get(b, float("inf")) for a in depots for b in depots}
    for via in depots:
        for a in depots:
            for b in depots:
                if cost[a, via] + cost[via, b] < cost[a, b]:
                    cost[a, b] = cost[a, via] + cost[via, b]
    return cost
