"""Requests drawn from ServeGen client models: counts, shapes, lengths, seeds, gaps in the files, refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import DocumentError
from twin.scenario.traces.requests import RequestTable
from twin.scenario.traces.servegen import Draw, draw_requests
from twin.scenario.traces.servegen_model import distribution, read_clients, read_lengths

HEAD = "client_id,timestamp,rate,cv,pattern,param1,param2\n"
ONE_LENGTH = {"input_tokens": "{100: 1.0}", "output_tokens": "{7: 1.0}"}
Windows = Mapping[str, Mapping[str, str]]


def model(folder: Path, rows: str, lengths: Mapping[int, Windows]) -> tuple[Path, Path]:
    clients, texts = folder / "clients.csv", folder / "lengths.jsonl"
    clients.write_text(HEAD + rows)
    lines = [json.dumps({"client_id": client, "windows": windows}) for client, windows in lengths.items()]
    texts.write_text("\n".join(lines) + "\n")
    return clients, texts


def counts(table: RequestTable, window_s: float = 600.0) -> list[int]:
    return np.bincount((table.arrival_s // window_s).astype(np.int64)).tolist()


ROWS = "0,0,0.1,1,Gamma,1,10\n0,600,0.05,1,Weibull,1,20\n1,0,0,0,,0,0\n1,600,0.5,2,Gamma,0.25,8\n"
LENGTHS = {0: {"0": ONE_LENGTH}, 1: {"0": {"input_tokens": "{9: 1.0}", "output_tokens": "{3: 1.0}"}}}


def test_each_client_sends_its_own_number_of_requests_in_each_window(tmp_path: Path) -> None:
    table = draw_requests(*model(tmp_path, ROWS, LENGTHS), Draw(1200.0), seed=1)
    assert counts(table) == [60, 30 + 300]
    assert np.count_nonzero(table.prompt_tokens == 9) == np.count_nonzero(table.output_tokens == 3) == 300
    assert table.arrival_s[table.prompt_tokens == 9].min() >= 600
    assert np.all(np.diff(table.arrival_s) >= 0)
    assert (table.rows_read, table.dropped, table.source) == (390, {}, "clients.csv")


def test_the_profile_repeats_and_can_begin_anywhere(tmp_path: Path) -> None:
    files = model(tmp_path, ROWS, LENGTHS)
    assert counts(draw_requests(*files, Draw(2400.0), seed=1)) == [60, 330, 60, 330]
    assert counts(draw_requests(*files, Draw(1200.0, start_s=600.0), seed=1)) == [330, 60]
    whole, part = draw_requests(*files, Draw(1200.0), 1), draw_requests(*files, Draw(700.0, start_s=400.0), 1)
    is_in = (whole.arrival_s >= 400) & (whole.arrival_s < 1100)
    assert part.arrival_s.tolist() == pytest.approx((whole.arrival_s[is_in] - 400).tolist(), abs=1e-9)


def test_a_factor_scales_every_client_and_fractions_fall_by_chance(tmp_path: Path) -> None:
    files = model(tmp_path, ROWS, LENGTHS)
    assert counts(draw_requests(*files, Draw(1200.0, rate_factor=3.0), seed=1)) == [180, 990]
    # 0.75 of 330 is 247.5, of the two clients apart 22.5 and 225: one request more or less, evenly.
    halves = [len(draw_requests(*files, Draw(600.0, 0.75, 600.0), seed)) - 247 for seed in range(60)]
    assert set(halves) == {0, 1}
    assert 15 < sum(halves) < 45


def test_the_same_seed_draws_the_same_and_other_clients_change_nothing(tmp_path: Path) -> None:
    files = model(tmp_path, ROWS, LENGTHS)
    first, again = draw_requests(*files, Draw(1200.0), 3), draw_requests(*files, Draw(1200.0), 3)
    assert first.arrival_s.tolist() == again.arrival_s.tolist()
    assert first.arrival_s.tolist() != draw_requests(*files, Draw(1200.0), 4).arrival_s.tolist()
    alone = draw_requests(*model(tmp_path, "".join(ROWS.splitlines(True)[:2]), LENGTHS), Draw(1200.0), 3)
    assert alone.arrival_s.tolist() == first.arrival_s[first.prompt_tokens == 100].tolist()


@pytest.mark.parametrize(
    ("pattern", "shape", "gap_cv"),
    [("Gamma", 0.25, 2.0), ("Gamma", 4.0, 0.5), ("Weibull", 2.0, 0.5227), ("Weibull", 0.5, 2.2361)],
)
def test_gaps_have_the_variation_of_their_distribution(
    tmp_path: Path, pattern: str, shape: float, gap_cv: float
) -> None:
    # Gamma: 1/sqrt(k). Weibull: sqrt(G(1 + 2/k)/G(1 + 1/k)^2 - 1), which is sqrt(4/pi - 1) at k = 2, sqrt(5) at 1/2.
    rows = f"0,0,100,1,{pattern},{shape},1\n0,600,0,0,,0,0\n"
    table = draw_requests(*model(tmp_path, rows, LENGTHS), Draw(600.0), seed=2)
    gaps_s = np.diff(table.arrival_s)
    assert len(table) == 60_000
    assert gaps_s.mean() == pytest.approx(0.01, rel=0.001)
    assert gaps_s.std() / gaps_s.mean() == pytest.approx(gap_cv, rel=0.04)


def test_shapes_beyond_what_floats_hold_still_fill_the_window(tmp_path: Path) -> None:
    rows = "0,0,1,1,Gamma,1e-9,1\n0,600,1,1,Weibull,1e-3,1\n"
    table = draw_requests(*model(tmp_path, rows, LENGTHS), Draw(1200.0), seed=2)
    assert len(table) == 1200
    assert np.isfinite(table.arrival_s).all()


def test_lengths_follow_their_distribution_and_their_window(tmp_path: Path) -> None:
    rows = "0,0,20,1,Gamma,1,1\n0,600,20,1,Gamma,1,1\n"
    morning = {"input_tokens": "{10: 0.25, 20: 0.75}", "output_tokens": "{5: 1.0}"}
    windows = {"0": morning, "600": ONE_LENGTH}
    table = draw_requests(*model(tmp_path, rows, {0: windows}), Draw(1200.0), seed=7)
    is_first = table.arrival_s < 600
    assert np.mean(table.prompt_tokens[is_first] == 10) == pytest.approx(0.25, abs=0.016)
    assert set(table.prompt_tokens[is_first].tolist()) == {10, 20}
    assert set(table.prompt_tokens[~is_first].tolist()) == {100}


def test_a_multimodal_prompt_is_its_text_and_each_of_its_images(tmp_path: Path) -> None:
    fields = {"text_tokens": "{40: 1.0}", "image_tokens": "{300: 1.0}", "image_count": "{0: 0.5, 2: 0.5}"}
    fields |= {f"{kind}_{what}": "{0: 1.0}" for kind in ("audio", "video") for what in ("tokens", "count")}
    windows = {"0": {**fields, "output_tokens": "{5: 1.0}"}}
    table = draw_requests(*model(tmp_path, ROWS, {0: windows, 1: windows}), Draw(1200.0), seed=7)
    assert set(table.prompt_tokens.tolist()) == {40, 640}


def test_requests_without_lengths_are_counted_by_reason(tmp_path: Path) -> None:
    rows = "".join(f"{c},0,0.1,1,Gamma,1,1\n{c},600,0,0,,0,0\n" for c in range(6))
    idle = {"input_tokens": "{}", "output_tokens": "{}"}
    lengths = {
        0: {"0": ONE_LENGTH},
        2: {"0": idle},
        3: {"0": {**ONE_LENGTH, "output_tokens": "{0: 1.0}"}},
        4: {"0": {**ONE_LENGTH, "input_tokens": "{0: 1.0}"}},
        5: {"21600": ONE_LENGTH},
    }
    table = draw_requests(*model(tmp_path, rows, lengths), Draw(1200.0), seed=1)
    assert table.dropped == {
        "client_without_lengths": 60,
        "no_output_tokens": 60,
        "no_prompt_tokens": 60,
        "window_without_lengths": 120,
    }
    assert (len(table), table.rows_read) == (60, 360)


@pytest.mark.parametrize(
    ("rows", "where", "part"),
    [
        ("0,0,x,1,Gamma,1,1\n", "clients.csv:2", "not numbers: 0, 0, x"),
        ("0,0,1,1,Gamma\n", "clients.csv:2", "5 fields under 7 column names"),
        ("0,0,1,1,Pareto,1,1\n", "clients.csv:2", "pattern 'Pareto' with param1 1; patterns are Gamma and Weibull"),
        ("0,0,1,1,Gamma,0,1\n", "clients.csv:2", "pattern 'Gamma' with param1 0"),
        ("0,0,-1,1,Gamma,1,1\n", "clients.csv:2", "rate -1/s: below 0"),
        ("0,0,1,1,Gamma,1,1\n", "clients.csv", "1 windows"),
        ("0,0,1,1,Gamma,1,1\n0,600,1,1,Gamma,1,1\n0,1300,1,1,Gamma,1,1\n", "clients.csv", "window 2 begins at 1300 s"),
        (
            "0,0,0,0,,0,0\n0,600,0,0,,0,0\n",
            "clients.csv",
            "none of 1 clients sends a request from 0 s to 1200 s: all idle",
        ),
        (
            "0,0,1e9,1,Gamma,1,1\n0,600,0,0,,0,0\n",
            "clients.csv",
            "600,000,000,000 requests are more than the 50,000,000",
        ),
        ("9,0,1,1,Gamma,1,1\n9,600,0,0,,0,0\n", "clients.csv", "client_without_lengths 600; begin at another start_s"),
    ],
)
def test_a_model_that_cannot_be_drawn_from_is_refused(tmp_path: Path, rows: str, where: str, part: str) -> None:
    with pytest.raises(DocumentError) as caught:
        draw_requests(*model(tmp_path, rows, LENGTHS), Draw(1200.0), seed=1)
    assert str(caught.value).startswith(f"{tmp_path / where}: ")
    assert part in str(caught.value)


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    clients, lengths = model(tmp_path, ROWS, LENGTHS)
    with pytest.raises(DocumentError, match=r"lengths\.jsonl:1: no ServeGen client model: 'client_id'"):
        read_clients(lengths)
    with pytest.raises(DocumentError, match=r"clients\.csv:1: not the lengths of a client"):
        read_lengths(clients)
    lengths.write_text(lengths.read_text() + lengths.read_text().splitlines()[0])
    with pytest.raises(DocumentError, match=r"lengths\.jsonl:3: client 0 stands in line 1 too"):
        read_lengths(lengths)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("__import__('os').system('true')", "is no dict of numbers"),
        ("{" * 5000, "is no dict of numbers"),
        ("{1: 2", "is no dict of numbers"),
        ("{1: 0.5, }{", "is no dict of numbers"),
        ("{1.5: 1.0}", "token counts are not whole numbers"),
        ("{-1: 1.0}", "token counts are not whole numbers"),
        ("{1: 0.4, 2: 0.4}", "probabilities add up to 0.8"),
        ("{1: 1.5, 2: -0.5}", "a probability is not between 0 and 1"),
        ("{1: 1e999}", "a probability is not between 0 and 1"),
        (f"{{1: {10**400}}}", "a probability is not between 0 and 1"),
        (f"{{1: {'9' * 5000}}}", "is no dict of numbers"),
        ("{1, 2}", "is no dict of numbers"),
    ],
)
def test_a_length_text_is_read_as_numbers_and_nothing_else(text: str, part: str) -> None:
    with pytest.raises(DocumentError) as caught:
        distribution(text, "client 0, window 0 s: input_tokens", "lengths.jsonl:4")
    assert str(caught.value).startswith("lengths.jsonl:4: client 0, window 0 s: input_tokens")
    assert part in str(caught.value)


@given(st.dictionaries(st.integers(0, 10**6), st.floats(1e-6, 1.0), min_size=1, max_size=20), st.integers(0, 99))
def test_any_dict_of_numbers_is_drawn_from_its_own_keys(weights: dict[int, float], seed: int) -> None:
    total = sum(weights.values())
    found = distribution(repr({tokens: weight / total for tokens, weight in weights.items()}), "", "")
    assert found is not None
    assert set(found.drawn(50, np.random.default_rng(seed)).tolist()) <= set(weights)


def test_a_count_of_images_beyond_reason_is_refused(tmp_path: Path) -> None:
    fields = {"text_tokens": "{40: 1.0}", "image_tokens": "{300: 1.0}", "image_count": "{2000000000: 1.0}"}
    files = model(tmp_path, ROWS, {0: {"0": {**fields, "output_tokens": "{5: 1.0}"}}})
    with pytest.raises(
        DocumentError, match=r"lengths\.jsonl:1: client 0, window 0 s: image_count goes up to 2000000000"
    ):
        draw_requests(*files, Draw(1200.0), seed=1)


# alibaba/ServeGen @ f891d118: clients, windows, idle share, median and greatest total rate.
@pytest.mark.parametrize(
    ("name", "n_clients", "n_rows", "idle", "median", "most"),
    [
        ("deepseek-r1", 73, 10_512, 0.70, 13.3, 42.5),
        ("mm-image", 35, 5040, 0.58, 9.2, 13.3),
        ("m-small", 43, 86_688, 0.54, 1159, 3880),
    ],
)
def test_the_client_models_have_their_published_figures(
    data_dir: Path, name: str, n_clients: int, n_rows: int, idle: float, median: float, most: float
) -> None:
    clients = read_clients(data_dir / "llm" / "servegen" / f"{name}_arrivals.csv.gz")
    assert (clients.n_clients, clients.window_s, clients.n_clients * clients.n_windows) == (n_clients, 600, n_rows)
    assert 1 - len(clients.windows) / n_rows == pytest.approx(idle, abs=0.005)
    rates = np.zeros(clients.n_windows)
    for window in clients.windows:
        rates[window.start_s // 600] += window.rate_per_s
    assert np.median(rates) == pytest.approx(median, rel=0.005)
    assert rates.max() == pytest.approx(most, rel=0.005)


def test_an_hour_of_the_reasoning_clients_has_the_rate_of_its_windows(data_dir: Path) -> None:
    folder = data_dir / "llm" / "servegen"
    files = folder / "deepseek-r1_arrivals.csv.gz", folder / "deepseek-r1_lengths.jsonl.gz"
    table = draw_requests(*files, Draw(3600.0, start_s=36_000.0), seed=1)
    windows = [w for w in read_clients(files[0]).windows if 36_000 <= w.start_s < 39_600]
    assert len(table) == table.rows_read == round(sum(w.rate_per_s for w in windows) * 600)
    assert table.prompt_tokens.min() >= 1


def test_clients_whose_lengths_were_not_published_are_counted(data_dir: Path) -> None:
    # Length files of clients 1, 5, 8, 11 and 38 are not available.
    folder = data_dir / "llm" / "servegen"
    files = folder / "m-small_arrivals.csv.gz", folder / "m-small_lengths.jsonl.gz"
    table = draw_requests(*files, Draw(600.0, rate_factor=0.01, start_s=50_400.0), seed=1)
    absent = [w for w in read_clients(files[0]).windows if w.start_s == 50_400 and w.client in {1, 5, 8, 11, 38}]
    assert absent
    assert table.dropped["client_without_lengths"] == pytest.approx(sum(w.rate_per_s for w in absent) * 6, abs=5)
    assert table.rows_read == len(table) + sum(table.dropped.values())
