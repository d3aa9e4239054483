"""The request generator: like the trace it is named after, repeatable, and independent of rate where it should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError, TwinError
from twin.files import validated
from twin.scenario.traces.generate import Day, GeneratorTable, expected_count, generate_requests, load_table
from twin.scenario.traces.requests import RequestTable, read_requests

TABLE = "azure_conv_2023"
HOUR_S = 3600.0


def drawn(seed: int, rate_per_s: float = 5.53, duration_s: float = 3501.7) -> RequestTable:
    return generate_requests(TABLE, rate_per_s, duration_s, np.random.default_rng(seed))


def gap_cv(table: RequestTable) -> float:
    gaps_s = np.diff(table.arrival_s)
    return float(gaps_s.std() / gaps_s.mean())


def mean_ranks(values: np.ndarray) -> np.ndarray:
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]


def spearman(table: RequestTable) -> float:
    return float(np.corrcoef(mean_ranks(table.prompt_tokens), mean_ranks(table.output_tokens))[0, 1])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, again, other = drawn(1), drawn(1), drawn(2)
    for name in ("arrival_s", "prompt_tokens", "output_tokens"):
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()
        assert getattr(first, name).tobytes() != getattr(other, name).tobytes()


def test_requests_are_well_formed() -> None:
    table = drawn(3)
    assert np.all(np.diff(table.arrival_s) >= 0)
    assert table.arrival_s[0] >= 0
    assert table.arrival_s[-1] < 3501.7
    assert min(table.prompt_tokens.min(), table.output_tokens.min()) >= 1
    assert (table.prompt_tokens.dtype, table.output_tokens.dtype) == (np.int64, np.int64)
    assert (table.rows_read, table.dropped, table.source) == (len(table), {}, TABLE)


@pytest.mark.parametrize(("rate_per_s", "duration_s"), [(5.0, HOUR_S), (50.0, 90.0), (0.5, 6 * HOUR_S), (300.0, 7.0)])
def test_the_mean_rate_is_the_one_asked_for_at_any_duration(rate_per_s: float, duration_s: float) -> None:
    counts = [len(drawn(seed, rate_per_s, duration_s)) for seed in range(30)]
    expected = rate_per_s * duration_s
    # The count of a renewal process has variance cv^2 * expected; five standard errors of the mean of 30.
    assert np.mean(counts) == pytest.approx(expected, abs=5 * 1.03 * np.sqrt(expected / 30) + 1)


def test_rate_scaling_keeps_the_lengths() -> None:
    slow, fast = drawn(4, 2.0, HOUR_S), drawn(4, 20.0, HOUR_S)
    n = len(slow)
    assert len(fast) > 9 * n
    assert np.array_equal(slow.prompt_tokens, fast.prompt_tokens[:n])
    assert np.array_equal(slow.output_tokens, fast.output_tokens[:n])


def test_the_rate_follows_the_profile_of_the_trace() -> None:
    profile = np.array(load_table(TABLE).minute_rate)
    n_profile_s = len(profile) * 60.0
    table = drawn(5, 200.0, 2 * n_profile_s)
    per_minute = np.histogram(table.arrival_s, bins=2 * len(profile), range=(0, 2 * n_profile_s))[0]
    # 12,000 requests a minute: the noise of a minute is 1 %.
    assert per_minute / 12_000 == pytest.approx(np.tile(profile / profile.mean(), 2), rel=0.06)


def test_expected_count_integrates_the_repeated_profile() -> None:
    edges_s, expected = expected_count((0.5, 1.5), 150.0)
    assert edges_s.tolist() == [0.0, 60.0, 120.0, 150.0]
    assert expected.tolist() == [0.0, 30.0, 120.0, 135.0]


def test_lengths_follow_the_table() -> None:
    figures = load_table(TABLE)
    table = drawn(6, 100.0, HOUR_S)
    levels = figures.prompt_probability[2:-2]
    drawn_tokens = np.quantile(table.prompt_tokens, levels)
    assert drawn_tokens == pytest.approx(np.array(figures.prompt_tokens[2:-2]), rel=0.04)
    longest = table.output_tokens[table.prompt_tokens > figures.prompt_tokens[-5]]
    assert np.median(longest) == pytest.approx(figures.output_tokens[-1][4], rel=0.1)


@pytest.mark.parametrize("seed", range(3))
def test_generated_requests_are_like_the_azure_trace(data_dir: Path, seed: int) -> None:
    real = read_requests(data_dir / "llm" / "azure2023_conv.csv.gz")
    table = drawn(seed)
    assert len(table) == pytest.approx(len(real), rel=0.03)
    for level, rel in ((0.25, 0.05), (0.5, 0.03), (0.75, 0.03), (0.95, 0.03), (0.99, 0.05)):
        assert np.quantile(table.prompt_tokens, level) == pytest.approx(np.quantile(real.prompt_tokens, level), rel=rel)
    for level, rel in ((0.25, 0.05), (0.5, 0.06), (0.75, 0.03), (0.95, 0.06), (0.99, 0.06)):
        assert np.quantile(table.output_tokens, level) == pytest.approx(np.quantile(real.output_tokens, level), rel=rel)
    assert table.prompt_tokens.mean() == pytest.approx(real.prompt_tokens.mean(), rel=0.03)
    assert table.output_tokens.mean() == pytest.approx(real.output_tokens.mean(), rel=0.03)
    assert gap_cv(table) == pytest.approx(gap_cv(real), rel=0.05)
    assert spearman(table) == pytest.approx(spearman(real), abs=0.04)


def test_generated_bursts_are_like_those_of_the_azure_trace(data_dir: Path) -> None:
    real = read_requests(data_dir / "llm" / "azure2023_conv.csv.gz")

    def dispersion(table: RequestTable) -> float:
        per_10_s = np.bincount((table.arrival_s // 10).astype(int))
        return float(per_10_s.var() / per_10_s.mean())

    assert np.mean([dispersion(drawn(seed)) for seed in range(8)]) == pytest.approx(dispersion(real), rel=0.1)


@pytest.mark.parametrize(("rate_per_s", "duration_s"), [(0.0, 60.0), (-1.0, 60.0), (5.0, 0.0), (float("nan"), 60.0)])
def test_a_rate_or_duration_that_is_not_positive_is_refused(rate_per_s: float, duration_s: float) -> None:
    with pytest.raises(DocumentError, match="not above 0"):
        drawn(1, rate_per_s, duration_s)


def test_an_unknown_table_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DocumentError, match=r"'\.\./x'.*azure_conv_2023"):
        generate_requests("../x", 1.0, 60.0, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"prompt_tokens": (1, 2)}, "2 lengths for"),
        ({"prompt_probability": (0.0, 0.5), "prompt_tokens": (1, 2)}, "do not rise from 0 to 1"),
        ({"output_probability": (0.0, 1.0), "output_tokens": ((1, 9), (9, 1))}, "output row 1: lengths fall"),
        ({"minute_rate": (1.0, 0.0)}, "minute_rate"),
    ],
)
def test_a_table_that_is_no_quantile_table_is_refused(change: dict[str, object], part: str) -> None:
    tree = {**load_table(TABLE).model_dump(), **change}
    with pytest.raises(TwinError, match=part):
        validated(GeneratorTable, tree, "table.yaml")


def test_requests_follow_the_hours_of_a_day_and_keep_its_mean() -> None:
    office = (0.0,) * 6 + (1.0,) * 6 + (3.0,) * 6 + (2.0,) * 6
    rng, day = np.random.default_rng(3), Day(office, 20 * 3600.0)
    table = generate_requests("azure_conv_2023", 0.5, 48 * 3600.0, rng, day)
    hour = ((table.arrival_s / 3600.0 + 20.0) % 24).astype(int)
    by_quarter = np.bincount(hour // 6, minlength=4) / len(hour)
    assert len(hour) == pytest.approx(0.5 * 48 * 3600.0, rel=0.02)
    assert by_quarter[0] == 0.0
    np.testing.assert_allclose(by_quarter[1:], np.array([1, 3, 2]) / 6, atol=0.01)


def test_a_night_alone_has_fewer_requests_than_the_mean_of_its_day() -> None:
    day = Day((1.0,) * 12 + (3.0,) * 12)
    table = generate_requests("azure_conv_2023", 1.0, 6 * 3600.0, np.random.default_rng(3), day)
    assert len(table) == pytest.approx(0.5 * 6 * 3600.0, rel=0.05)
