"""Maps of air kept on disk between runs: named by everything they follow from, so that a stored one is the same one."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import platformdirs

from twin.layout.floor import Floor, FloorRack
from twin.layout.wet import liquid_frac
from twin.physics.air_map import AirMap, Tier

Flow = tuple[tuple[float, ...], float]
"""Flow of each cooler, m3/s, and part of the largest heat and airflow of racks."""
NUMBERS = ("cell_m", "drift_k", "residual_frac")


def store_dir() -> Path:
    """Where maps are kept: TWIN_CACHE, else the user's cache folder. It may be deleted at any time."""
    named = os.environ.get("TWIN_CACHE")
    return Path(named or platformdirs.user_cache_dir("kcloud-twin")) / "air"


def room_digest(floor: Floor) -> str:
    """Of all in a drawing that its air follows from, and of the program that solves it."""
    found = hashlib.sha256(_program().encode())
    layout = floor.layout
    parts = (layout.room, *layout.containments, *(t.spec for t in floor.tiles.values()))
    for part in (*parts, *(t.device for t in floor.tiles.values()), *(loop for loop in layout.loops)):
        found.update(part.model_dump_json().encode())
    known: dict[int, str] = {}
    for rack in floor.racks.values():
        if id(rack.spec) not in known:
            known[id(rack.spec)] = _contents(floor, rack)
        found.update(repr((rack.id, rack.outline_m, rack.angle_deg, known[id(rack.spec)])).encode())
    for cooler in floor.coolers.values():
        found.update(repr((cooler.id, cooler.outline_m)).encode())
        found.update((cooler.spec.model_dump_json() + cooler.device.model_dump_json()).encode())
    others = [(p.outline_m, getattr(p.device, "footprint", None)) for p in floor.power.values()]
    others += [(p.outline_m, getattr(p.device, "footprint", None)) for p in floor.plant.values()]
    found.update(repr([one for one in others if one[0] is not None]).encode())
    return found.hexdigest()


def _contents(floor: Floor, rack: FloorRack) -> str:
    """A rack and what stands in it, as the air sees it."""
    boxes = [
        (
            box.u_low,
            box.u_height,
            box.max_w,
            liquid_frac(floor, box),
            getattr(box.device, "airflow", None),
            getattr(box.device, "airflow_m3_s_per_w", None),
            type(box.device).__name__,
        )
        for box in rack.fitted
    ]
    sizes = rack.device.width_m, rack.device.depth_m, rack.device.height_m, rack.device.u_height
    return repr((sizes, rack.spec.blanking_frac, boxes))


def _program() -> str:
    """What solves: its own source, and the libraries whose rounding it inherits."""
    found = hashlib.sha256()
    here = Path(__file__).parent
    folders = ((here.parent / "physics" / "airflow", "*.py"), (here.parent / "physics", "air*.py"), (here, "air*.py"))
    for folder, pattern in folders:
        for path in sorted(folder.glob(pattern)):
            found.update(path.read_bytes())
    libraries = [version(name) for name in ("kcloud-twin", "numpy", "numba", "scipy") if _is_known(name)]
    return " ".join((found.hexdigest(), *libraries, platform.machine()))


def _is_known(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:  # a checkout that is not installed
        return False
    return True


def path_of(digest: str, flow: Flow, tier: Tier, cell_m: float) -> Path:
    """The file of one map."""
    key = hashlib.sha256(repr((digest, flow, tier, cell_m)).encode()).hexdigest()
    return store_dir() / f"{key[:40]}.npz"


def stored(path: Path) -> AirMap | None:
    """A map that was kept; none where there is none, or where it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as found:
            arrays = {f.name: found[f.name] for f in fields(AirMap) if f.name not in (*NUMBERS, "tier")}
            tier: Tier = "settled" if str(found["tier"]) == "settled" else "instant"
            cell_m, drift_k, residual_frac = (float(found[name]) for name in NUMBERS)
            kept = AirMap(tier=tier, cell_m=cell_m, drift_k=drift_k, residual_frac=residual_frac, **arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None
    return kept if _is_whole(kept) else None


def _is_whole(kept: AirMap) -> bool:
    n_racks, n_coolers = len(kept.group), len(kept.flow_m3_s)
    n_groups = kept.front_k.shape[-1]
    shapes = [
        (kept.rise_k_w, (n_racks,)),
        (kept.gap_k_w, (n_racks,)),
        (kept.front_k, (n_racks, n_groups)),
        (kept.top_k, (n_racks, n_groups)),
        (kept.back_k, (n_coolers, n_groups)),
        (kept.front_s, (n_racks, n_coolers)),
        (kept.top_s, (n_racks, n_coolers)),
        (kept.back_s, (n_coolers, n_coolers)),
    ]
    return all(a.shape == shape and bool(np.isfinite(a).all()) for a, shape in shapes)


def keep(path: Path, found: AirMap) -> None:
    """Keep a map for the next run; where nothing can be written it is computed again then."""
    values = {f.name: np.asarray(getattr(found, f.name)) for f in fields(AirMap)}
    name = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            name = file.name
            np.savez(file, **values)  # type: ignore[arg-type]
        os.replace(name, path)
    except OSError:
        if name is not None:
            Path(name).unlink(missing_ok=True)
