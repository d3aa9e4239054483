"""Prompt and token times of whole DGX boxes (Splitwise): an engine without captured graphs, two models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twin.physics.fit import fitted
from twin.physics.operators import Peaks
from twin.physics.roofline import soft_roofline_s
from twin.validate.case import Array, Case, Group, over_rows
from twin.validate.devices import peaks_of
from twin.validate.tables import Table, read_table

PROMPT_BOUND_FRAC, TOKEN_BOUND_FRAC = 0.06, 0.03
FILE = "llm_measured/splitwise/perf_model.csv"
# hardware of the table, catalogue device, one direction of its links in bytes/s
BOXES = (("a100-80gb", "nvidia_a100_sxm80", 300e9), ("h100-80gb", "nvidia_h100_sxm", 450e9))
_LARGE_MESSAGE_BYTES = 64e6
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BoxModel:
    """Sizes of a model of the table; `kernels` are the launches of one layer, counted from its architecture."""

    n_layers: float
    hidden: float
    n_query: float
    n_kv: float
    layer_params: float
    vocab: float
    kernels: float


MODELS = {
    "llama2-70b": BoxModel(80, 8192, 64, 8, 2 * 8192**2 + 2 * 8192 * 1024 + 3 * 8192 * 28672, 32000, 10),
    "bloom-176b": BoxModel(70, 14336, 112, 112, 12 * 14336**2, 250880, 9),
}


@dataclass(frozen=True, slots=True)
class PromptLaw:
    """Parameters of a prompt phase: `host_s` hides under the device; `large_frac` is the link share above 64 MB."""

    host_s: float
    compute_frac: float
    link_frac: float
    large_frac: float
    corner_p: float
    token_s: float
    request_s: float


@dataclass(frozen=True, slots=True)
class TokenLaw:
    """Parameters of a token: host time per launch and request against device traffic, start-ups and request time."""

    launch_s: float
    host_request_s: float
    memory_frac: float
    hop_s: float
    cache_frac: float
    device_request_s: float
    corner_p: float


class Box:
    """Median points of one box, shape (points,) each, those above the peak arithmetic left out as not real."""

    def __init__(self, table: Table, hardware: str, peaks: Peaks, link_bw_bytes_s: float) -> None:
        self.peaks, self.link_bw_bytes_s = peaks, link_bw_bytes_s
        rows = table.where(table.words("hardware") == hardware)
        names = rows.words("model")
        shape = [rows.numbers(name) for name in ("tensor_parallel", "prompt_size", "batch_size", "token_size")]
        keys = sorted(set(zip(names.tolist(), *(column.tolist() for column in shape), strict=True)))
        same = [
            (names == key[0]) & np.all([c == v for c, v in zip(shape, key[1:], strict=True)], axis=0) for key in keys
        ]
        times = [
            [np.median(rows.numbers(name)[mask]) * 1e-3 for mask in same] for name in ("prompt_time", "token_time")
        ]
        self.prompt_s, self.token_s = np.array(times[0]), np.array(times[1])
        self.shards, self.prompt, self.batch, self.output = np.array([key[1:] for key in keys]).T
        for field in ("n_layers", "hidden", "n_query", "n_kv", "layer_params", "vocab", "kernels"):
            setattr(self, field, np.array([getattr(MODELS[key[0]], field) for key in keys]))
        self.is_real = self.flops / peaks.flops < self.prompt_s

    n_layers: Array
    hidden: Array
    n_query: Array
    n_kv: Array
    layer_params: Array
    vocab: Array
    kernels: Array

    @property
    def flops(self) -> Array:
        """Operations of the prompt phase on each accelerator, causal attention included."""
        tokens = self.prompt * self.batch
        attention = 2.0 * self.n_layers * self.n_query * 128.0 * self.batch * self.prompt**2
        return np.asarray((2.0 * self.n_layers * self.layer_params * tokens + attention) / self.shards)

    def prompt_time_s(self, law: PromptLaw) -> Array:
        """Time of the prompt phase: `(host^p + (F/(ec P) + ring + a N + r B)^p)^(1/p)`."""
        tokens = self.prompt * self.batch
        message = 2.0 * tokens * self.hidden
        ring_bytes = 4.0 * self.n_layers * (self.shards - 1.0) / self.shards * message
        is_large = (message >= _LARGE_MESSAGE_BYTES) & (self.shards > 2)
        share = np.where(is_large, law.large_frac, law.link_frac)
        device_s = self.flops / (law.compute_frac * self.peaks.flops) + ring_bytes / (share * self.link_bw_bytes_s)
        device_s = device_s + law.token_s * tokens + law.request_s * self.batch
        return np.asarray(soft_roofline_s(law.host_s, device_s, law.corner_p))

    def token_time_s(self, law: TokenLaw) -> Array:
        """Time of one token: launches and requests on the host against traffic and ring start-ups on the device."""
        bw = self.peaks.mem_bw_bytes_s
        weights = 2.0 * (self.n_layers * self.layer_params + self.vocab * self.hidden) / self.shards
        context = self.batch * (self.prompt + 0.5 * self.output)
        # Paged attention of that engine read keys and values once per query head.
        cache = context * 4.0 * self.n_layers * self.n_query * 128.0 / self.shards
        device_s = weights / (law.memory_frac * bw) + cache / (law.cache_frac * bw) + law.device_request_s * self.batch
        device_s = device_s + 4.0 * self.n_layers * (self.shards - 1.0) * law.hop_s
        host_s = law.launch_s * self.n_layers * self.kernels + law.host_request_s * self.batch
        return np.asarray(soft_roofline_s(host_s, device_s, law.corner_p))


FIRST_PROMPT = PromptLaw(0.05, 0.7, 0.5, 0.2, 4.0, 1e-5, 1e-3)
FIRST_TOKEN = TokenLaw(3e-5, 1e-4, 0.8, 5e-6, 0.8, 1e-4, 4.0)


def two_halves_s(fit: Callable[[Mask], Array], n_points: int) -> Array:
    """Times of every point by laws fitted without it: even points by the odd ones and the other way round.

    fit: gives all times by the law fitted on the points of a mask.
    """
    is_even = np.arange(n_points) % 2 == 0
    return np.where(is_even, fit(~is_even), fit(is_even))


def _cases(data: Path) -> Iterator[Case]:
    table = read_table(data / FILE)
    for hardware, device, link in BOXES:
        box = Box(table, hardware, peaks_of(device), link)
        real = box.is_real
        note = (
            f"median of repeats; each half fitted on the other; {np.sum(~real)} points above the peak FLOP/s left out"
        )

        def prompts(on: Mask, box: Box = box, real: Mask = real) -> Array:
            free = ("host_s", "compute_frac", "link_frac", "large_frac", "corner_p", "token_s", "request_s")
            most = {"compute_frac": 1.0, "link_frac": 1.0, "large_frac": 1.0, "corner_p": 8.0}
            use = np.flatnonzero(real)[on]
            law = fitted(FIRST_PROMPT, lambda law: box.prompt_time_s(law)[use], box.prompt_s[use], free, most, 5)
            return box.prompt_time_s(law)[real]

        def tokens(on: Mask, box: Box = box, real: Mask = real) -> Array:
            free = ("launch_s", "host_request_s", "memory_frac", "hop_s", "cache_frac", "device_request_s", "corner_p")
            use = np.flatnonzero(real)[on]
            most = {"memory_frac": 1.0, "corner_p": 8.0}
            law = fitted(FIRST_TOKEN, lambda law: box.token_time_s(law)[use], box.token_s[use], free, most, 5)
            return box.token_time_s(law)[real]

        n, everywhere = int(np.sum(real)), np.ones(int(np.sum(real)), dtype=bool)
        name = hardware.split("-")[0].upper()
        yield over_rows(
            f"Splitwise DGX-{name} prompt", two_halves_s(prompts, n), box.prompt_s[real], PROMPT_BOUND_FRAC, note
        )
        yield over_rows(
            f"Splitwise DGX-{name} token", two_halves_s(tokens, n), box.token_s[real], TOKEN_BOUND_FRAC, note
        )
        note = "the same laws fitted on all points, for comparison"
        yield over_rows(f"Splitwise DGX-{name} prompt, in sample", prompts(everywhere), box.prompt_s[real], None, note)
        yield over_rows(f"Splitwise DGX-{name} token, in sample", tokens(everywhere), box.token_s[real], None, note)


GROUPS = (Group("Splitwise DGX tables", (FILE,), _cases),)
