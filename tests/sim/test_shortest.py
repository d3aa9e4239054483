"""The least loaded replica found by its heap is the one a look at all of them would find."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from twin.sim import shortest as module
from twin.sim.shortest import Shortest


@given(
    st.integers(1, 9), st.sampled_from([0, 64]), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), max_size=400)
)
def test_the_first_of_the_shortest_whatever_came_and_went(n: int, few: int, moves: list[tuple[int, int]]) -> None:
    """Each move adds a request to a slot, or takes some from it, before it is asked again."""
    with patch.object(module, "FEW", few):
        move_about(n, moves)


def move_about(n: int, moves: list[tuple[int, int]]) -> None:
    counts, fell = [0] * n, set[int]()
    shortest = Shortest(counts, fell)
    for slot, taken in moves:
        i = slot % n
        if taken and counts[i]:
            counts[i] -= min(taken, counts[i])
            fell.add(i)
        else:
            counts[shortest.first() if slot > 4 else i] += 1
        if slot != 8:
            assert shortest.first() == counts.index(min(counts))
    assert shortest.first() == counts.index(min(counts))


def test_entries_left_over_are_cleared_away() -> None:
    counts, fell = [0] * 70, set[int]()
    shortest = Shortest(counts, fell)
    for _ in range(1000):
        chosen = shortest.first()
        counts[chosen] += 1
        shortest.first()
        counts[chosen] -= 1
        fell.add(chosen)
    assert shortest.n_entries <= 5 * 70


Steps = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["add", "take", "close", "open"])), max_size=300)


@given(st.integers(2, 6), Steps)
def test_only_slots_kept_to_are_told(n: int, steps: list[tuple[int, str]]) -> None:
    counts, fell, is_in = [0] * n, set[int](), [True] * n
    shortest = Shortest(counts, fell)
    for slot, step in steps:
        i = slot % n
        if step == "add":
            counts[i] += 1
        elif step == "take" and counts[i]:
            counts[i] -= 1
            fell.add(i)
        elif step in ("close", "open"):
            is_in[i] = step == "open"
            shortest.keep_to(is_in)
        if any(is_in):
            inside = [k for k in range(n) if is_in[k]]
            assert shortest.first() == min(inside, key=counts.__getitem__)
