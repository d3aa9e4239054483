"""The scenario document: what may stand in it, its defaults, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import TwinError
from twin.scenario.model import Scenario, read_scenario, scenario_from

LEAST = {
    "format": "twin-scenario",
    "version": 1,
    "name": "least",
    "layout": "hall.layout.json",
    "workloads": [{"id": "w", "model": "llama-3.1-8b", "generator": {"rate_per_s": 1}}],
}


def scenario(**parts: object) -> Scenario:
    return scenario_from({**LEAST, **parts}, "s.yaml")


def test_the_least_scenario_is_complete() -> None:
    found = scenario()
    assert (found.hours, found.pulse_s, found.seed, found.grain) == (1.0, 1.0, 1, "request")
    assert found.workloads[0].router == "least_outstanding"
    assert found.workloads[0].replicas.count == "all"


def test_every_shipped_scenario_is_read(layouts_dir: Path) -> None:
    paths = sorted((layouts_dir / "scenarios").glob("*.yaml"))
    assert layouts_dir / "scenarios/small_room_chat.yaml" in paths
    for path in paths:
        found = read_scenario(path)
        assert (path.parent / found.layout).is_file(), path.name


def test_a_document_written_and_read_again_is_the_same() -> None:
    found = scenario(faults=[{"at_s": 3, "element": "A1/u03"}], sheets={"nxt_rngd": {"fan_max_w": 3}})
    assert scenario_from(found.model_dump(mode="json"), "s.yaml") == found


@pytest.mark.parametrize("start", ["2026-07-15T14:00", "2024-02-29T23:59:59", "2025-12-31T00:00"])
def test_a_local_time_is_taken(start: str) -> None:
    assert scenario(start=start).start == start


@pytest.mark.parametrize(
    "start", ["2026-02-29T00:00", "2026-13-01T00:00", "2026-07-15", "2026-07-15T25:00", "2026-07-15T14:00Z", "now", ""]
)
def test_what_is_no_local_time_is_refused(start: str) -> None:
    with pytest.raises(TwinError, match=r"s\.yaml start: no such time; .* such as 2026-07-15T14:00"):
        scenario(start=start)


@pytest.mark.parametrize("element", ["CRAH-1", "A1/u03", "ROW-A-03/LEAF.1"])
def test_an_element_is_a_name_or_a_server_in_a_rack(element: str) -> None:
    assert scenario(faults=[{"at_s": 0, "element": element}]).faults[0].element == element


@pytest.mark.parametrize("element", ["", "/u03", "A1/", "A1/u03/x", "a b", "../x"])
def test_an_element_that_is_no_name_is_refused(element: str) -> None:
    with pytest.raises(TwinError, match=r"faults\[0\]\.element"):
        scenario(faults=[{"at_s": 0, "element": element}])


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": float("inf")}, "hours"),
        ({"pulse_s": float("nan")}, "pulse_s"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"grain": "tokens"}, "grain"),
        ({"workloads": [], "loads": [{"id": "x", "host_frac": 2}]}, r"loads\[0\]\.host_frac"),
        ({"weather": {"kind": "fixed", "dry_bulb_c": 20}}, "weather"),
        ({"weather": {"kind": "file"}}, "weather"),
        ({"weather": {"kind": "fixed", "dry_bulb_c": 20, "humidity_frac": 1.2}}, "weather.humidity_frac"),
        ({"tariff": {"per_kwh": -1}}, "tariff.per_kwh"),
        ({"policies": [{"at_s": 0, "element": "X", "field": "colour", "value": 1}]}, r"policies\[0\]"),
        ({"record": {"every_s": 0}}, "record.every_s"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(parts: dict[str, object], place: str) -> None:
    with pytest.raises(TwinError, match=rf"^s\.yaml {place}") as caught:
        scenario(**parts)
    error = getattr(caught.value, "problems", (caught.value,))[0]
    assert error.hint


@pytest.mark.parametrize("sources", [{}, {"generator": {"rate_per_s": 1}, "trace": {"file": "t.csv"}}])
def test_a_workload_has_exactly_one_source(sources: dict[str, object]) -> None:
    with pytest.raises(TwinError, match="either a trace or a generator"):
        scenario(workloads=[{"id": "w", "model": "m", **sources}])


def test_two_workloads_do_not_share_an_id() -> None:
    with pytest.raises(TwinError, match="id 'w' is given to 2 workloads; rename one"):
        scenario(workloads=[LEAST["workloads"][0]] * 2)  # type: ignore[index]
