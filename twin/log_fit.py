"""Fits a device to the request log of a real engine: host time, arithmetic and bandwidth, by replaying the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from simpy import Environment

from twin.calibrate import Served, write_sheet
from twin.catalogue.compute import Accelerator, Precision
from twin.catalogue.library import shipped_catalogue
from twin.errors import DocumentError
from twin.physics.chip import ChipLaw
from twin.physics.kernels import KernelLaws
from twin.physics.llm import IterationLaw
from twin.physics.search import least
from twin.policies.routers.round_robin import RoundRobin
from twin.scenario.traces.engine_log import LATENCIES, EngineLog, read_engine_log
from twin.sim.arrivals import Workload
from twin.sim.bench_serving import EnergyMeter
from twin.sim.kv_blocks import EngineConfig, kv_blocks
from twin.sim.placement import BYTES, chip_law, model_shape
from twin.sim.requests import RequestColumns, RequestState
from twin.sim.serving import Replica

Array = npt.NDArray[np.float64]
FITTED_FRAC = 0.6
MOST_FITTED = 2000
FULL_REPLAYS, PART_REPLAYS = 55, 15
FIRST_STEPS = (2.5, 0.8, 0.85)
_FELT_LOSS = 0.01  # a value is told when without it the log is met worse by more than a hundredth
_LEAST_HOST_S = 20e-6


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a log may tell: host time per iteration, and factors on the reached shares of arithmetic and bandwidth."""

    host_s: float
    compute: float = 1.0
    bandwidth: float = 1.0


NAMES = ("host_s", "compute", "bandwidth")
MEANING = {"host_s": "host time per iteration", "compute": "reached arithmetic", "bandwidth": "reached bandwidth"}


@dataclass(frozen=True, slots=True)
class LogFit:
    """Fitted knobs, which of them the log did not tell, and errors on the requests held out, before and after."""

    knobs: Knobs
    untold: tuple[str, ...]
    before: dict[str, float]
    after: dict[str, float]
    n_fitted: int
    n_held: int
    n_replays: int


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the engine of a log was started with: precision of the weights, its limits of an iteration."""

    weights: Precision = "bf16"
    max_batch: int = 256
    max_batch_tokens: int = 2048


@dataclass(frozen=True, slots=True)
class Replay:
    """A log, the model it served and the engine's limits: gives the latencies a chip would have."""

    device: Accelerator
    served: Served
    settings: LogSettings

    def chip(self) -> ChipLaw:
        """The law of the sheet as it is."""
        return chip_law(self.device, self.settings.weights, "calibrate")

    def latencies_s(self, log: EngineLog, chip: ChipLaw) -> dict[str, Array]:
        """Simulated latencies of every request of a log; every prompt is computed whole."""
        n_chips, settings = self.served.tensor_parallel, self.settings
        shape = model_shape(self.served.model, settings.weights, "bf16")
        memory_bytes, budget = self.device.memory_bytes or 0.0, settings.max_batch_tokens
        n_blocks = kv_blocks(shape, memory_bytes, n_chips, max_batch_tokens=budget)
        config = EngineConfig(n_blocks, budget, settings.max_batch)
        requests = RequestColumns(log.arrival_s, log.prompt_tokens, log.output_tokens)
        env = Environment()
        replica = Replica(env, IterationLaw(shape, chip, n_chips), config, requests, EnergyMeter(1))
        Workload(env, requests, [replica], RoundRobin())
        env.run()
        n_done = requests.count(RequestState.DONE)
        if n_done != len(log):
            what = f"{n_done} of {len(log)} requests fit the memory of {n_chips} {self.device.id}"
            raise DocumentError(what, "calibrate", "check --model, --weights and --tensor-parallel")
        columns = requests.arrays()
        return {name: np.asarray(columns[name], dtype=np.float64) for name in LATENCIES}


def tuned(chip: ChipLaw, knobs: Knobs) -> ChipLaw:
    """The chip with other host time and factors on what it reaches of its peaks, which stay below 1."""
    kernels = chip.kernels and _tuned_kernels(chip.kernels, knobs)
    return replace(
        chip,
        host_overhead_s=knobs.host_s,
        eff_compute_frac=min(1.0, chip.eff_compute_frac * knobs.compute),
        eff_memory_frac=min(1.0, chip.eff_memory_frac * knobs.bandwidth),
        kernels=kernels,
    )


