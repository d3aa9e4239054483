"""The usual ways to draw a power path: what each carries when one element of it is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.catalogue.electrical import Battery, LossCurve
from twin.catalogue.library import shipped_catalogue
from twin.plant.power import Feed, Node, PowerPath
from twin.plant.storage import Pack, Storage
from twin.plant.trips import Guard, Trips

LOSS = (0.006, 0.010, 0.012)


def ups(name: str, *parents: int, rated_w: float = 100e3, group: str = "") -> Node:
    return Node(name, "ups", parents, rated_w, rated_w, LOSS, group=group)


def lost(path: PowerPath, name: str) -> PowerPath:
    path.is_up[path.ids.index(name)] = False
    path.settle_topology()
    return path


def load_of(path: PowerPath, name: str, *watts: float) -> float:
    return float(path.flow(np.array(watts)).load_w[path.ids.index(name)])


def test_n_plus_1_parallel_modules_pick_up_what_one_of_them_carried() -> None:
    modules = [ups(f"M{k}", 0, group="P") for k in range(4)]
    path = PowerPath([Node("U", "utility"), *modules, Node("BUS", "switchboard", (1, 2, 3, 4))], [Feed((5,))])
    full = path.flow(np.array([300e3]))
    assert full.load_w[1:5] == pytest.approx([75e3] * 4)
    one_less = lost(path, "M2").flow(np.array([300e3]))
    assert one_less.load_w[1:5] == pytest.approx([100e3, 100e3, 0.0, 100e3])
    # Losses are those of the modules that run, at the load each has then.
    assert one_less.loss_w[1:5].sum() == pytest.approx(3 * 100e3 * (0.006 + 0.010 + 0.012))


def frame(spare: int = 1, rated_w: float = 300e3) -> PowerPath:
    """A UPS frame of 100 kW modules, so many of them more than its rating needs."""
    n = round(rated_w / 100e3) + spare
    node = Node("F", "ups", (0,), rated_w, rated_w, LOSS, n_modules=n, module_w=100e3)
    return PowerPath([Node("U", "utility"), node], [Feed((1,))], trips=Trips([Guard(1, rated_w, "UPS")]))


def test_a_frame_bears_the_loss_of_its_spare_module_and_is_smaller_after_the_next() -> None:
    path = frame()
    assert path.limit_w[1] == 300e3
    path.work_with(1, 3)
    assert path.limit_w[1] == 300e3
    path.work_with(1, 2)
    path.settle_topology()
    assert path.limit_w[1] == 200e3
    watts = np.array([240e3])
    assert path.ratio(path.flow(watts), watts) == pytest.approx([1.2])
    path.work_with(1, 0)
    path.settle_topology()
    assert not path.is_fed[0]
    path.work_with(1, 4)
    path.settle_topology()
    assert path.is_fed[0]
    assert path.limit_w[1] == 300e3
    assert path.ratio(path.flow(watts), watts) == pytest.approx([0.8])


def test_the_modules_that_are_left_lose_what_their_own_load_asks_for() -> None:
    path = frame(spare=0)
    watts = np.array([150e3])
    assert path.flow(watts).loss_w[1] == pytest.approx(300e3 * (0.006 + 0.5 * 0.010 + 0.25 * 0.012))
    path.work_with(1, 2)
    path.settle_topology()
    assert path.flow(watts).loss_w[1] == pytest.approx(200e3 * (0.006 + 0.75 * 0.010 + 0.75**2 * 0.012))


def test_frames_of_a_group_share_by_the_modules_they_have_left() -> None:
    nodes = [Node("U", "utility")]
    for name in ("F1", "F2"):
        nodes.append(Node(name, "ups", (0,), 300e3, 300e3, LOSS, group="P", n_modules=3, module_w=100e3))
    path = PowerPath([*nodes, Node("BUS", "switchboard", (1, 2))], [Feed((3,))])
    path.work_with(1, 1)
    path.settle_topology()
    assert path.flow(np.array([200e3])).load_w[1:3] == pytest.approx([50e3, 150e3])


def test_unequal_modules_of_a_group_share_by_rating() -> None:
    nodes = [Node("U", "utility"), ups("M1", 0, group="P"), ups("M2", 0, rated_w=300e3, group="P")]
    path = PowerPath([*nodes, Node("BUS", "switchboard", (1, 2))], [Feed((3,))])
    assert load_of(path, "M1", 200e3) == pytest.approx(50e3)


def test_2n_doubles_the_load_of_the_side_that_is_left() -> None:
    path = PowerPath([Node("U", "utility"), ups("A", 0), ups("B", 0)], [Feed((1, 2))])
    assert load_of(path, "B", 90e3) == pytest.approx(45e3)
    assert load_of(lost(path, "A"), "B", 90e3) == pytest.approx(90e3)


@pytest.mark.parametrize("n", [3, 4])
def test_a_lost_system_of_three_or_four_spreads_over_its_partners_as_the_cords_say(n: int) -> None:
    """3N/2 and 4N/3: every pair of systems shares an equal part of the load."""
    pairs = [(i + 1, j + 1) for i in range(n) for j in range(i + 1, n)]
    path = PowerPath([Node("U", "utility"), *(ups(f"S{k}", 0) for k in range(n))], [Feed(pair) for pair in pairs])
    each_w = (n - 1) * 100e3 / len(pairs)  # the ceiling of these topologies: n - 1 systems carry everything
    watts = np.full(len(pairs), each_w)
    assert path.flow(watts).load_w[1:] == pytest.approx([(n - 1) / n * 100e3] * n)
    after = lost(path, "S0").flow(watts).load_w[2:]
    assert after == pytest.approx([100e3] * (n - 1))


def test_cords_that_pair_two_systems_only_overload_the_partner() -> None:
    path = PowerPath(
        [Node("U", "utility"), *(ups(f"S{k}", 0) for k in range(3))], [Feed((1, 2)), Feed((1, 2)), Feed((3,))]
    )
    after = lost(path, "S0").flow(np.full(3, 66e3)).load_w
    assert after[1:] == pytest.approx([0.0, 132e3, 66e3])


def test_a_catcher_takes_the_block_that_lost_its_ups_and_a_second_failure_overloads_it() -> None:
    nodes = [Node("U", "utility"), ups("B1", 0), ups("B2", 0), ups("RES", 0)]
    nodes += [Node(f"STS{k}", "sts", (k, 3), transfer_s=0.004) for k in (1, 2)]
    path = PowerPath(nodes, [Feed((4,)), Feed((5,))])
    assert load_of(path, "RES", 80e3, 80e3) == 0.0
    assert load_of(lost(path, "B1"), "RES", 80e3, 80e3) == pytest.approx(80e3)
    assert load_of(lost(path, "B2"), "RES", 80e3, 80e3) == pytest.approx(160e3)


def test_a_reserve_cord_draws_nothing_until_the_active_one_is_dead() -> None:
    path = PowerPath([Node("U", "utility"), ups("A", 0), ups("B", 0)], [Feed((1, 2), is_shared=False)])
    assert load_of(path, "B", 50e3) == 0.0
    assert load_of(lost(path, "A"), "B", 50e3) == pytest.approx(50e3)


def test_a_loss_free_chain_gives_every_watt() -> None:
    path = PowerPath([Node("U", "utility"), Node("T", "transformer", (0,)), Node("P", "pdu", (1,))], [Feed((2,))])
    assert path.flow(np.array([70e3])).grid_w == 70e3


def test_racks_on_one_phase_load_it_alone_and_the_worst_phase_trips_the_breaker() -> None:
    trips = Trips([Guard(1, 90e3, "EI")])
    path = PowerPath(
        [Node("U", "utility"), Node("P", "pdu", (0,))],
        [Feed((1,), phase=0), Feed((1,), phase=1), Feed((1,))],
        trips=trips,
    )
    watts = np.array([30e3, 10e3, 30e3])
    assert path.phase_w(watts)[:, 1] == pytest.approx([40e3, 20e3, 10e3])
    assert path.ratio(path.flow(watts), watts) == pytest.approx([3 * 40e3 / 90e3])


@pytest.mark.parametrize(("out_w", "efficiency"), [(1000, 0.9440), (5000, 0.9567), (7500, 0.9578), (13670, 0.9588)])
def test_an_affine_rectifier_has_the_published_efficiencies(out_w: float, efficiency: float) -> None:
    """P_in = (P_out + 17 W) / 0.96. Source: ExaDigiT RAPS, Frontier."""
    curve = LossCurve(offset_w=17.0, slope_efficiency=0.96)
    path = PowerPath([Node("U", "utility"), Node("R", "rectifier", (0,), loss=curve.terms(1.0))], [Feed((1,))])
    assert out_w / path.flow(np.array([float(out_w)])).grid_w == pytest.approx(efficiency, abs=5e-5)


def test_the_users_points_are_gone_through() -> None:
    points = {0.25: 0.964, 0.5: 0.973, 0.75: 0.974, 1.0: 0.973}
    node = Node("X", "ups", (0,), 100e3, 100e3, LossCurve(efficiency=points).terms(100e3))
    path = PowerPath([Node("U", "utility"), node], [Feed((1,))])
    for x, efficiency in points.items():
        assert x * 100e3 / path.flow(np.array([x * 100e3])).grid_w == pytest.approx(efficiency, abs=5e-4)


BATTERY = shipped_catalogue().find("battery_vrla_upw1245", Battery, "here")


@st.composite
def any_path(draw: st.DrawFn) -> PowerPath:
    """A random path under two sources: switches, UPS with batteries, boards; any cords."""
    n = draw(st.integers(3, 14))
    nodes = [Node("U", "utility", limit_w=1e6), Node("G", "generator", limit_w=1e6)]
    packs = []
    for i in range(2, n):
        role = draw(st.sampled_from(["ats", "sts", "ups", "switchboard", "pdu"]))
        ups_in = sorted(draw(st.sets(st.integers(0, i - 1), min_size=1, max_size=3)))
        nodes.append(Node(f"N{i}", role, tuple(ups_in), 100e3, 100e3, LOSS))
        if role == "ups":
            packs.append(Pack(i, BATTERY, 200, 1.0, 25.0, 100e3))
    n_loads = draw(st.integers(1, 6))
    cords = st.lists(st.integers(2, n - 1), min_size=1, max_size=2, unique=True)
    feeds = [Feed(tuple(draw(cords)), draw(st.booleans())) for _ in range(n_loads)]
    return PowerPath(nodes, feeds, Storage(packs), Trips([Guard(i, 100e3, "EI") for i in range(2, n)]))


@settings(max_examples=120)
@given(any_path(), st.data())
def test_whatever_fails_nothing_is_negative_and_every_joule_is_found(path: PowerPath, data: st.DataObject) -> None:
    start_j = path.storage.charge_frac * path.storage.full_j
    given_j = used_j = lost_j = 0.0
    for _ in range(data.draw(st.integers(1, 6))):
        for column in (path.is_up, path.is_closed, path.is_ready):
            column[data.draw(st.integers(0, len(path.ids) - 1))] = data.draw(st.booleans())
        path.settle_topology()
        watts = np.array([data.draw(st.floats(0, 10e3)) for _ in path.feeds]) * path.is_fed
        dt_s = data.draw(st.floats(0.01, 20.0))
        flow = path.flow(watts, dt_s)
        assert (flow.load_w >= 0.0).all()
        assert (flow.loss_w >= 0.0).all()
        stored_j, battery_loss_j = path.advance(flow, watts, dt_s)
        assert (battery_loss_j >= -1e-6).all()
        out_j = (watts.sum() + flow.loss_w.sum()) * dt_s + battery_loss_j.sum() + stored_j
        assert flow.grid_w * dt_s == pytest.approx(out_j, rel=1e-9, abs=1e-6)
        given_j, used_j = given_j + flow.grid_w * dt_s, used_j + watts.sum() * dt_s
        lost_j += flow.loss_w.sum() * dt_s + battery_loss_j.sum()
    kept_j = float((path.storage.charge_frac * path.storage.full_j - start_j).sum())
    assert given_j == pytest.approx(used_j + lost_j + kept_j, rel=1e-9, abs=1e-3)
