"""The line about the air of a run: its model, its error, the hottest rack and the hours over limits."""

from __future__ import annotations


def air_rows(air: object) -> list[tuple[str, str]]:
    """One row; none where a result says nothing of its air."""
    if not isinstance(air, dict) or air.get("hottest_rack") is None:
        return []
    parts = [_model(air), f"hottest {air['hottest_rack']}"]
    top_c = air.get("inlet_top_c_max")
    if isinstance(top_c, float) and air.get("model") != "mixed":
        parts.append(f"hottest upper third {top_c:.1f} °C")
    over = air.get("hours_over")
    if isinstance(over, dict):
        parts.append(f"{over['recommended']:.3g} h over 27 °C, {over['allowable']:.3g} h over 32 °C")
    return [("air", "; ".join(parts))]


def _model(air: dict[str, object]) -> str:
    if air.get("model") == "mixed":
        return "one well-mixed room"
    error_k = air.get("error_k_rms")
    error = f"{error_k[0]:g} to {error_k[1]:g} K RMS from CFD" if isinstance(error_k, list) else "not held against CFD"
    return f"{air['model']} flow on cells of {air['cell_m']:g} m, {error}"
