"""What one accelerator can do and draws: peaks, what is reached of them, overheads, watts."""

from __future__ import annotations

from dataclasses import dataclass, fields

from twin.errors import ModelRangeError
from twin.physics.kernels import KernelLaws
from twin.physics.watts import WattsLaw

_FRACTIONS = ("eff_compute_frac", "eff_memory_frac")
_POSITIVE = ("peak_flops", "mem_bw_bytes_s", "tdp_w", *_FRACTIONS)


@dataclass(frozen=True, slots=True)
class ChipLaw:
    """Scalars of one accelerator at the precision it computes in.

    Units follow the names. `kernel_t0_s` is the fixed device time per layer, `host_overhead_s` and `host_per_seq_s` the
    serial host time per iteration and per sequence in it. `compute_w_frac` and `memory_w_frac` are the shares of
    `tdp_w - idle_w` drawn at full arithmetic rate and at full memory bandwidth. `link_bw_bytes_s` is one direction of
    the link used by tensor parallelism. `kernels` are the fitted laws of a device that was measured; they replace the
    efficiencies, the soft corner and the time per layer, which stand for a device known by its data sheet only.
    `n_processors` and `cache_bytes` are what these laws count with. `watts` is the fitted law of a device whose power
    was measured; it replaces `compute_w_frac` and `memory_w_frac`. Raises ModelRangeError on a value outside its
    physical range.
    """

    peak_flops: float
    mem_bw_bytes_s: float
    eff_compute_frac: float
    eff_memory_frac: float
    soft_corner_p: float
    kernel_t0_s: float
    host_overhead_s: float
    host_per_seq_s: float
    idle_w: float
    tdp_w: float
    compute_w_frac: float
    memory_w_frac: float
    link_bw_bytes_s: float = 0.0
    link_latency_s: float = 0.0
    n_processors: int = 1
    cache_bytes: float = 0.0
    kernels: KernelLaws | None = None
    watts: WattsLaw | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name in ("kernels", "watts"):
                continue
            value = getattr(self, field.name)
            lowest_is_open = field.name in _POSITIVE
            if not (value > 0.0 if lowest_is_open else value >= 0.0) or value == float("inf"):
                bound = "above 0" if lowest_is_open else "at least 0"
                raise ModelRangeError(f"{field.name} is {value}, must be finite and {bound}", "accelerator")
        for name in _FRACTIONS:
            if getattr(self, name) > 1.0:
                raise ModelRangeError(
                    f"{name} is {getattr(self, name)}, nothing runs above its peak (1)", "accelerator"
                )
        if self.soft_corner_p < 1.0:
            raise ModelRangeError(f"soft_corner_p is {self.soft_corner_p}, must be at least 1", "accelerator")
        if self.idle_w > self.tdp_w:
            raise ModelRangeError(f"idle_w {self.idle_w} W is above tdp_w {self.tdp_w} W", "accelerator")


def accelerator_w(chip: ChipLaw, compute_frac: float, memory_frac: float) -> float:
    """Power of an accelerator: `idle + (tdp - idle) min(1, cw fc + mw fm)`.

    compute_frac, memory_frac: achieved arithmetic and bandwidth over their peaks, 0..1.
    Source: linear activity model, an engineering choice to be calibrated per device, not a published law.
    """
    load_frac = min(1.0, chip.compute_w_frac * compute_frac + chip.memory_w_frac * memory_frac)
    return chip.idle_w + (chip.tdp_w - chip.idle_w) * load_frac
