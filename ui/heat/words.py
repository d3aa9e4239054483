"""What the window says about a picture of the air."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui import format as fmt
from ui.heat.messages import Picture, Source

translate = QCoreApplication.translate


def tier_words(picture: Picture) -> str:
    """Which model, on which cells, how well it closes, and what it misses CFD by."""
    names = {"instant": translate("heat", "Instant model"), "settled": translate("heat", "Settled model")}
    parts = [
        names[picture.tier],
        translate("heat", "cells {size} m").format(size=f"{picture.cell_m:g}"),
        translate("heat", "residual {part}").format(part=f"{picture.residual:.0e}".replace("e-0", "e-")),
        translate("heat", "error {error} K RMS against CFD").format(error=error_words(picture.error_k)),
        time_words(picture.solve_s),
    ]
    return " · ".join(parts)


def error_words(error_k: float) -> str:
    """One figure more where it is small."""
    return fmt.number(error_k, 2 if error_k < 0.1 else 1)


def time_words(time_s: float) -> str:
    """Milliseconds, or seconds where there are many."""
    return f"{time_s * 1e3:.0f} ms" if time_s < 1.0 else f"{time_s:.1f} s"


def hottest_words(picture: Picture) -> str:
    """The hottest inlet, or that none is named."""
    if picture.max_inlet_c is None:
        return translate("heat", "no hottest rack is named")
    return translate("heat", "hottest inlet {value}").format(value=fmt.CELSIUS.text(picture.max_inlet_c))


def source_words(source: Source) -> str:
    """Where a part of a rack's air comes from."""
    if source.kind == "tile":
        return translate("heat", "Floor tiles")
    if source.kind == "own":
        return translate("heat", "Own exhaust")
    if source.kind == "others":
        return translate("heat", "Other sources")
    if source.kind == "supply":
        return translate("heat", "Supply of {name}").format(name=source.name)
    return translate("heat", "Exhaust of {name}").format(name=source.name)


def class_words(air_class: str) -> str:
    """The ASHRAE range an inlet is in."""
    if air_class == "recommended":
        return translate("heat", "recommended")
    return translate("heat", "{name} allowable").format(name=air_class) if air_class else translate("heat", "beyond A4")
