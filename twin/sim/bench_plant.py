"""How fast the building alone is stepped: halls of thousands of servers, loads held or changing every second."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from pathlib import Path
from time import process_time

import numpy as np
from simpy.events import Event

from twin.files import Tree, asset_dir
from twin.scenario.overrides import Documents
from twin.sim.bench_serving import peak_rss_mb
from twin.sim.hall import Hall
from twin.sim.run import Run, as_asked, load_documents, start_run

N_CHASSIS, N_PER_CHASSIS = 8, 16
"""Chassis of a rack and servers of a chassis, as in the racks of Frontier (ExaDigiT RAPS config/frontier.yaml)."""
RACKS_PER_BLOCK = 3
"""Racks behind one transformer and one switchboard."""
CHANGED_FRAC = 0.01
"""Share of the servers that get another load in every second of the cases named `changing`."""
SERVER_W = 4400.0
COOLER_W = 350e3


def frontier_cases(hours: float = 24.0) -> list[dict[str, object]]:
    """The shipped machine of 9,472 nodes under a benchmark's load, every second of every rack recorded."""
    path = asset_dir().parent / "layouts" / "scenarios" / "frontier_hpl.yaml"
    return [_case(as_asked(load_documents(path), hours, None), path, "frontier_hpl", is_changing=False)]


def hall_cases(n_racks: int = 74, hours: float = 24.0, changing_hours: float | None = None) -> list[dict[str, object]]:
    """A hall of racks of 128 servers at a pulse of 1 s, every second of every rack recorded: held, then changing."""
    path, n_servers = Path("bench.yaml"), n_racks * N_CHASSIS * N_PER_CHASSIS
    held, changing = hall_documents(n_racks, hours), hall_documents(n_racks, changing_hours or hours)
    return [
        _case(held, path, f"{n_servers}_servers_held", is_changing=False),
        _case(changing, path, f"{n_servers}_servers_changing", is_changing=True),
    ]


def _case(documents: Documents, path: Path, name: str, *, is_changing: bool) -> dict[str, object]:
    """One run to its end. The rate counts what is simulated and written; what comes before and after stands apart."""
    with tempfile.TemporaryDirectory() as folder:
        begun_s = process_time()
        run = start_run(documents, path, Path(folder) / "result")
        start_up_s = process_time() - begun_s
        if is_changing:
            run.hall.env.process(_change(run.hall))
        tenths = _timed_tenths(run)
        begun_s = process_time()
        result = run.finish(path)
        finish_s = process_time() - begun_s
    cpu_s = sum(tenths)
    n_servers = len(run.hall.plant.compute.constants)
    residual = run.hall.plant.energy_residual_frac()
    assert result.summary["simulated_s"] == run.now_s
    return {
        "name": name,
        "n_racks": len(run.hall.plant.racks.ids),
        "n_servers": n_servers,
        "n_power_elements": len(run.hall.plant.power.nodes),
        "changed_per_s": round(CHANGED_FRAC * n_servers) if is_changing else 0,
        "simulated_s": run.now_s,
        "start_up_cpu_s": start_up_s,
        "cpu_s": cpu_s,
        "finish_cpu_s": finish_s,
        "simulated_s_per_cpu_s": run.now_s / cpu_s,
        "simulated_s_per_cpu_s_all_in": run.now_s / (start_up_s + cpu_s + finish_s),
        "last_over_first_tenth": tenths[-1] / tenths[0],
        "energy_residual_frac": residual,
        "peak_rss_mb": peak_rss_mb(),
    }


def _timed_tenths(run: Run) -> list[float]:
    """Live a run to its end; CPU seconds of each tenth of it."""
    spent_s = []
    for tenth in range(1, 11):
        begun_s = process_time()
        until_s = tenth * run.duration_s / 10.0
        while not run.is_done and run.now_s < until_s:
            run.stride(until_s)
        spent_s.append(process_time() - begun_s)
    return spent_s


def _change(hall: Hall) -> Generator[Event, None, None]:
    """Every second, some servers drawn by lot go to another share of their work."""
    compute = hall.plant.compute
    rng = np.random.default_rng(hall.scenario.seed)
    n = len(compute.constants)
    constants = compute.constants[0]
    assert constants.chip is not None
    range_w = constants.n_chips * ((constants.chip.tdp_w or 0.0) - constants.idle_chip_w)
    frac = np.full(n, 0.5)  # as the scenario holds them
    while True:
        yield hall.env.timeout(1.0)
        is_drawn = np.zeros(n, dtype=bool)
        is_drawn[rng.integers(0, n, round(CHANGED_FRAC * n))] = True
        i = np.flatnonzero(is_drawn)
        step = rng.random(len(i)) - frac[i]
        compute.add_loads(i, hall.env.now, np.array([range_w * step, constants.n_chips * step, step]))
        frac[i] += step


