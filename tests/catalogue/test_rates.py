"""Failure rates come from a table with sources, and from closer by where somebody knows better."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from twin.catalogue.electrical import PowerRole
from twin.catalogue.rates import rate_book, read_rates, shipped_rates
from twin.catalogue.reliability import Reliability
from twin.errors import CatalogueError, DocumentError


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rates.yaml"
    path.write_text("format: twin-reliability\nversion: 1\n" + text)
    return path


def test_every_role_of_the_path_and_the_battery_has_rates() -> None:
    book = rate_book()
    for role in get_args(PowerRole):
        rates = book.of("X", role, None)
        assert rates.failures_per_year > 0.0
        assert rates.repair_h > 0.0
    assert 0.0 < book.of("X", "battery", None).start_failure_frac < 1.0


def test_every_rate_says_where_it_comes_from() -> None:
    for role, rates in shipped_rates().roles.items():
        for field in rates.model_dump(exclude_none=True, exclude={"provenance"}):
            assert field in rates.provenance or "*" in rates.provenance, f"{role} {field}"


def test_the_nearest_to_the_element_wins(tmp_path: Path) -> None:
    own = table(
        tmp_path,
        "roles: {ups: {repair_h: 9, provenance: {repair_h: {source: log book}}}}\nelements: {UPS-A: {repair_h: 11}}\n",
    )
    book = rate_book(own)
    sheet = Reliability(failures_per_year=0.5, repair_h=10)
    assert book.of("UPS-Z", "ups", None).repair_h == 9
    assert book.of("UPS-Z", "ups", sheet).repair_h == 10
    assert book.of("UPS-A", "ups", sheet).repair_h == 11
    assert book.of("UPS-A", "ups", sheet).failures_per_year == 0.5
    assert book.of("UPS-Z", "ups", None).failures_per_year == rate_book().of("", "ups", None).failures_per_year


def test_a_role_that_is_none_is_named_with_those_there_are(tmp_path: Path) -> None:
    path = table(tmp_path, "roles: {flywheel: {repair_h: 1, provenance: {'*': {source: x}}}}\n")
    with pytest.raises(DocumentError, match=r"roles: no role 'flywheel'; one of utility"):
        read_rates(path)


def test_a_number_without_a_source_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "roles: {ups: {repair_h: 1}}\n")
    with pytest.raises(DocumentError, match="no source for repair_h"):
        read_rates(path)


def test_a_share_above_one_is_refused_with_its_bound(tmp_path: Path) -> None:
    path = table(tmp_path, "elements: {UPS-A: {start_failure_frac: 2}}\n")
    with pytest.raises(DocumentError, match=r"start_failure_frac"):
        read_rates(path)


def test_a_role_no_table_knows_is_an_error_that_says_what_is_missing() -> None:
    with pytest.raises(CatalogueError, match=r"X1.*failures_per_year and repair_h of role flywheel"):
        rate_book().of("X1", "flywheel", None)
