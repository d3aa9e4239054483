"""Accelerators, servers and racks: what computes and what holds it."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from twin.catalogue.device import Device, Fraction, Id, NotNegative, Positive, Sheet
from twin.catalogue.electrical import LossCurve
from twin.catalogue.pim import PimMemory
from twin.physics.electrical import loss_through
from twin.physics.kernels import KernelLaws
from twin.physics.watts import WattsLaw

Precision = Literal["fp32", "fp16", "bf16", "fp8", "int8", "int4"]

Part = Literal["dense", "elementwise", "decode", "chunk", "tile", "collective", "watts", "requests"]


class ServingLaw(Sheet):
    """Parameters of the iteration law of one accelerator (see twin.physics.chip)."""

    eff_compute_frac: Fraction = Field(description="reachable share of peak FLOP/s in large matrix products")
    eff_memory_frac: Fraction = Field(description="reachable share of peak memory bandwidth")
    soft_corner_p: Positive = Field(description="sharpness of the corner between compute and memory limits")
    kernel_t0_s: NotNegative = Field(description="fixed device time per layer and iteration, s")
    host_overhead_s: NotNegative = Field(description="host time per iteration, s")
    host_per_seq_s: NotNegative = Field(description="host time per running request and iteration, s")
    link_latency_s: NotNegative = Field(description="start-up time of one collective step, s")
    compute_w_frac: NotNegative = Field(
        description="share of (TDP - idle) drawn at peak FLOP/s; may exceed 1, the sum is held at TDP"
    )
    memory_w_frac: NotNegative = Field(description="share of (TDP - idle) drawn at peak bandwidth")


class Accelerator(Device):
    """A chip, card or module that runs models: GPU, NPU, PIM, or NPU with PIM."""

    kind: Literal["accelerator"] = "accelerator"
    family: Literal["gpu", "npu", "npu_pim", "pim"] = Field(description="class of the chip; decides its colour")
    form: str = Field("", description="card, module, package")
    process_nm: Positive | None = Field(None, description="process node, nm")
    peak_flops: dict[Precision, Positive] = Field(
        default_factory=dict, description="dense peak per precision, FLOP/s (or op/s for integers)"
    )
    memory_kind: str = Field("", description="memory technology")
    memory_bytes: Positive | None = Field(None, description="memory capacity, bytes")
    memory_bw_bytes_s: Positive | None = Field(None, description="external memory bandwidth, bytes/s")
    pim_bw_bytes_s: Positive | None = Field(None, description="bandwidth inside the memory for PIM, bytes/s")
    sram_bytes: Positive | None = Field(None, description="on-chip memory, bytes")
    n_processors: int | None = Field(None, ge=1, description="units that work on one tile at a time (GPU: SMs)")
    tdp_w: Positive | None = Field(None, description="thermal design power, W")
    idle_w: NotNegative | None = Field(None, description="power at idle, W")
    plate_k_w: Positive | None = Field(
        None, description="on a cold plate: chip above the coolant that leaves it, K per W; none: 30 K at TDP"
    )
    throttle_c: Positive | None = Field(None, description="chip temperature from which clocks fall, °C; none: 90")
    trip_c: Positive | None = Field(None, description="chip temperature at which it shuts itself off, °C; none: 95")
    sleep_w: NotNegative | None = Field(None, description="power with its weights released, W; none: as at idle")
    host_link: str = Field("", description="link to the host")
    host_link_bytes_s: Positive | None = Field(None, description="link to the host, one direction, bytes/s")
    scaleup_bytes_s: Positive | None = Field(None, description="links to sister chips, both directions summed, bytes/s")
    pim: PimMemory | None = Field(None, description="memory that computes; needs pim_bw_bytes_s")
    serving: ServingLaw | None = Field(None, description="parameters of the iteration law")
    kernels: KernelLaws | None = Field(
        None, description="laws fitted on measured kernels; without them the device is known by its data sheet only"
    )

    watts: WattsLaw | None = Field(
        None, description="law fitted on measured power; without it the shares of (TDP - idle) under serving apply"
    )
    held_errors: dict[Part, Fraction] = Field(
        default_factory=dict, description="mean error of the fitted laws on rows held out of the fit, by part"
    )

    @property
    def serving_law(self) -> str:
        """How its speed is known: by fitted kernels, by class-wide efficiencies on its data sheet, or not at all."""
        if self.kernels is not None:
            return "measured kernels"
        return "data sheet only" if self.serving is not None else ""

    def missing_for_serving(self) -> list[str]:
        """Fields a simulation needs and the sheet lacks; empty when the device can be loaded with work."""
        needs = {
            "peak_flops": self.peak_flops,
            "memory_bytes": self.memory_bytes,
            "memory_bw_bytes_s": self.memory_bw_bytes_s,
            "tdp_w": self.tdp_w,
            "idle_w": self.idle_w,
            "serving": self.serving,
        }
        if self.pim is not None:
            needs["pim_bw_bytes_s"] = self.pim_bw_bytes_s
        return [name for name, value in needs.items() if not value]


class Fitted(Sheet):
    """So many of one device inside another."""

    type: Id
    count: int = Field(1, ge=1)


class PowerSupplies(Sheet):
    """The power supplies of a server: how many, how large, how lossy."""

    count: int = Field(ge=1)
    rated_w: Positive = Field(description="output rating of one, W")
    needed: int = Field(1, ge=1, description="how many must live for the server to run at full speed")
    throttles_at: int | None = Field(
        None, ge=1, description="fewest it still runs on, at lower clocks; none: it stops with fewer than `needed`"
    )
    efficiency: dict[float, Fraction] = Field(
        default_factory=dict, description="load fraction -> efficiency of the whole bank, at least three points"
    )
    loss: LossCurve | None = Field(None, description="in place of the efficiencies: loss of the bank over its rating")

    @model_validator(mode="after")
    def _one_curve(self) -> PowerSupplies:
        if self.loss is not None and self.efficiency:
            raise ValueError("give either efficiency or loss")
        return self

    @model_validator(mode="after")
    def _enough(self) -> PowerSupplies:
        if self.needed > self.count:
            raise ValueError(f"needed {self.needed} of {self.count} supplies; give at most {self.count}")
        if self.throttles_at is not None and self.throttles_at >= self.needed:
            raise ValueError(f"throttles_at {self.throttles_at} is not below needed {self.needed}; leave it out")
        return self

    @property
    def least(self) -> int:
        """Fewest it runs on at all."""
        return self.needed if self.throttles_at is None else self.throttles_at

    def living(self, n_live: int, n_cords: int) -> int:
        """How many live with so many of its cords: supplies are dealt evenly, one alone is on every cord."""
        return max(self.count * n_live // n_cords, 1) if n_live else 0

    def least_cords(self, n_cords: int) -> int:
        """Fewest live cords it runs with; one more than it has where even all of them are too few."""
        return next((n for n in range(1, n_cords + 1) if self.living(n, n_cords) >= self.least), n_cords + 1)

    @property
    def is_known(self) -> bool:
        """Whether the sheet says what it loses."""
        return self.loss is not None or bool(self.efficiency)

    @property
    def loss_terms(self) -> tuple[float, float, float, float]:
        """a, b, c, d of the loss of the bank over its rating, as in `loss_w`; nothing where the sheet is silent.

        The curve goes through the efficiencies of the sheet: three coefficients would miss 80 PLUS by 3 points.
        """
        if self.efficiency:
            return _terms_through(tuple(sorted(self.efficiency.items())))
        a, b, c = self.loss.terms(self.count * self.rated_w) if self.loss is not None else (0.0, 0.0, 0.0)
        return a, b, c, 0.0


@cache
def _terms_through(points: tuple[tuple[float, float], ...]) -> tuple[float, float, float, float]:
    a, b, c, d = loss_through(np.array([x for x, _ in points]), np.array([y for _, y in points])).tolist()
    return a, b, c, d


class Server(Device):
    """A box in rack units with accelerators, a host, fans and power supplies."""

    kind: Literal["server"] = "server"
    u_height: Positive = Field(description="height in rack units")
    width_m: Positive | None = Field(None, description="body width, m")
    depth_m: Positive | None = Field(None, description="body depth, m")
    weight_kg: Positive | None = None
    max_w: Positive | None = Field(None, description="rated maximum input, W")
    host_idle_w: NotNegative | None = Field(None, description="CPU, memory, NIC and board at idle, W")
    host_max_w: Positive | None = Field(None, description="the same at full work, W")
    fan_max_w: NotNegative | None = Field(None, description="fans at full speed, W")
    airflow_m3_s_per_w: Positive | None = Field(None, description="air moved per watt of heat, m3/s per W")
    airflow: Literal["front_to_rear", "rear_to_front", "side", "none"] = Field(
        "front_to_rear", description="way of the air"
    )
    max_inlet_c: float | None = Field(None, description="air inlet up to which clocks stay full, °C; none: 35 (A2)")
    liquid_frac: Fraction = Field(0.0, description="share of its heat that leaves by liquid")
    accelerators: tuple[Fitted, ...] = Field((), description="what computes in it")
    free_slots: int = Field(0, ge=0, description="card slots that may be filled by a layout")
    psu: PowerSupplies | None = None
    nic_count: int = Field(0, ge=0)
    nic_bytes_s: Positive | None = Field(None, description="rate of one network port, one direction, bytes/s")
    nic_w: NotNegative | None = Field(None, description="power of one network adapter, W (part of host_idle_w)")

    def missing_for_serving(self) -> list[str]:
        """Fields a simulation needs and the sheet lacks."""
        needs = {"host_idle_w": self.host_idle_w, "host_max_w": self.host_max_w, "fan_max_w": self.fan_max_w}
        return [name for name, value in needs.items() if value is None] + (
            [] if self.psu and self.psu.is_known else ["psu"]
        )


class Rack(Device):
    """A cabinet."""

    kind: Literal["rack"] = "rack"
    u_height: int = Field(ge=1, description="rack units inside")
    width_m: Positive
    depth_m: Positive
    height_m: Positive
    weight_kg: Positive | None = None
    max_kg: Positive | None = Field(None, description="static load it may carry, kg")
    power_budget_w: Positive | None = Field(None, description="power it is meant for, W")
