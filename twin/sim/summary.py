"""The figures of a whole run: summary.json and run.json."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from twin.files import Tree, sha256_of
from twin.physics import FloatArray
from twin.plant.meters import Meters
from twin.scenario.sources import request_files
from twin.sim.attainment import attained
from twin.sim.band import band_of, device_marks, nominal_warning, of_unknown_speed
from twin.sim.energy_summary import energy_figures
from twin.sim.hall import Hall, Served
from twin.sim.kv_figures import kv_figures
from twin.sim.liquid_summary import liquid_figures
from twin.sim.pim_summary import pim_figures
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.service_summary import n_items, service_figures
from twin.sim.sites import ReplicaSite
from twin.sim.swings import swing_figures
from twin.units import J_PER_KWH, S_PER_H

if TYPE_CHECKING:
    from twin.sim.run import Run

PERCENTILES = (50, 90, 95, 99)


def summary(run: Run, wall_s: float, cpu_s: float, corners: Sequence[Tree] = ()) -> Tree:
    """The figures of a run, keys as promised: later versions add, never rename.

    corners: summaries of the runs that span the band of devices known by their data sheet only.
    """
    unknown = of_unknown_speed(run.hall)
    warnings = list(run.warnings.values())
    if unknown and not corners:
        warnings.append(nominal_warning(unknown))
    nominal = _nominal(run, wall_s, cpu_s)
    band = band_of(nominal, corners) if corners else None
    return {**nominal, "warnings": warnings, "devices": device_marks(run.hall), "band": band}


def _nominal(run: Run, wall_s: float, cpu_s: float) -> Tree:
    hall, meters = run.hall, run.hall.plant.meters
    seconds = run.now_s or float("nan")
    serving = _serving(hall, seconds)
    output_tokens, items = cast(int, serving["output_tokens"]), n_items(hall)
    return {
        "simulated_s": run.now_s,
        "wall_s": round(wall_s, 3),
        "cpu_s": round(cpu_s, 3),
        "seed": hall.scenario.seed,
        "serving": serving,
        "services": service_figures(hall, seconds, _spread),
        **_scaling(run),
        "power_w": {
            "it_mean": meters.it_j / seconds,
            "it_peak": run.it_peak_w,
            "facility_mean": meters.used_j / seconds,
            "facility_peak": run.facility_peak_w,
        },
        "energy_kwh": {**_energy_kwh(meters), **_shortage_kwh(hall)},
        **energy_figures(run, output_tokens),
        "j_per_output_token": meters.used_j / output_tokens if output_tokens else None,
        "j_per_item": meters.used_j / items if items and len(hall.served) == 1 and not hall.held else None,
        "water_l": meters.water_kg,
        "carbon_kg": meters.carbon_kg,
        "cost": run.bill.figures(run.now_s),
        "thermal": {"inlet_c_max": run.inlet_max_c, "inlet_c_mean": run.inlet_sum / seconds},
        **({"air": run.air_watch.figures()} if run.air_watch is not None else {}),
        "balance": {
            "energy_residual_frac": hall.plant.energy_residual_frac(),
            "requests_residual": _requests_residual(serving),
        },
        **({"liquid": wet} if (wet := liquid_figures(run.coolant, seconds)) else {}),
        **({"pim": pim} if (pim := pim_figures(hall)) else {}),
        **({"swings": swings} if (swings := swing_figures(hall)) else {}),
        **({"swing_path": path} if (path := run.swing_watch.figures(run.bill)) else {}),
    }


def _energy_kwh(meters: Meters) -> Tree:
    return {
        "it": meters.it_j / J_PER_KWH,
        "facility": meters.used_j / J_PER_KWH,
        "utility": meters.utility_j / J_PER_KWH,
        "generator": meters.generator_j / J_PER_KWH,
        "stored": meters.stored_j / J_PER_KWH,
        "accelerators": meters.chips_j / J_PER_KWH,
        "network": meters.network_j / J_PER_KWH,
        "power_losses": meters.loss_j / J_PER_KWH,
        "cooling": meters.cooling_j / J_PER_KWH,
    }


def _shortage_kwh(hall: Hall) -> Tree:
    """What batteries gave at their ends without having it; only where there was any."""
    shortage_j = float(hall.plant.power.storage.shortage_j.sum())
    return {"battery_shortage": shortage_j / J_PER_KWH} if shortage_j > 1.0 else {}


def _requests_residual(serving: Tree) -> int:
    counts = [serving[f"requests_{n}"] for n in ("arrived", "completed", "rejected", "unfinished", "lost")]
    arrived, *rest = (n for n in counts if isinstance(n, int))
    return arrived - sum(rest)


def _serving(hall: Hall, seconds: float) -> Tree:
    columns = [served.workload.requests.arrays() for served in hall.served] or [RequestColumns([], [], []).arrays()]
    state = np.concatenate([c["state"] for c in columns])
    # Latencies of services stand with each of them: an image and an answer of a thousand tokens have no common mean.
    spoken = [c for c, served in zip(columns, hall.served, strict=False) if served.spec.service is None]
    done = {name: np.concatenate([np.zeros(0), *(c[name] for c in spoken)]) for name in ("ttft_s", "tpot_s", "e2e_s")}
    is_done = state == RequestState.DONE
    tokens = [r.tokens_done(hall.env.now) for s in hall.served for r in s.workload.replicas]
    output_tokens = int(sum(output for _, output in tokens))
    attained_frac, by_workload = attained(hall.served)
    n_arrived = int((state != RequestState.PENDING).sum())
    result: Tree = {
        "requests_arrived": n_arrived,
        "requests_completed": int(is_done.sum()),
        "requests_rejected": int((state == RequestState.REJECTED).sum()),
        "requests_unfinished": int(np.isin(state, (RequestState.WAITING, RequestState.RUNNING)).sum()),
        "requests_lost": int((state == RequestState.LOST).sum()),
        "requests_refused": sum(served.workload.n_refused for served in hall.served),
        "prompt_tokens": int(sum(prompt for prompt, _ in tokens)),
        "output_tokens": output_tokens,
        "output_tokens_per_s": output_tokens / seconds,
        "preemptions": int(sum(c["preemptions"].sum() for c in columns)),
        "prefix_hit_frac": _prefix_hit_frac(hall.served),
        "slo_attained_frac": attained_frac,
        "slo": by_workload,
        "replicas": sum(len(served.sites) for served in hall.served),
        "kv_tokens": _kv_tokens(hall.served),
        **kv_figures(hall.served, hall.env.now),
    }
    for name, values in done.items():
        result[name] = _spread(values[np.isfinite(values)])
    return result


def _scaling(run: Run) -> Tree:
    """Replica-hours in each state and how often replicas slept and woke, by workload; nothing where none may sleep."""
    if not run.scaling:
        return {}
    return {
        "scaling": {
            one.name: {
                **{f"{state}_h": spent_s / S_PER_H for state, spent_s in one.state_s().items()},
                "wakes": one.n_wakes,
                "sleeps": one.n_sleeps,
            }
            for one in run.scaling
        }
    }


def _spread(values: FloatArray) -> Tree:
    if not len(values):
        return {"mean": None, **{f"p{p}": None for p in PERCENTILES}}
    found = np.percentile(values, PERCENTILES)
    return {"mean": float(values.mean()), **{f"p{p}": float(v) for p, v in zip(PERCENTILES, found, strict=True)}}


def _kv_tokens(served: list[Served]) -> Tree:
    """Tokens whose keys and values a replica holds, by workload: every size there is, as replicas may differ."""
    found: Tree = {}
    for one in served:
        configs = [site.config for site in one.sites if isinstance(site, ReplicaSite)]
        if configs:
            found[one.spec.id] = sorted({config.n_blocks * config.block_tokens for config in configs})
    return found


def _prefix_hit_frac(served: list[Served]) -> float | None:
    """Share of the prompt tokens of admitted requests found in a prefix cache; none where no replica keeps one."""
    kept = [prefix for one in served for replica in one.workload.replicas if (prefix := replica.prefix) is not None]
    asked_tokens = sum(prefix.asked_tokens for prefix in kept)
    return sum(prefix.hit_tokens for prefix in kept) / asked_tokens if asked_tokens else None


def run_facts(hall: Hall, scenario_path: Path, is_complete: bool) -> Tree:
    """What a result was made from: hashes of the inputs, seed, versions."""
    files = {str(scenario_path.name): sha256_of(scenario_path) if scenario_path.is_file() else None}
    for served in hall.served:
        for name in request_files(served.spec):
            path = scenario_path.parent / name
            files[path.name] = sha256_of(path)
    layout = hashlib.sha256(hall.layout.model_dump_json().encode()).hexdigest()
    scenario = hashlib.sha256(hall.scenario.model_dump_json().encode()).hexdigest()
    traces = {
        served.spec.id: {
            "rows_read": served.table.rows_read,
            "kept": len(served.table),
            "dropped": served.table.dropped,
        }
        for served in hall.served
    }
    return {
        "format": "twin-result",
        "version": 1,
        "complete": is_complete,
        "scenario": hall.scenario.name,
        "layout": hall.layout.name,
        "seed": hall.scenario.seed,
        "sha256": {"layout_document": layout, "scenario_document": scenario, "files": files},
        "traces": json.loads(json.dumps(traces)),
        "weather": hall.outside.weather.source,
        "weather_notes": list(hall.outside.weather.notes),
        "tariff": hall.outside.tariff.source,
        "carbon": hall.outside.carbon.source,
        "versions": {
            "twin": _version("kcloud-twin"),
            "python": platform.python_version(),
            **{name: _version(name) for name in ("numpy", "simpy", "pyarrow", "pydantic")},
        },
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "from a checkout"
