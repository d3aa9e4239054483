"""Lines about coolant loops in the summary of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from twin.record.words import percent, quantity


def liquid_rows(liquid: object) -> list[tuple[str, str]]:
    """A row of temperatures, one of pumps, and one for each loss of coolant with the seconds it left."""
    part = _part(liquid)
    if not part:
        return []
    shown = {name: _celsius(part.get(f"{name}_max")) for name in ("coolant_supply_c", "coolant_return_c", "chip_c")}
    rows = [
        (
            "coolant",
            f"supply up to {shown['coolant_supply_c']}, return {shown['coolant_return_c']}, chips {shown['chip_c']}",
        ),
        ("  heat", f"{quantity(part.get('heat_w_mean'), 'W')}, pumps {percent(part.get('pump_share_frac'))} of it"),
    ]
    losses = part.get("losses")
    for loss in losses if isinstance(losses, Sequence) else ():
        rows.append((f"  {loss['loop']}", _loss(_part(loss))))
    return rows


def _loss(loss: Mapping[str, object]) -> str:
    text = f"{loss['cause']} at {_seconds(loss['at_s'])}: "
    if loss["predicted_throttle_s"] is None:
        text += "no chip too hot within ten minutes"
    else:
        text += f"throttle in {_seconds(loss['predicted_throttle_s'])}, off in {_seconds(loss['predicted_trip_s'])}"
    came = [
        f"{word} after {_seconds(loss[name])}"
        for name, word in (("throttled_after_s", "throttled"), ("tripped_after_s", "off"))
        if loss[name] is not None
    ]
    return f"{text} ({', '.join(came) or 'neither happened'})"


def _seconds(value: object) -> str:
    return f"{value:.1f} s" if isinstance(value, float) else "more than ten minutes"


def _celsius(value: object) -> str:
    return f"{value:.1f} °C" if isinstance(value, float) else "–"


def _part(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}
