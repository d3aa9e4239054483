"""Years lived by chance agree with closed forms and with the sets of failures, within what they say of themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.library import shipped_catalogue
from twin.catalogue.rates import rate_book
from twin.cli import main
from twin.errors import DocumentError
from twin.layout.expand import expand
from twin.layout.model import Layout
from twin.physics.reliability import k_of_n, sum_interval
from twin.study.availability import availability, layout_availability
from twin.study.cuts import CutSets, unavailability
from twin.study.histories import live
from twin.study.supply import CommonCause, Element, Supply, supply_of

YEAR_H = 8760.0
UP = 1000.0 / 1010.0  # availability of the elements of these tests


def element(name: str, parents: Sequence[int] = (), role: str = "pdu", **parts: float) -> Element:
    """An element that fails once in 1,000 h and is mended in 10 h unless told otherwise."""
    given = {"fails_1_h": 1e-3, "repair_h": 10.0, **parts}
    needs = int(given.pop("needs", 1))
    return Element(name, role, tuple(parents), needs, given.pop("fails_1_h"), given.pop("repair_h"), **given)


def supply(
    elements: Sequence[Element],
    cords: Sequence[int],
    causes: Sequence[CommonCause] = (),
    watched: dict[int, tuple[int, ...]] | None = None,
) -> Supply:
    """A supply of elements listed sources first, and one rack R on these cords."""
    causes_of = tuple(tuple(k for k, c in enumerate(causes) if i in c.members) for i in range(len(elements)))
    order = range(len(elements))
    return Supply(elements, order, causes, watched or {}, {"R": frozenset({tuple(cords)})}, causes_of)


def exact_dark_frac(one: Supply) -> float:
    """Share of time the rack is dark, by going through all states of all elements; no batteries, no standby."""
    dark_frac = 0.0
    for state in product((True, False), repeat=len(one.elements)):
        chance, lives = 1.0, []
        for i, is_up in enumerate(state):
            e = one.elements[i]
            down_frac = e.fails_1_h / (e.fails_1_h + 1.0 / e.repair_h)
            chance *= 1.0 - down_frac if is_up else down_frac
            lives.append(is_up and (not e.parents or sum(lives[p] for p in e.parents) >= e.needs))
        if not all(any(lives[i] for i in cord) for cord in one.racks["R"]):
            dark_frac += chance
    return dark_frac


def with_element(one: Supply, new: Element, cords: Sequence[int]) -> Supply:
    """The same supply with one element more, and other cords."""
    return replace(
        one,
        elements=[*one.elements, new],
        order=range(len(one.elements) + 1),
        causes_of=(*one.causes_of, ()),
        racks={"R": frozenset({tuple(cords)})},
    )


def lived(one: Supply, years: float = 4000.0, seed: int = 3) -> tuple[float, float, float]:
    """Dark share of time and its 99 % interval."""
    hours = next(iter(live(one, years, seed).values())).lengths_h()
    low_h, high_h = sum_interval(hours, 0.99, 10.0)
    total_h = years * YEAR_H
    return float(hours.sum()) / total_h, low_h / total_h, high_h / total_h


def analytic(one: Supply) -> float:
    return unavailability(CutSets(one).shares(one.racks["R"]))


def agree(one: Supply, dark_frac: float) -> None:
    _, low, high = lived(one)
    assert low <= dark_frac <= high


def test_a_chain_is_dark_as_its_closed_form_says() -> None:
    chain = supply([element("U", role="utility"), element("A", [0]), element("B", [1])], [2])
    dark_frac = 1.0 - UP**3
    agree(chain, dark_frac)
    assert analytic(chain) == pytest.approx(dark_frac, rel=1e-12)


def test_two_cords_are_dark_together_for_the_product() -> None:
    pair = supply([element("U", role="utility"), element("V", role="utility")], [0, 1])
    dark_frac = (1.0 - UP) ** 2
    agree(pair, dark_frac)
    assert analytic(pair) == pytest.approx(dark_frac, rel=1e-12)


def test_a_board_that_needs_two_of_three_follows_the_cubic() -> None:
    three = [element(name, role="utility") for name in "UVW"]
    board = supply([*three, element("B", [0, 1, 2], fails_1_h=0.0, needs=2)], [3])
    dark_frac = 1.0 - k_of_n(np.full(3, UP), 2)
    agree(board, dark_frac)
    # Pairs of failures are not quite independent of each other: off by one part in a hundred of the small thing.
    assert analytic(board) == pytest.approx(dark_frac, rel=0.02)


def test_a_rack_is_dark_while_any_of_its_servers_is() -> None:
    one = supply([element("U", role="utility"), element("V", role="utility")], [0])
    both = replace(one, racks={"R": frozenset({(0,), (1,)})})
    agree(both, 1.0 - UP**2)
    assert unavailability(CutSets(both).shares(both.racks["R"])) == pytest.approx(1.0 - UP**2, rel=1e-12)


def test_a_battery_takes_away_the_short_outages() -> None:
    # Mean outage of the utility 10 h, battery of 5 h: e^-0.5 of the dark time is left.
    ups = element("UPS", [0], "ups", fails_1_h=0.0, ride_h=5.0)
    behind = supply([element("U", role="utility"), ups], [1])
    dark_frac = (1.0 - UP) * np.exp(-0.5)
    agree(behind, dark_frac)
    assert analytic(behind) == pytest.approx(dark_frac, rel=1e-12)


def test_a_flat_battery_bridges_nothing() -> None:
    ups = element("UPS", [0], "ups", fails_1_h=0.0, ride_h=5.0, flat_battery=0.4)
    behind = supply([element("U", role="utility"), ups], [1])
    dark_frac = (1.0 - UP) * (0.6 * np.exp(-0.5) + 0.4)
    agree(behind, dark_frac)
    assert analytic(behind) == pytest.approx(dark_frac, rel=1e-12)


def test_of_two_batteries_behind_one_board_the_longer_counts() -> None:
    u, board = element("U", role="utility"), element("B", [0], fails_1_h=0.0)
    short = element("UPS-1", [1], "ups", fails_1_h=0.0, ride_h=2.0)
    longer = element("UPS-2", [1], "ups", fails_1_h=0.0, ride_h=8.0)
    pair = supply([u, board, short, longer], [2, 3])
    dark_frac = (1.0 - UP) * np.exp(-0.8)
    agree(pair, dark_frac)
    assert analytic(pair) == pytest.approx(dark_frac, rel=1e-12)


def test_common_cause_strikes_both_paths_at_once() -> None:
    pair = [element("U", role="utility", fails_1_h=0.9e-3), element("V", role="utility", fails_1_h=0.9e-3)]
    both = supply(pair, [0, 1], [CommonCause("both", (0, 1), 1e-4, 10.0)])
    alone, shared = 0.9e-3 / (0.9e-3 + 0.1), 1e-4 / (1e-4 + 0.1)
    agree(both, 1.0 - (1.0 - shared) * (1.0 - alone**2))
    assert analytic(both) == pytest.approx(1.0 - (1.0 - shared) * (1.0 - alone**2), rel=1e-12)


STANDBY = {"start_failure": 0.2, "run_fails_1_h": 0.02, "ready_h": 0.3}


def test_a_standby_generator_leaves_what_its_closed_form_says() -> None:
    parts = [
        element("U", role="utility"),
        element("G", role="generator", fails_1_h=1e-4, repair_h=30.0, **STANDBY),
        element("ATS", [0, 1], "ats", fails_1_h=0.0),
    ]
    one = supply(parts, [2], watched={1: (2,)})
    _, low, high = lived(one)
    assert low <= analytic(one) <= high
    ups = element("UPS", [2], "ups", fails_1_h=0.0, ride_h=0.5)
    behind = with_element(one, ups, [3])
    _, low, high = lived(behind)
    assert low <= analytic(behind) <= high
    assert analytic(behind) < analytic(one)


def test_two_standby_generators_answer_the_same_outage() -> None:
    parts = [
        element("U", role="utility"),
        *(element(name, role="generator", fails_1_h=1e-4, repair_h=30.0, **STANDBY) for name in "GH"),
        element("ATS-A", [0, 1], "ats", fails_1_h=1e-5),
        element("ATS-B", [0, 2], "ats", fails_1_h=1e-5),
    ]
    one = supply(parts, [3, 4], watched={1: (3,), 2: (4,)})
    _, low, high = lived(one, years=20_000.0)
    assert low <= analytic(one) <= high


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_sets_of_failures_agree_with_going_through_all_states(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 9))
    elements = []
    for i in range(n):
        parents = sorted(data.draw(st.sets(st.integers(0, i - 1), min_size=1, max_size=3))) if i > 1 else []
        needs = data.draw(st.integers(1, len(parents))) if parents else 1
        fails = data.draw(st.sampled_from([1e-4, 3e-4, 1e-3]))
        elements.append(element(f"N{i}", parents, "pdu" if i > 1 else "utility", fails_1_h=fails, needs=needs))
    one = supply(elements, sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=2))))
    exact = exact_dark_frac(one)
    # Sets that share elements go together, so taking them as independent can only say too much.
    assert exact <= analytic(one) * (1.0 + 1e-9)
    assert analytic(one) == pytest.approx(exact, rel=0.05)


def test_years_lived_agree_with_going_through_all_states_of_a_mesh() -> None:
    mesh = supply(
        [
            element("U", role="utility"),
            element("V", role="utility", fails_1_h=4e-3),
            element("B1", [0, 1]),
            element("B2", [1]),
            element("P1", [2], fails_1_h=2e-3),
            element("P2", [2, 3], needs=2),
        ],
        [4, 5],
    )
    agree(mesh, exact_dark_frac(mesh))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**16), st.integers(0, 3))
def test_another_path_never_makes_a_rack_darker(seed: int, at: int) -> None:
    chain = supply([element("U", role="utility"), element("A", [0]), element("B", [1]), element("C", [2])], [3])
    doubled = with_element(chain, element("D", [at]), [3, 4])
    assert lived(doubled, 200.0, seed)[0] <= lived(chain, 200.0, seed)[0]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**16))
def test_what_feeds_nothing_changes_nothing(seed: int) -> None:
    chain = supply([element("U", role="utility"), element("A", [0])], [1])
    beside = with_element(chain, element("D", [0], fails_1_h=0.1), [1])
    assert lived(beside, 200.0, seed) == lived(chain, 200.0, seed)
    assert analytic(beside) == analytic(chain)


def test_the_interval_of_the_shipped_rooms_holds_the_analytic_value(layouts_dir: Path) -> None:
    for name in ("small_room", "small_room_n", "vision_room"):
        found = layout_availability(layouts_dir / f"{name}.layout.json", years=30_000.0, seed=2)
        for group in found.groups:
            assert group.analytic_h_per_year is not None
            assert group.low_h_per_year <= group.analytic_h_per_year <= group.high_h_per_year


def test_one_path_is_darker_than_two(layouts_dir: Path) -> None:
    one, two = (
        layout_availability(layouts_dir / f"{name}.layout.json", years=3000.0)
        for name in ("small_room_n", "small_room")
    )
    assert (one.of("A1").analytic_h_per_year or 0.0) > 3.0 * (two.of("A1").analytic_h_per_year or 1.0)
    assert one.of("A1").sets_h_per_year[0][0] == "PDU-1"


def test_a_hall_on_two_paths_is_dark_for_seconds_a_year_by_what_strikes_both(layouts_dir: Path) -> None:
    found = layout_availability(layouts_dir / "gpu_hall.layout.json", years=1000.0)
    assert len(found.groups) == 8
    for group in found.groups:
        assert group.analytic_h_per_year is not None
        assert 0.1 < group.analytic_h_per_year * 3600.0 < 10.0
        assert "all 2 of role utility" in group.sets_h_per_year[0][0]


def drawn(layouts_dir: Path, **power: object) -> Layout:
    """The room on one path with its first elements changed."""
    tree = json.loads((layouts_dir / "small_room_n.layout.json").read_text())
    for node in tree["power"]:
        node.update(power.get(node["id"].replace("-", "_"), {}))  # type: ignore[arg-type]
    return Layout.model_validate(tree)


def test_feeds_in_a_circle_are_refused_by_name(layouts_dir: Path) -> None:
    floor = expand(drawn(layouts_dir, TX_1={"inputs": ["MSB"]}), shipped_catalogue())
    with pytest.raises(DocumentError, match="round in a circle"):
        supply_of(floor, rate_book(), {})


def test_a_generator_without_a_utility_beside_it_runs_all_the_time(layouts_dir: Path) -> None:
    floor = expand(drawn(layouts_dir, ATS_1={"inputs": ["GEN-1"]}), shipped_catalogue())
    found = supply_of(floor, rate_book(), {})
    generator = found.elements[found.ids.index("GEN-1")]
    assert found.watched == {}
    assert generator.start_failure == 0.0
    assert generator.fails_1_h > 0.00091


def test_rates_of_an_element_that_is_not_drawn_are_refused(layouts_dir: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("format: twin-reliability\nversion: 1\nelements: {UPS-9: {repair_h: 1}}\n")
    with pytest.raises(DocumentError, match="no element 'UPS-9'"):
        layout_availability(layouts_dir / "small_room.layout.json", years=10.0, rates=own)


def test_better_rates_of_one_element_are_used(layouts_dir: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("format: twin-reliability\nversion: 1\nelements: {PDU-1: {failures_per_year: 0}}\n")
    path = layouts_dir / "small_room_n.layout.json"
    base, better = layout_availability(path, years=10.0), layout_availability(path, years=10.0, rates=own)
    pdu_h = dict(base.of("A1").sets_h_per_year)["PDU-1"]
    assert pdu_h == pytest.approx(0.0088 * 66.0, rel=1e-3)
    gained_h = (base.of("A1").analytic_h_per_year or 0.0) - (better.of("A1").analytic_h_per_year or 0.0)
    assert gained_h == pytest.approx(pdu_h, rel=1e-3)


def test_the_same_seed_gives_the_same_years(layouts_dir: Path) -> None:
    floor = expand(drawn(layouts_dir), shipped_catalogue())
    one = supply_of(floor, rate_book(), {"UPS-1": 600.0})
    assert availability(floor, one, 500.0, 7) == availability(floor, one, 500.0, 7)
    assert availability(floor, one, 500.0, 7) != availability(floor, one, 500.0, 8)


def test_the_verb_prints_json_and_refuses_no_years(layouts_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(layouts_dir / "small_room.layout.json")
    assert main(["availability", path, "--years", "50", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["groups"][0]["racks"][0] == "A1"
    assert main(["availability", path, "--years", "50"]) == 0
    assert "TX-1 + GEN-1 fails on demand" in capsys.readouterr().out
    assert main(["availability", path, "--years", "0"]) == 1
    assert "0 years cannot be lived; give a number from 1" in capsys.readouterr().err