def _tuned_kernels(laws: KernelLaws, knobs: Knobs) -> KernelLaws:
    def reached(law: object, *names: str) -> dict[str, float]:
        factors = {"compute_frac": knobs.compute, "memory_frac": knobs.bandwidth}
        return {name: min(1.0, getattr(law, name) * factors[name]) for name in names}

    chunk, tile = laws.chunk, laws.tile
    return replace(
        laws,
        dense=replace(laws.dense, **reached(laws.dense, "compute_frac", "memory_frac")),
        decode=replace(laws.decode, **reached(laws.decode, "memory_frac")),
        chunk=chunk and replace(chunk, **reached(chunk, "compute_frac", "memory_frac")),
        tile=tile and replace(tile, step_s=tile.step_s / knobs.compute, **reached(tile, "memory_frac")),
    )


def miss(model: dict[str, Array], measured: dict[str, Array]) -> float:
    """Mean over the three latencies of the mean `|log(model / measured)|`: absolute, so that outliers count little."""
    return float(np.mean([np.nanmean(np.abs(np.log(model[n] / measured[n]))) for n in LATENCIES]))


def held_errors(replay: Replay, log: EngineLog, chip: ChipLaw, n_fitted: int) -> dict[str, float]:
    """Mean absolute error of each latency over the requests that came after the fitted ones."""
    model = replay.latencies_s(log, chip)
    measured = log.latencies_s
    return {
        name: float(np.nanmean(np.abs(model[name][n_fitted:] / measured[name][n_fitted:] - 1.0))) for name in LATENCIES
    }


def fitted_to_log(replay: Replay, log: EngineLog) -> LogFit:
    """The knobs with which the first part of a log is met best, held against the rest.

    What the log does not tell keeps the value of the sheet.
    """
    n_fitted = min(int(FITTED_FRAC * len(log)), MOST_FITTED)
    part, chip = _beside(log, n_fitted), replay.chip()
    start = Knobs(max(chip.host_overhead_s, _LEAST_HOST_S))

    def loss(values: tuple[float, ...]) -> float:
        model = replay.latencies_s(part, tuned(chip, Knobs(*values)))
        return miss({name: seconds[:n_fitted] for name, seconds in model.items()}, log.first(n_fitted).latencies_s)

    first = tuple(getattr(start, name) for name in NAMES)
    found, n_replays = least(loss, first, FIRST_STEPS, FULL_REPLAYS)
    values, untold, n_more = _kept(loss, found, (chip.host_overhead_s, 1.0, 1.0))
    knobs = Knobs(*values)
    before = held_errors(replay, log, chip, n_fitted)
    after = held_errors(replay, log, tuned(chip, knobs), n_fitted)
    return LogFit(knobs, untold, before, after, n_fitted, len(log) - n_fitted, n_replays + n_more)


def _beside(log: EngineLog, n_fitted: int) -> EngineLog:
    """The first n_fitted requests and those that came while these were under way: they slowed them."""
    over_s = np.max(log.arrival_s[:n_fitted] + log.latencies_s["e2e_s"][:n_fitted])
    return log.first(int(np.searchsorted(log.arrival_s, over_s, side="right")))


def _kept(
    loss: Callable[[tuple[float, ...]], float], found: tuple[float, ...], sheet: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[str, ...], int]:
    """The values found, names of those the log does not tell, and replays spent.

    A value is not told when the others meet the log nearly as well with the sheet's in its place. The one that is
    missed least of such goes back to the sheet, and the others take the values they then have.
    """
    best, n_replays = loss(found), 1
    bound = best + _FELT_LOSS
    without: list[tuple[float, int, tuple[float, ...]]] = []
    for i in range(len(NAMES)):
        others = [j for j in range(len(NAMES)) if j != i]

        def full(free: tuple[float, ...], i: int = i, others: list[int] = others) -> tuple[float, ...]:
            values = dict(zip(others, free, strict=True))
            return tuple(values.get(j, sheet[i]) for j in range(len(NAMES)))

        start, steps = tuple(found[j] for j in others), tuple(FIRST_STEPS[j] for j in others)
        free, n = least(lambda free, full=full: loss(full(free)), start, steps, PART_REPLAYS)  # type: ignore[misc]
        without.append((loss(full(free)), i, full(free)))
        n_replays += n + 1
    missed, i, values = min(without)
    if missed > bound:
        return found, (), n_replays
    untold = [name for one, name in zip(without, NAMES, strict=True) if one[0] <= bound]
    return values, tuple(untold), n_replays


