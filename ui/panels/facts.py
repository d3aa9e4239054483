"""One line of facts about a device, its family of chips, and what its sheet lacks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from twin.catalogue.compute import Accelerator, Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu
from twin.catalogue.device import Device
from twin.catalogue.network import Switch
from ui import format as fmt

FAMILY_WORDS = {"npu": "NPU", "gpu": "GPU", "npu_pim": "NPU+PIM", "pim": "PIM"}
LITRES_PER_MIN_PER_KG_S = 60.0

translate = QCoreApplication.translate


def device_facts(device: Device, catalogue: Mapping[str, Device]) -> str:
    """What matters when choosing: chips, units, watts, size, air."""
    parts: list[str] = []
    if isinstance(device, Server):
        parts = [*_chips(device, catalogue), f"{device.u_height:g} U", *_watts(device.max_w)]
    elif isinstance(device, Rack):
        parts = [f"{device.width_m * 1e3:.0f} × {device.depth_m * 1e3:.0f} mm", f"{device.u_height} U"]
        if device.max_kg:
            parts.append(fmt.KILOGRAM.text(device.max_kg))
    elif isinstance(device, Switch):
        ports = translate("facts", "{n} ports").format(n=device.ports)
        parts = [f"{ports} · {device.port_bytes_s * 8 / 1e9:g} Gb/s", *_watts(device.max_w or device.typical_w)]
    elif isinstance(device, AirCooler):
        fans = translate("facts", "{power} fans").format(power=fmt.WATT.text(device.fan_max_w))
        parts = [fmt.M3_PER_S.text(device.rated_air_m3_s), fans]
    elif isinstance(device, Cdu):
        parts = [fmt.WATT.text(device.rated_w)]
        if device.rated_flow_kg_s:
            parts.append(f"{fmt.number(device.rated_flow_kg_s * LITRES_PER_MIN_PER_KG_S, 0)} L/min")
    return " · ".join(parts)


def family_of(device: Device, catalogue: Mapping[str, Device]) -> str:
    """The family of most chips of a server; `network` for a switch; empty otherwise."""
    if isinstance(device, Switch):
        return "network"
    counts = _families(device, catalogue) if isinstance(device, Server) else {}
    if "pim" in counts or "npu_pim" in counts:
        return "npu_pim"
    return max(counts, key=lambda family: counts[family], default="")


def lacks(device: Device, catalogue: Mapping[str, Device]) -> list[str]:
    """Fields a simulation needs and the sheets of a server and its chips lack."""
    if not isinstance(device, Server):
        return []
    found = device.missing_for_serving()
    for fitted in device.accelerators:
        chip = catalogue.get(fitted.type)
        if isinstance(chip, Accelerator):
            found += [f"{chip.name}: {name}" for name in chip.missing_for_serving()]
    return found


def _families(server: Server, catalogue: Mapping[str, Device]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for fitted in server.accelerators:
        chip = catalogue.get(fitted.type)
        if isinstance(chip, Accelerator):
            counts[chip.family] = counts.get(chip.family, 0) + fitted.count
    return counts


def _chips(server: Server, catalogue: Mapping[str, Device]) -> list[str]:
    return [f"{count} × {FAMILY_WORDS[family]}" for family, count in _families(server, catalogue).items()]


def _watts(power_w: float | None) -> list[str]:
    return [f"{fmt.number(power_w / 1e3, 1)} kW"] if power_w else []
