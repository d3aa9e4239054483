"""The electrical path: transformers, UPS, batteries, generators, switches and distribution."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import log
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from twin.catalogue.device import Device, Footprint, Fraction, NotNegative, Positive, Sheet
from twin.catalogue.reliability import Reliability
from twin.physics.electrical import fit_loss_abc

PowerRole = Literal[
    "utility",
    "transformer",
    "generator",
    "ats",
    "sts",
    "ups",
    "switchboard",
    "pdu",
    "rpp",
    "busway",
    "rack_pdu",
    "rectifier",
]


class LossCurve(Sheet):
    """Loss over rated power = a + b x + c x², x = load over rating; or efficiency points fitted to it; or affine.

    Affine is P_in = (P_out + offset_w) / slope_efficiency, in watts whatever the rating.
    """

    a: NotNegative | None = None
    b: float | None = None
    c: NotNegative | None = None
    efficiency: dict[float, Fraction] = Field(
        default_factory=dict, description="load fraction -> efficiency, >= 3 points"
    )
    offset_w: NotNegative | None = Field(None, description="W added to the output before the efficiency applies")
    slope_efficiency: Annotated[float, Field(gt=0, le=1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> LossCurve:
        has_abc = None not in (self.a, self.b, self.c)
        has_affine = None not in (self.offset_w, self.slope_efficiency)
        if has_abc + bool(self.efficiency) + has_affine != 1:
            raise ValueError("give either a, b and c, or efficiency points, or offset_w and slope_efficiency")
        return self

    def terms(self, rated_w: float) -> tuple[float, float, float]:
        """a, b, c of loss / rated for a rating, W."""
        if self.offset_w is not None and self.slope_efficiency is not None:
            # P_in = (P_out + k) / eta, as loss over rating.
            return self.offset_w / self.slope_efficiency / rated_w, 1.0 / self.slope_efficiency - 1.0, 0.0
        if self.a is not None and self.b is not None and self.c is not None:
            return self.a, self.b, self.c
        return _fitted_terms(tuple(sorted(self.efficiency.items())))


@cache
def _fitted_terms(points: tuple[tuple[float, float], ...]) -> tuple[float, float, float]:
    """a, b, c through load fractions and efficiencies; a hall asks for one sheet tens of thousands of times."""
    fitted = fit_loss_abc(np.array([x for x, _ in points]), np.array([y for _, y in points]))
    return float(fitted[0]), float(fitted[1]), float(fitted[2])


class PowerElement(Device):
    """One kind of element between the utility and the server cord."""

    kind: Literal["power"] = "power"
    role: PowerRole
    footprint: Footprint | None = Field(
        None, description="size on the floor; none for what hangs or is fitted in a rack"
    )
    u_height: NotNegative = Field(0, description="rack units taken when fitted in a rack")
    weight_kg: Positive | None = None
    rated_w: Positive | None = Field(None, description="active power it may carry, W")
    rated_va: Positive | None = Field(None, description="apparent power it may carry, VA")
    voltage_in_v: Positive | None = None
    voltage_out_v: Positive | None = None
    phases: Literal[1, 3] = 3
    outlets: int | None = Field(None, ge=1, description="ways or outlets")
    loss: LossCurve | None = Field(None, description="none: lossless, a wire")
    modes: dict[str, LossCurve] = Field(
        default_factory=dict,
        description="further operating modes, such as eco; battery: a UPS on its battery",
    )
    modules: int = Field(1, ge=1, description="power modules in its frame, alike and in parallel")
    module_w: Positive | None = Field(None, description="rating of one module, W; none: an even part of rated_w")
    start_s: NotNegative | None = Field(None, description="start to load, s (generator)")
    step_frac: Fraction | None = Field(None, description="largest step of its load over rating (generator, UPS)")
    transfer_s: NotNegative | None = Field(
        None, description="gap while switching sources, s (ATS, STS; UPS: leaving eco mode)"
    )
    return_s: NotNegative | None = Field(None, description="wait before going back to the preferred source, s")
    smoothing_j: NotNegative = Field(
        0.0, description="energy its store gives each period of a swing to keep the input even, J; 0: it has none"
    )
    smoothing_round_trip_frac: Annotated[float, Field(gt=0, le=1)] = Field(
        1.0, description="energy that store gives over energy it takes"
    )
    tap_pitch_m: Positive | None = Field(None, description="distance of taps (busway)")
    length_m: Positive | None = Field(None, description="length (busway)")
    reliability: Reliability | None = Field(None, description="rates that differ from the table of its role")

    @model_validator(mode="after")
    def _modules_reach_its_rating(self) -> PowerElement:
        total_w = self.modules * (self.module_w or 0.0)
        if self.module_w is not None and self.rated_w is not None and total_w < self.rated_w:
            raise ValueError(
                f"{self.modules} modules of {self.module_w:g} W are {total_w:g} W, less than rated_w {self.rated_w:g} W"
            )
        return self


class Battery(Device):
    """Energy store of a UPS: the maker's constant-power table, or energy for a flat chemistry."""

    kind: Literal["battery"] = "battery"
    chemistry: Literal["vrla", "li_ion"]
    footprint: Footprint | None = None
    weight_kg: Positive | None = None
    energy_j: Positive | None = Field(None, description="usable energy, J")
    power_w_at_s: dict[float, Positive] = Field(default_factory=dict, description="run time s -> constant power W")
    end_of_life_frac: Fraction | None = Field(None, description="capacity left at the end of its life")
    reliability: Reliability | None = Field(None, description="rates that differ from the table of batteries")

    @model_validator(mode="after")
    def _lasts_longer_at_less(self) -> Battery:
        points = sorted(self.power_w_at_s.items())
        for (sooner_s, high_w), (later_s, low_w) in pairwise(points):
            # Between two points the energy is linear in log P; with more gain than this the time would rise with P.
            gain_frac = sooner_s * high_w / (later_s * low_w) - 1.0
            if high_w <= low_w or gain_frac >= log(high_w / low_w):
                raise ValueError(
                    f"power_w_at_s: {high_w:g} W for {sooner_s:g} s, but {low_w:g} W for {later_s:g} s; "
                    "a higher power must be carried for a shorter time"
                )
        return self
