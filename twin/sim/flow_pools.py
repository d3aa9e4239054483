"""A pool of replicas as a curve: what a steady rate of requests makes of its chips, without living through any."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.physics import FloatArray
from twin.scenario.model import Workload
from twin.scenario.sources import workload_requests
from twin.sim.service_placement import ServiceSite
from twin.sim.sites import ReplicaSite

N_SAMPLED = 4000
"""Requests drawn to learn their mean lengths."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One replica at rising rates, (n_points,), the first at rest; between points it mixes them."""

    rate_per_s: FloatArray
    chip_w: FloatArray  # above idle, each chip
    busy_frac: FloatArray
    host_frac: FloatArray  # of the host's range, while it has so many of its chips

    def at(self, rate_per_s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Watts above idle, busy share and host share at rates (n,); the highest rate holds above it."""
        return (
            np.interp(rate_per_s, self.rate_per_s, self.chip_w),
            np.interp(rate_per_s, self.rate_per_s, self.busy_frac),
            np.interp(rate_per_s, self.rate_per_s, self.host_frac),
        )


@dataclass(frozen=True, slots=True)
class Lengths:
    """Mean tokens of a request."""

    prompt: float
    output: float


def rates_per_s(spec: Workload, hours: FloatArray, where: str) -> FloatArray:
    """Requests a second of a workload in hours of the local day (n,).

    Errors: DocumentError where a workload has no rate, or two pools, which this grain does not carry.
    """
    source = spec.generator or spec.arrivals
    if source is None:
        hint = "give `generator: {rate_per_s: N}` (`arrivals` for a service), hold a load, or take grain: request"
        raise DocumentError("plays a file of requests; grain: flow needs a rate", where, hint)
    if spec.prefill is not None:
        raise DocumentError(
            "has two pools, which grain: flow does not carry", where, "leave `prefill` out, or take grain: request"
        )
    if source.hourly_factor is None:
        return np.full(len(hours), source.rate_per_s)
    factor = np.asarray(source.hourly_factor, dtype=float)
    return np.asarray(source.rate_per_s * factor[hours.astype(int) % 24] / factor.mean())


def mean_lengths(spec: Workload, rng: np.random.Generator) -> Lengths:
    """Mean lengths of a generator's requests, from a seeded draw of some thousand."""
    assert spec.generator is not None
    even = spec.model_copy(update={"generator": spec.generator.model_copy(update={"hourly_factor": None})})
    table = workload_requests(even, Path(), N_SAMPLED / spec.generator.rate_per_s, rng)
    return Lengths(float(np.mean(table.prompt_tokens)), float(np.mean(table.output_tokens)))


def site_curve(site: ReplicaSite | ServiceSite, lengths: Lengths | None) -> Curve:
    """What one replica draws at any steady rate."""
    if isinstance(site, ServiceSite):
        return _service_curve(site)
    assert lengths is not None
    return _language_curve(site, lengths)


def _service_curve(site: ServiceSite) -> Curve:
    """Batches as full as the rate fills them: rate = size / seconds of a batch."""
    law = site.law
    n = len(law.latency_s)
    seconds = np.array(law.latency_s[1:])
    rates = np.maximum.accumulate(np.arange(1, n) / seconds)
    watts = np.array(law.chip_w[1:]) - law.idle_w
    return _from_rest(rates, watts, np.ones(n - 1), np.full(n - 1, law.host_frac))


def _language_curve(site: ReplicaSite, lengths: Lengths) -> Curve:
    """Continuous batching in steady state: b sequences decode; each request brings its prompt in mixed iterations.

    With n_c chunks a prompt of t_m seconds each, and decode steps of t_d seconds: a request ends every
    n_c t_m + max(O / b - n_c, 0) t_d seconds, since a mixed iteration decodes too.
    """
    law, config = site.law, site.config
    most = min(config.max_batch, int(config.n_blocks * config.block_tokens / (lengths.prompt + lengths.output)))
    sizes = np.unique(np.round(np.geomspace(1, max(1, most), 24)).astype(int))
    rows = [_batch_point(site, int(b), lengths) for b in sizes.tolist()]
    rate, watts, busy, host = (np.array(column) for column in zip(*rows, strict=True))
    rises = np.concatenate([[True], np.diff(np.maximum.accumulate(rate)) > 0.0])
    return _from_rest(rate[rises], watts[rises] - law.idle_w, busy[rises], host[rises])


def _batch_point(site: ReplicaSite, b: int, lengths: Lengths) -> tuple[float, float, float, float]:
    """Requests a second, watts of a chip, achieved share and host share with b sequences decoding."""
    law, budget = site.law, site.config.max_batch_tokens
    context = round(b * (lengths.prompt + 0.5 * lengths.output))
    n_chunks = max(1, ceil(lengths.prompt / max(1, budget - b)))
    chunk = max(1, round(lengths.prompt / n_chunks))
    mixed_s, *mixed = law.iteration_load(chunk, 0.5 * chunk * lengths.prompt, b, context)
    step_s, *step = law.stretch_load(b, context, 1)
    n_steps = max(lengths.output / b - n_chunks, 0.0)
    each_s = n_chunks * mixed_s + n_steps * step_s
    share = n_chunks * mixed_s / each_s
    watts, compute, memory, host = (share * m + (1.0 - share) * s for m, s in zip(mixed, step, strict=True))
    return 1.0 / each_s, watts, max(compute, memory), host


def _from_rest(rate: FloatArray, watts: FloatArray, busy: FloatArray, host: FloatArray) -> Curve:
    """A curve that begins at rest: below its first point a replica works part of the time."""
    columns = (np.concatenate([[0.0], column]) for column in (rate, watts, busy, host))
    return Curve(*columns)


def served_frac(curve: Curve, rate_per_s: FloatArray) -> FloatArray:
    """Share of a rate (n,) that one replica can carry."""
    return np.minimum(1.0, curve.rate_per_s[-1] / np.maximum(rate_per_s, 1e-12))
