"""How far rack inlets of the air models are from CFD of rooms like the one at hand."""

from __future__ import annotations

from twin.plant.airflow import AirResult

CONTAINED_K, OPEN_K, SHORT_K, UNEVEN_K = 0.07, 1.0, 3.3, 4.8
"""RMS of the instant tier against CFD: closed aisles, open aisles, little air, a failed unit. Source: CFD reference of
nine rooms, potential flow less CFD."""
SETTLED_CONTAINED_K, SETTLED_OPEN_K, SETTLED_UNEVEN_K = 0.01, 0.42, 0.68
"""The same of the settled tier on cells of 0.3 m: closed aisle, worst open aisle, failed unit (`twin validate`). Tiles
whose holes make faster jets than their area says are not in it."""


def model_error_k(result: AirResult, is_settled: bool) -> float:
    """RMS of rack inlets against CFD to expect of a tier in a room like this one, K."""
    rules = {finding.rule for finding in result.findings}
    flows = result.cooler_m3_s
    is_uneven = len(flows) > 1 and float(flows.max() - flows.min()) > 0.2 * float(flows.mean())
    is_open = bool((~result.trust.is_contained & (result.rack_m3_s > 0.0)).any())
    if is_settled:
        return SETTLED_UNEVEN_K if is_uneven else (SETTLED_OPEN_K if is_open else SETTLED_CONTAINED_K)
    if "airflow.uneven_coolers" in rules or "airflow.short_circuit" in rules:
        return UNEVEN_K
    if "airflow.short_supply" in rules:
        return SHORT_K
    return OPEN_K if is_open else CONTAINED_K
