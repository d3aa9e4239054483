"""A small catalogue with round numbers, and a room that passes every rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.catalogue.compute import Accelerator, Fitted, Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu, Chiller, EirCurves, HeatRejection, Pump, Tile
from twin.catalogue.device import Device, Footprint, Provenance
from twin.catalogue.electrical import PowerElement, PowerRole
from twin.catalogue.library import Catalogue
from twin.catalogue.network import Switch
from twin.layout.check import check
from twin.layout.finding import Finding
from twin.layout.model import (
    Fabric,
    Fitting,
    Layout,
    Loop,
    PlacedCooler,
    PlacedRack,
    PlantItem,
    PowerNode,
)
from twin.layout.room import Room

Check = Callable[[Layout], list[Finding]]
READ = {"*": Provenance(source="a data sheet")}
CURVES = EirCurves(
    capacity=(1, 0, 0, 0, 0, 0), eir=(1, 0, 0, 0, 0, 0), eir_plr=(0, 1, 0),
    evaporator_c=(4, 10), condenser_c=(15, 35), plr=(0.1, 1),
)  # fmt: skip


def power(name: str, role: PowerRole, rated_w: float, has_body: bool = False) -> PowerElement:
    """A power element on 400 V."""
    body = Footprint(width_m=1.2, depth_m=0.9, height_m=2) if has_body else None
    return PowerElement(
        id=name, name=name, maker="Acme", role=role, rated_w=rated_w, footprint=body, voltage_in_v=400, provenance=READ
    )


def server(name: str, **fields: object) -> Server:
    """A 4 U server of 3 kW with two ports."""
    base = {"u_height": 4, "max_w": 3000, "weight_kg": 45, "depth_m": 0.8, "nic_count": 2, "nic_bytes_s": 12.5e9}
    return Server.model_validate({"id": name, "name": name, "maker": "Acme", "provenance": READ, **base, **fields})


def chiller(name: str, condenser: str) -> Chiller:
    """A chiller of 20 kW with a coefficient of performance of 4."""
    return Chiller.model_validate(
        {
            "id": name, "name": name, "maker": "Acme", "condenser": condenser, "rated_w": 20e3, "rated_cop": 4,
            "ref_evaporator_c": 7, "ref_condenser_c": 30, "curves": CURVES, "provenance": READ,
        }
    )  # fmt: skip


def air_cooler(name: str, role: str) -> AirCooler:
    """An air cooler of 8 kW, 1.0 m by 0.8 m."""
    return AirCooler.model_validate(
        {
            "id": name, "name": name, "maker": "Acme", "role": role, "rated_w": 8e3, "rated_air_m3_s": 1,
            "footprint": Footprint(width_m=1.0, depth_m=0.8, height_m=2), "rated_return_c": 35, "rated_water_in_c": 12,
            "rated_water_kg_s": 0.4, "fan_max_w": 500, "fan_exponent": 3, "min_fan_frac": 0.3, "provenance": READ,
        }
    )  # fmt: skip


COMMON = {"maker": "Acme", "provenance": READ}


def computing() -> list[Device]:
    """Racks, servers, cards, switches and the power path."""
    return [
        Rack.model_validate(
            {
                "id": "rack", "name": "rack", "u_height": 42, "width_m": 0.6, "depth_m": 1.2, "height_m": 2,
                "weight_kg": 100, "max_kg": 500, "power_budget_w": 12000, **COMMON,
            }
        ),
        server("npu4"),
        server("deep4", depth_m=1.3),
        server("wet4", liquid_frac=0.7),
        server("bare4", max_w=None, host_max_w=700, fan_max_w=300, accelerators=(Fitted(type="card", count=4),)),
        server("guess4", provenance={**READ, "max_w": Provenance(estimate=True, reasoning="sum of its parts")}),
        Accelerator.model_validate({"id": "card", "name": "card", "family": "npu", "tdp_w": 150, **COMMON}),
        Switch.model_validate(
            {
                "id": "switch", "name": "switch", "u_height": 1, "ports": 4, "port_bytes_s": 50e9, "max_w": 400,
                "weight_kg": 10, **COMMON,
            }
        ),
        power("grid", "utility", 1e6),
        power("genset", "generator", 1e6),
        power("ats", "ats", 1e5),
        power("board", "switchboard", 1e5, has_body=True),
        power("ups", "ups", 12e3),
        power("pdu", "pdu", 12e3, has_body=True),
        power("strip", "rack_pdu", 8e3),
    ]  # fmt: skip


def cooling() -> list[Device]:
    """Air coolers, chillers and what belongs to them."""
    return [
        air_cooler("crah", "crah"),
        air_cooler("crac", "crac"),
        air_cooler("door", "rear_door"),
        Cdu.model_validate(
            {"id": "cdu", "name": "cdu", "rated_w": 5e3, "approach_k": 4, "pump_max_w": 200, **COMMON}
        ),
        chiller("air_chiller", "air"),
        chiller("water_chiller", "water"),
        HeatRejection.model_validate(
            {
                "id": "tower", "name": "tower", "role": "tower", "rated_w": 20e3, "rated_water_in_c": 37,
                "rated_water_out_c": 32, "rated_air_c": 27, "fan_max_w": 300, **COMMON,
            }
        ),
        Pump.model_validate(
            {
                "id": "pump", "name": "pump", "rated_kg_s": 1, "rated_head_pa": 1e5, "efficiency_frac": 0.5,
                **COMMON,
            }
        ),
        Tile.model_validate(
            {"id": "tile", "name": "tile", "width_m": 0.6, "depth_m": 0.6, "open_frac": 0.5, **COMMON}
        ),
    ]  # fmt: skip


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Devices with round numbers, all with a source but `guess4`."""
    return Catalogue([*computing(), *cooling()])


