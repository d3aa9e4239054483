"""The verb that shows the air of a layout."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddVerb: TypeAlias = Callable[[Verbs, str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_airflow_verb(verbs: Verbs, add: AddVerb) -> None:
    """Put the verb beside the others."""
    air = add(verbs, "airflow", _airflow, "the air of a layout: inlets of its racks at their largest load, and why")
    air.add_argument("layout", type=Path)
    air.add_argument("--cell", type=float, default=0.3, metavar="M", help="edge of the cells, m (default: 0.3)")
    air.add_argument("--settled", action="store_true", help="march the momentum of the air to its mean, some seconds")
    air.add_argument(
        "--lost", action="append", default=[], metavar="COOLER", help="settle, stop it: seconds to 27, 32 °C"
    )
    air.add_argument("--minutes", type=float, default=3.0, help="how long to follow --lost (default: 3)")
    air.add_argument("--exact", action="store_true", help="double precision until the heat balance closes to 1e-12")
    air.add_argument("--failed", action="append", default=[], metavar="COOLER", help="a cooler that stands still")
    air.add_argument("--why", metavar="RACK", help="where the inlet air of one rack comes from")
    air.add_argument("--place", type=float, metavar="KW", help="rank the empty places of rows for a rack of so many kW")
    air.add_argument("--json", action="store_true")

    foam = add(
        verbs, "openfoam", _openfoam, "write the air of a layout as an OpenFOAM case, or read such a run's inlets"
    )
    foam.add_argument("layout", type=Path)
    foam.add_argument("folder", type=Path, help="folder of the case")
    foam.add_argument("--cell", type=float, default=0.15, metavar="M", help="edge of the cells, m (default: 0.15)")
    foam.add_argument("--read", action="store_true", help="print the inlets of the finished run there")


def _openfoam(arguments: argparse.Namespace) -> int:
    from twin.exchange.room_case import case_lines, read_lines
    from twin.layout.store import load_layout
    from twin.plant.airflow import RoomAir

    air = RoomAir.of(load_layout(arguments.layout), arguments.cell)
    lines = read_lines if arguments.read else case_lines
    print("\n".join(lines(air, arguments.folder)))
    return 0


def _airflow(arguments: argparse.Namespace) -> int:
    from twin.layout.store import load_layout
    from twin.plant.airflow import RoomAir
    from twin.plant.airflow_report import air_json, air_lines

    air = RoomAir.of(
        load_layout(arguments.layout),
        arguments.cell,
        is_exact=arguments.exact,
        flows_m3_s=dict.fromkeys(arguments.failed, 0.0),
    )
    if arguments.settled or arguments.lost:
        from twin.plant.airflow_settled import loss_lines, settled_air

        air = settled_air(air)
        if arguments.lost:
            print("\n".join(loss_lines(air, arguments.lost, 60.0 * arguments.minutes)))
            return 0
    place_w = None if arguments.place is None else arguments.place * 1e3
    if arguments.json:
        print(json.dumps(air_json(air, arguments.why, place_w), indent=1, ensure_ascii=False))
    else:
        print("\n".join(air_lines(air, arguments.why, place_w)))
    return 0