def hall_documents(n_racks: int, hours: float) -> Documents:
    """A hall with a whole power path: utility, transformers, switchboards, a busway per rack, rectifiers per chassis.

    Air-cooled servers stand for liquid-cooled ones; pumps, chillers and towers are drawn to size.
    """
    scenario: Tree = {
        "format": "twin-scenario",
        "version": 1,
        "name": f"{n_racks} racks",
        "layout": "bench.layout.json",
        "hours": hours,
        "pulse_s": 1.0,
        "air": "mixed",  # racks stand in a drawing made up for its power path
        "workloads": [],
        "loads": [{"id": "half", "accelerator_frac": 0.5, "host_frac": 0.5}],
    }
    heat_w = n_racks * N_CHASSIS * N_PER_CHASSIS * SERVER_W
    side_m = 1.2 * max(10.0, n_racks**0.5 * 2.0)
    layout: Tree = {
        "format": "twin-layout",
        "version": 1,
        "name": f"{n_racks} racks",
        "room": {"outline_m": [[0, 0], [side_m, 0], [side_m, side_m], [0, side_m]], "height_m": 4.2},
        "racks": [_rack(k) for k in range(n_racks)],
        "coolers": [
            {"id": f"FW-{k}", "type": "fan_wall_350kw", "x_m": -1.2, "y_m": 0.0, "loop": "CHW", "supply_c": 24,
             "feeds": {"A": "MCC"}}
            for k in range(int(heat_w / COOLER_W) + 1)
        ],
        "loops": [
            {"id": "CHW", "role": "chilled_water", "supply_c": 16},
            {"id": "CW", "role": "condenser_water", "supply_c": 28},
        ],
        "plant": _plant(heat_w),
        "power": _power(n_racks),
    }  # fmt: skip
    return Documents(scenario, layout)


def _rack(k: int) -> Tree:
    contents: list[Tree] = [
        {"type": "l40s_server", "u": 1, "count": N_PER_CHASSIS, "feeds": {"A": f"R{k:04d}-C{c}"}}
        for c in range(N_CHASSIS)
    ]
    contents.append({"type": "arista_7060dx5_64s", "u": 41})
    return {
        "id": f"R{k:04d}", "type": "rack_48u_800", "x_m": 1.2 * (k % 50), "y_m": 2.4 * (k // 50), "contents": contents,
        "feeds": {"A": f"R{k:04d}-C0"},
    }  # fmt: skip


def _plant(heat_w: float) -> list[Tree]:
    feeds = {"A": "MCC"}
    n_chillers = int(heat_w / 5e6) + 1
    items: list[Tree] = [
        {"id": f"PUMP-{k}", "type": "pump_chw_50kg_s", "count": n_chillers, "loop": "CHW", "feeds": feeds}
        for k in range(25)
    ]
    items.append({"id": "CH", "type": "york_yk_5465kw", "count": n_chillers, "loop": "CHW", "rejects_to": "CW",
                  "feeds": feeds})  # fmt: skip
    items.append({"id": "CWP", "type": "pump_chw_50kg_s", "count": 6 * n_chillers, "loop": "CW", "feeds": feeds})
    items.append({"id": "CT", "type": "tower_2500kw", "count": 3 * n_chillers, "loop": "CW", "feeds": feeds})
    return items


def _power(n_racks: int) -> list[Tree]:
    most_w = 1.3 * n_racks * N_CHASSIS * N_PER_CHASSIS * SERVER_W
    n_blocks = -(-n_racks // RACKS_PER_BLOCK)
    nodes: list[Tree] = [{"id": "UTILITY", "type": "utility_22kv9", "rated_w": 2.0 * most_w}]
    for b in range(n_blocks):
        nodes.append({"id": f"TX-{b}", "type": "transformer_2500kva", "inputs": ["UTILITY"], "rated_w": 2.5e6})
        nodes.append({"id": f"SB-{b}", "type": "switchboard_3200a", "inputs": [f"TX-{b}"], "rated_w": 2.5e6})
    nodes.append({"id": "TX-M", "type": "transformer_2500kva", "inputs": ["UTILITY"], "rated_w": most_w})
    nodes.append({"id": "MCC", "type": "switchboard_3200a", "inputs": ["TX-M"], "rated_w": most_w})
    for k in range(n_racks):
        block = f"SB-{k // RACKS_PER_BLOCK}"
        nodes.append({"id": f"R{k:04d}-BUS", "type": "busway_800a", "inputs": [block], "rated_w": 8e5})
        for c in range(N_CHASSIS):
            nodes.append(
                {"id": f"R{k:04d}-C{c}", "type": "rectifier_shelf_orv3", "inputs": [f"R{k:04d}-BUS"], "rated_w": 9e4}
            )
    return nodes
