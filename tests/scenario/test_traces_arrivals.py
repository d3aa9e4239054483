"""Arrivals drawn for lengths alone, and requests spread inside the ticks of a coarse clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DocumentError
from twin.scenario.traces.arrivals import ArrivalProcess, Spread, quantisation, spread_arrivals, with_arrivals
from twin.scenario.traces.columns import ColumnMap
from twin.scenario.traces.inspect import inspect_requests
from twin.scenario.traces.requests import RequestTable, read_lengths, read_requests


def table_of(arrival_s: list[float]) -> RequestTable:
    n = len(arrival_s)
    numbers = np.arange(1, n + 1)
    return RequestTable(np.array(arrival_s, dtype=np.float64), numbers, numbers, "made", n, {})


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def test_even_spreading_places_requests_at_equal_distances() -> None:
    table = spread_arrivals(table_of([0, 0, 0, 3, 3, 6, 6, 6, 6]), "even", rng())
    expected = [0.5, 1.5, 2.5, 3.75, 5.25, 6.375, 7.125, 7.875, 8.625]
    assert table.arrival_s.tolist() == pytest.approx(expected, abs=1e-12)
    assert table.prompt_tokens.tolist() == list(range(1, 10))


def test_an_early_tick_is_not_passed_and_a_missing_one_not_filled() -> None:
    table = spread_arrivals(table_of([0, 0, 2.99, 2.99, 5.99, 5.99, 11.99, 11.99]), "even", rng())
    assert table.arrival_s[:2].tolist() == pytest.approx([0.7475, 2.2425])
    assert table.arrival_s[4:6].tolist() == pytest.approx([6.74, 8.24])


def test_random_spreading_is_seeded_and_uniform_in_the_tick() -> None:
    ticks = table_of([3.0 * (i // 50) for i in range(10_000)])
    first, again = (spread_arrivals(ticks, "random", np.random.default_rng(4)).arrival_s for _ in range(2))
    other = spread_arrivals(ticks, "random", np.random.default_rng(5)).arrival_s
    assert first.tolist() == again.tolist() != other.tolist()
    place = first % 3.0
    assert place.mean() == pytest.approx(1.5, abs=4 * 3 / np.sqrt(12 * 10_000))
    assert np.histogram(place, bins=6, range=(0, 3))[0].min() > 1500


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=60), st.sampled_from(["even", "random"]), st.integers(0, 9))
def test_spreading_keeps_order_and_ticks(ticks: list[int], how: Spread, seed: int) -> None:
    table = table_of([3.0 * tick for tick in sorted(ticks)])
    if quantisation(table.arrival_s) is None:
        with pytest.raises(DocumentError, match="not quantised"):
            spread_arrivals(table, how, np.random.default_rng(seed))
        return
    spread_s = spread_arrivals(table, how, np.random.default_rng(seed)).arrival_s
    step_s = float(np.median(np.diff(np.unique(table.arrival_s))))
    assert np.all(np.diff(spread_s) >= 0)
    assert np.all(spread_s >= table.arrival_s)
    assert np.all(spread_s <= table.arrival_s + step_s)


@pytest.mark.parametrize(
    "arrival_s",
    [[1.0], [0, 0, 0], [0, 1, 2, 3], [0, 0, 0, 1, 1, 1, 2.4, 2.4, 2.4, 9.1, 9.1]],
    ids=["one", "one instant", "one by one", "no grid"],
)
def test_arrivals_off_a_grid_are_not_called_quantised(arrival_s: list[float]) -> None:
    assert quantisation(np.array(arrival_s, dtype=np.float64)) is None
    with pytest.raises(DocumentError, match=r"made: the arrivals are not quantised.*leave spread_arrivals out"):
        spread_arrivals(table_of(arrival_s), "even", rng())


def test_spreading_takes_the_bursts_out_of_the_mooncake_trace(data_dir: Path) -> None:
    table = read_requests(data_dir / "llm" / "mooncake_conversation.jsonl.gz")
    hows: list[Spread] = ["even", "random"]
    for how in hows:
        spread = spread_arrivals(table, how, rng())
        counts = np.bincount(spread.arrival_s.astype(np.int64), minlength=3537)
        assert counts.var() / counts.mean() < 1.6  # 7.9 as the file has it
        assert len(np.unique(spread.arrival_s)) == len(table)
        assert np.all(np.diff(spread.arrival_s) >= 0)
        assert np.abs(spread.arrival_s - table.arrival_s).max() < 3.003
        assert spread.prefix is table.prefix


@pytest.mark.parametrize("gap_cv", [0.3, 1.0, 2.5])
def test_a_process_has_the_rate_and_variation_it_is_given(gap_cv: float) -> None:
    n = 200_000
    arrival_s = ArrivalProcess(8.0, gap_cv).arrivals_s(n, rng())
    gaps_s = np.diff(arrival_s, prepend=0.0)
    assert gaps_s.mean() == pytest.approx(1 / 8, abs=5 * gap_cv / 8 / np.sqrt(n))
    assert gaps_s.std() / gaps_s.mean() == pytest.approx(gap_cv, rel=0.03)
    assert gaps_s.min() >= 0


def test_poisson_counts_have_as_much_variance_as_mean() -> None:
    counts = np.bincount(ArrivalProcess(5.0).arrivals_s(100_000, rng()).astype(np.int64))[:-1]
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=0.05)


LENGTHS = (
    "num_prefill_tokens,num_decode_tokens,num_total_tokens,pd_ratio\n3772,54,3826,69.85\nx,1,1,1\n10,2,12,5\n7,0,7,0\n"
)


def test_lengths_alone_keep_the_order_of_the_file_and_count_what_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "lengths.csv"
    path.write_text(LENGTHS)
    table = with_arrivals(read_lengths(path), ArrivalProcess(2.0), rng())
    assert (table.prompt_tokens.tolist(), table.output_tokens.tolist()) == ([3772, 10], [54, 2])
    assert (table.rows_read, table.dropped) == (4, {"bad_number": 1, "no_output_tokens": 1})
    assert 0 < table.arrival_s[0] < table.arrival_s[1]
    again = with_arrivals(read_lengths(path), ArrivalProcess(2.0), rng())
    assert again.arrival_s.tolist() == table.arrival_s.tolist()


def test_lengths_of_any_name_can_be_mapped_and_an_arrival_column_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "named.csv"
    path.write_text("when,in,out\nnever,5,6\n,7,8\n")
    assert read_lengths(path, ColumnMap(prompt="in", output="out")).prompt_tokens.tolist() == [5, 7]
    assert read_lengths(path, ColumnMap(arrival="when", prompt="in", output="out")).dropped == {}
    with pytest.raises(DocumentError, match=r"named\.csv:1: length columns of no known trace.*columns: \{prompt"):
        read_lengths(path)
    with pytest.raises(DocumentError, match="names no arrival column"):
        read_requests(path, ColumnMap(prompt="in", output="out"))


def test_a_file_of_lengths_alone_names_the_way_to_give_it_arrivals(tmp_path: Path) -> None:
    path = tmp_path / "lengths.csv"
    path.write_text(LENGTHS)
    with pytest.raises(
        DocumentError, match=r"no arrival column 'arrived_at'.*arrivals: \{process: poisson, rate_per_s: N\}"
    ):
        inspect_requests(path)


def test_the_summarisation_lengths_have_their_published_figures(data_dir: Path) -> None:
    # microsoft/vidur @ 7d475133, arxiv summarisation lengths: 28,257 rows without arrival times.
    table = read_lengths(data_dir / "llm" / "vidur_arxiv_summarization_lengths.csv.gz")
    assert (len(table), table.rows_read, table.dropped) == (28_257, 28_257, {})
    assert np.median(table.prompt_tokens) == 2730
    assert (np.median(table.output_tokens), round(np.quantile(table.output_tokens, 0.99))) == (167, 3271)
    assert (table.prompt_tokens + table.output_tokens).max() <= 4096
    timed = with_arrivals(table, ArrivalProcess(5.0, 2.0), rng())
    assert len(timed) / timed.arrival_s[-1] == pytest.approx(5.0, rel=0.06)
