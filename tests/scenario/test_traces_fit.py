"""The shipped table can be made again from the trace it names, and fitting recovers what was generated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.files import asset_dir, read_yaml, validated
from twin.scenario.traces.fit import fit_table, yaml_text
from twin.scenario.traces.generate import GeneratorTable, generate_requests, load_table
from twin.scenario.traces.requests import RequestTable, read_requests


def test_the_shipped_table_is_the_fit_of_the_azure_trace(data_dir: Path) -> None:
    trace = read_requests(data_dir / "llm" / "azure2023_conv.csv.gz")
    shipped = load_table("azure_conv_2023")
    made_again = yaml_text(fit_table(trace, shipped.source, shipped.licence))
    assert made_again == (asset_dir() / "traces" / "azure_conv_2023.yaml").read_text(encoding="utf-8")


def test_fitting_generated_requests_gives_the_table_back() -> None:
    figures = load_table("azure_conv_2023")
    trace = generate_requests("azure_conv_2023", 100.0, 60.0 * len(figures.minute_rate) + 1, np.random.default_rng(1))
    fitted = fit_table(trace, "a: b # c", "none")
    assert fitted.gap_cv == pytest.approx(figures.gap_cv, rel=0.01)
    assert fitted.minute_rate == pytest.approx(figures.minute_rate, rel=0.06)
    assert fitted.prompt_tokens[2:-2] == pytest.approx(figures.prompt_tokens[2:-2], rel=0.04)


def test_a_written_table_reads_back_the_same(tmp_path: Path) -> None:
    trace = generate_requests("azure_conv_2023", 20.0, 200.0, np.random.default_rng(2))
    table = fit_table(trace, 'a: b # c "d" é', "none")
    path = tmp_path / "mine.yaml"
    path.write_text(yaml_text(table), encoding="utf-8")
    assert validated(GeneratorTable, read_yaml(path), str(path)) == table


def test_too_little_to_fit_is_refused() -> None:
    def regular(n: int, gap_s: float) -> RequestTable:
        ones = np.ones(n, dtype=np.int64)
        return RequestTable(np.arange(n) * gap_s, ones, ones, "regular", n, {})

    with pytest.raises(DocumentError, match="100 requests over 1 whole minutes"):
        fit_table(regular(100, 1.0), "", "")
    with pytest.raises(DocumentError, match="minute 2 has no request"):
        fit_table(regular(30, 100.0), "", "")
