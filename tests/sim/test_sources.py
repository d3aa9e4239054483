"""Who asks for a generator: found with one question per element, however many ways lead to the utility."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from twin.plant.power import Feed, Node, PowerPath
from twin.sim.sources import Sources


def ladder(n_levels: int) -> PowerPath:
    """Pairs of buses, each fed by both of the pair above it: 2^n ways from the lowest to the utility."""
    nodes = [Node("U", "utility"), Node("G", "generator")]
    above: tuple[int, ...] = (0,)
    for level in range(n_levels):
        first = len(nodes)
        nodes += [Node(f"B{level}{side}", "switchboard", above) for side in "ab"]
        above = (first, first + 1)
    nodes.append(Node("ATS", "ats", (above[0], 1)))
    return PowerPath(nodes, [Feed((len(nodes) - 1,))])


def sources_of(path: PowerPath) -> Sources:
    hall = SimpleNamespace(plant=SimpleNamespace(power=path))
    return Sources(cast(Any, hall), lambda: None, lambda *_: None, lambda: None)


@pytest.mark.parametrize("n_levels", [1, 3, 40])
def test_a_ladder_of_buses_is_asked_once_per_bus(n_levels: int) -> None:
    path = ladder(n_levels)
    sources, ats, known = sources_of(path), path.ids.index("ATS"), dict[int, bool]()
    assert not sources._is_dark_without(ats, known)
    path.is_up[path.ids.index("U")] = False
    known = {}
    assert sources._is_dark_without(ats, known)
    assert len(known) == len(path.nodes) - 2  # all but the switch and the bus beside the one it hangs on, each once
    assert sources._stands_above(0, ats)
    assert not sources._stands_above(ats, 0)


def test_an_open_breaker_on_the_only_way_calls_for_the_generator() -> None:
    path = ladder(1)
    sources, ats = sources_of(path), path.ids.index("ATS")
    path.is_closed[path.ids.index("B0a")] = False
    assert sources._is_dark_without(ats, {})
    path.is_closed[path.ids.index("B0a")] = True
    assert not sources._is_dark_without(ats, {})