def fitted_sheet(device: Accelerator, fit: LogFit) -> Accelerator:
    """The sheet with what the log told."""
    assert device.serving is not None
    law, knobs = device.serving, fit.knobs
    serving = law.model_copy(
        update={
            "host_overhead_s": _short(knobs.host_s),
            "eff_compute_frac": _short(min(1.0, law.eff_compute_frac * knobs.compute)),
            "eff_memory_frac": _short(min(1.0, law.eff_memory_frac * knobs.bandwidth)),
        }
    )
    kernels = device.kernels and _tuned_kernels(device.kernels, knobs)
    held = {**device.held_errors, "requests": round(float(np.mean(list(fit.after.values()))), 4)}
    return device.model_copy(update={"serving": serving, "kernels": kernels, "held_errors": held})


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def written_log_sheet(replay: Replay, fit: LogFit, log_path: Path, output: Path) -> None:
    """Write the device's sheet with the fitted values, their errors and the log they came from."""
    served = replay.served
    told = ", ".join(MEANING[name] for name in NAMES if name not in fit.untold)
    errors = ", ".join(f"{name[:-2].upper()} {error:.1%}" for name, error in fit.after.items())
    source = (
        f"{told or 'nothing'} fitted on the first {fit.n_fitted} requests of {log_path.name} ({served.model.id} on "
        f"{served.tensor_parallel}); mean error on the {fit.n_held} after them, held out: {errors}"
    )
    fields = {"host_s": "host_overhead_s", "compute": "eff_compute_frac", "bandwidth": "eff_memory_frac"}
    sources = {f"serving.{fields[name]}": source for name in NAMES if name not in fit.untold}
    if replay.device.kernels is not None and {"compute", "bandwidth"} - set(fit.untold):
        sources["kernels"] = f"{_before(replay.device)}; then {source}"
    write_sheet(fitted_sheet(replay.device, fit), {**sources, "held_errors": source}, output)


def _before(device: Accelerator) -> str:
    known = device.source_of("kernels")
    return known.source if known else "no source"


def report_lines(fit: LogFit) -> list[str]:
    """What was fitted, what the log did not tell, and the errors on the requests held out, one a line."""
    values = {
        "host_s": f"{fit.knobs.host_s * 1e3:.3g} ms",
        "compute": f"{fit.knobs.compute:.3f} of the sheet",
        "bandwidth": f"{fit.knobs.bandwidth:.3f} of the sheet",
    }
    lines = [f"fitted on {fit.n_fitted} requests in {fit.n_replays} replays, held against the {fit.n_held} after them"]
    for name in NAMES:
        note = (
            "  (not told: the log is met as well with the sheet's value and others changed)"
            if name in fit.untold
            else ""
        )
        lines.append(f"{MEANING[name]}: {values[name]}{note}")
    for name, error in fit.after.items():
        lines.append(f"{name[:-2].upper()}: {error:.1%} mean error on held-out requests, {fit.before[name]:.1%} before")
    return lines


def calibrated_on_log(
    device: str, log_path: Path, served: Served | None, settings: LogSettings, output: Path
) -> list[str]:
    """Fit a shipped device to a log, write its sheet, and say in lines what was found."""
    if served is None:
        raise DocumentError("a log does not say which model was served", "calibrate", "name it with --model")
    if settings.weights not in BYTES:
        what = f"weights of {settings.weights!r} are not known"
        raise DocumentError(what, "calibrate --weights", f"choose one of {', '.join(BYTES)}")
    sheet = shipped_catalogue().find(device, Accelerator, "calibrate")
    replay = Replay(sheet, served, settings)
    fit = fitted_to_log(replay, read_engine_log(log_path))
    written_log_sheet(replay, fit, log_path, output)
    return report_lines(fit)