@pytest.fixture(scope="session")
def room() -> Layout:
    """One rack of two servers and a leaf, fed twice, cooled by two units of which one suffices: no findings."""
    both = {"A": "MAIN"}
    return Layout(
        name="room",
        room=Room(outline_m=((0, 0), (6, 0), (6, 6), (0, 6))),
        racks=(
            PlacedRack(
                id="R1", type="rack", x_m=2.4, y_m=2.4, feeds={"A": "PDU-A", "B": "PDU-B"}, redundancy="2N",
                contents=(Fitting(type="npu4", u=1, count=2), Fitting(type="switch", u=42, id="LEAF")),
            ),
        ),
        coolers=(
            PlacedCooler(id="CRAH-1", type="crah", x_m=0, y_m=5.2, loop="CHW", feeds=both),
            PlacedCooler(id="CRAH-2", type="crah", x_m=1.2, y_m=5.2, loop="CHW", feeds=both),
        ),
        loops=(Loop(id="CHW", role="chilled_water", supply_c=8),),
        plant=(
            PlantItem(id="CH", type="air_chiller", count=2, loop="CHW", feeds=both),
            PlantItem(id="P", type="pump", loop="CHW", feeds=both),
        ),
        power=(
            PowerNode(id="GRID", type="grid"),
            PowerNode(id="MAIN", type="board", inputs=("GRID",)),
            PowerNode(id="UPS-A", type="ups", inputs=("MAIN",), side="A"),
            PowerNode(id="UPS-B", type="ups", inputs=("MAIN-B",), side="B"),
            PowerNode(id="PDU-A", type="pdu", inputs=("UPS-A",), side="A"),
            PowerNode(id="PDU-B", type="pdu", inputs=("UPS-B",), side="B"),
            PowerNode(id="MAIN-B", type="board", inputs=("GRID",)),
        ),
        fabrics=(Fabric(id="ETH", kind="single_switch", leaves=("LEAF",)),),
    )  # fmt: skip


@pytest.fixture(scope="session")
def findings(catalogue: Catalogue) -> Check:
    """Findings of a layout against the small catalogue."""
    return lambda layout: check(layout, catalogue)
