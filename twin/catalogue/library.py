"""The catalogue: every sheet by id, from the shipped folder and folders of the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

from twin.catalogue.compute import Accelerator, Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu, Chiller, HeatRejection, Pump, Tank, Tile
from twin.catalogue.device import Device
from twin.catalogue.electrical import Battery, PowerElement
from twin.catalogue.engines import EnginePreset
from twin.catalogue.models import LanguageModel
from twin.catalogue.network import Switch
from twin.catalogue.service import InferenceService
from twin.errors import CatalogueError, DocumentError, TwinError, raise_all
from twin.files import Tree, asset_dir, check_format, read_yaml, validated

KINDS: dict[str, type[Device]] = {
    model.model_fields["kind"].default: model
    for model in (
        Accelerator, Server, Rack, Switch, PowerElement, Battery, AirCooler, Cdu, Chiller, HeatRejection, Pump, Tank,
        Tile, LanguageModel, EnginePreset, InferenceService,
    )
}  # fmt: skip
Kind = TypeVar("Kind", bound=Device)


class Catalogue(Mapping[str, Device]):
    """All devices by id."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self._devices = {device.id: device for device in devices}

    def __getitem__(self, key: str) -> Device:
        return self._devices[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._devices)

    def __len__(self) -> int:
        return len(self._devices)

    def find(self, key: str, kind: type[Kind], where: str = "") -> Kind:
        """The device of that id and kind; CatalogueError names near misses."""
        device = self._devices.get(key)
        if device is None:
            near = get_close_matches(key, [k for k, d in self._devices.items() if isinstance(d, kind)], 3, 0.4)
            hint = f"did you mean {', '.join(near)}?" if near else "`twin devices` lists all"
            raise CatalogueError(f"unknown device {key!r}", where, hint)
        if not isinstance(device, kind):
            wanted = kind.model_fields["kind"].default if "kind" in kind.model_fields else kind.__name__
            raise CatalogueError(f"{key!r} is of kind {device.kind}, {wanted} is needed", where, "choose another")  # type: ignore[attr-defined]
        return device

    def of_kind(self, kind: type[Kind]) -> list[Kind]:
        """All devices of one kind, by id."""
        return [device for _, device in sorted(self._devices.items()) if isinstance(device, kind)]

    def changed(self, device: Device) -> Catalogue:
        """A catalogue with one sheet added or replaced."""
        return Catalogue([*(d for d in self._devices.values() if d.id != device.id), device])


def read_sheet(path: Path) -> Device:
    """One sheet; its file name must be its id."""
    device = sheet_from(read_yaml(path), str(path))
    if device.id != path.stem:
        raise DocumentError(f"id {device.id!r} in file {path.name!r}", str(path), "name the file after the id")
    return device


def sheet_from(tree: Tree, where: str) -> Device:
    """One sheet from its mapping; every number in it must have a source."""
    check_format(tree, where, "twin-device", 1)
    kind = tree.get("kind")
    if kind not in KINDS:
        raise DocumentError(f"unknown kind {kind!r}", where, f"one of {', '.join(sorted(KINDS))}")
    device = validated(KINDS[str(kind)], tree, where)
    stray = device.stray_sources()
    if stray:
        raise DocumentError(
            f"a source for {', '.join(stray)}, which is no field", f"{where} provenance", "mend its name"
        )
    unsourced = device.unsourced()
    if unsourced:
        raise DocumentError(
            f"no source for {', '.join(unsourced)}", f"{where} provenance", "add one, or estimate: true"
        )
    return device


def read_catalogue(folders: Iterable[Path]) -> Catalogue:
    """All sheets in the folders (`*/*.yaml` and `*.yaml`); a later folder overrides an earlier one."""
    devices: dict[str, Device] = {}
    problems: list[TwinError] = []
    for folder in folders:
        seen: dict[str, Path] = {}
        if not folder.is_dir():
            problems.append(DocumentError("no such folder of sheets", str(folder), "check the path"))
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*/*.yaml")]):
            try:
                device = read_sheet(path)
            except TwinError as error:
                problems.append(error)
                continue
            if device.id in seen:
                problems.append(
                    DocumentError(f"id {device.id!r} is also in {seen[device.id]}", str(path), "rename one")
                )
            seen[device.id] = path
            devices[device.id] = device
    raise_all(problems)
    return Catalogue(devices.values())


@cache
def shipped_catalogue() -> Catalogue:
    """The sheets that come with the program."""
    return read_catalogue([asset_dir() / "catalogue"])
