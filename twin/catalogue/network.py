"""Switches and network adapters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.catalogue.device import Device, Fraction, NotNegative, Positive


class Switch(Device):
    """An Ethernet, InfiniBand or scale-up switch in rack units."""

    kind: Literal["switch"] = "switch"
    fabric: Literal["ethernet", "infiniband", "nvlink", "pcie"] = "ethernet"
    u_height: NotNegative
    weight_kg: Positive | None = None
    ports: int = Field(ge=1)
    port_bytes_s: Positive = Field(description="rate of one port, one direction, bytes/s")
    typical_w: Positive | None = Field(None, description="typical draw, W")
    max_w: Positive | None = Field(None, description="rated maximum, W")
    port_w: NotNegative | None = Field(None, description="optics of one lit port, W")
    airflow: Literal["front_to_rear", "rear_to_front", "side", "none"] = "front_to_rear"
    liquid_frac: Fraction = Field(0.0, description="share of its heat that leaves by liquid")
