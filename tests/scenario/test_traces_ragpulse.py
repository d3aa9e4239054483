"""The RAGPulse reader: text seconds, a clock that starts again, parts of prompts with lengths in side tables."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.scenario.traces.inspect import inspect_requests
from twin.scenario.traces.json_rows import PARTS, json_requests
from twin.scenario.traces.opening import open_text
from twin.scenario.traces.ragpulse import BLOCK_TOKENS, part_tokens, prompt_blocks
from twin.scenario.traces.requests import Reading, read_request_file, read_requests

WEEK_S = 604_800
TABLES = {
    "1_sys_prompt": ("sys_prompt_id", {100: 40, 101: 24}),
    "2_passages": ("passage_id", {0: 30, 1: 512}),
    "3_history": ("history_id", {200: 11}),
    "4_user_input": ("user_input_id", {300: 6, 301: 9}),
    "5_web_search": ("web_search_id", {400: 512}),
}


def line(at_s: int | str, sys: list[int], passages: list[int], user: list[int], prompt: int = 2000) -> str:
    parts = {"sys_prompt": sys, "passages_ids": passages, "history": [200], "web_search": [], "user_input": user}
    return json.dumps(
        {"timestamp": str(at_s), "input_length": prompt, "output_length": 50, "hash_ids": parts, "session_id": "s"}
    )


def written(folder: Path, lines: list[str], tables: dict[str, tuple[str, dict[int, int]]] = TABLES) -> Path:
    path = folder / "0_trace.jsonl"
    path.write_text("\n".join(lines) + "\n\n")
    for name, (key, tokens) in tables.items():
        rows = [json.dumps({key: i, "token_length": n}) for i, n in tokens.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(rows) + "\n\n")
    return path


def two_weeks(folder: Path) -> Path:
    first = [line(82, [100], [0], [300]), line(90_000, [100], [1], [301]), line(604_453, [101], [], [300])]
    second = [line(0, [100], [0], [301]), line(500_000, [100], [0], [300])]
    return written(folder, first + second)


def test_seconds_written_as_text_and_the_blank_line_at_the_end_are_no_trouble(tmp_path: Path) -> None:
    table = read_requests(written(tmp_path, [line(82, [100], [0], [300]), line("93", [100], [0], [300])]))
    assert table.arrival_s.tolist() == [0.0, 11.0]
    assert (table.rows_read, table.dropped) == (2, {})


def test_a_clock_that_starts_again_makes_a_new_segment_behind_the_first(tmp_path: Path) -> None:
    file = read_request_file(two_weeks(tmp_path))
    assert file.table.arrival_s.tolist() == [0.0, 89_918.0, 604_371.0, 604_371.0, 1_104_371.0]
    assert [(part.first_line, part.n_requests, part.span_s) for part in file.segments] == [
        (1, 3, 604_371.0),
        (4, 2, 500_000.0),
    ]
    assert file.out_of_order == 0


def test_a_gap_parts_the_segments(tmp_path: Path) -> None:
    table = read_requests(two_weeks(tmp_path), reading=Reading(segment_gap_s=429.5))
    assert table.arrival_s.tolist()[2:4] == [604_371.0, 604_800.5]


@pytest.mark.parametrize(("segment", "arrivals"), [(0, [0.0, 89_918.0, 604_371.0]), (1, [0.0, 500_000.0])])
def test_one_segment_can_be_taken_and_the_other_is_counted(tmp_path: Path, segment: int, arrivals: list[float]) -> None:
    file = read_request_file(two_weeks(tmp_path), reading=Reading(segment=segment))
    assert file.table.arrival_s.tolist() == arrivals
    assert file.table.dropped == {"other_segment": 5 - len(arrivals)}
    assert file.first_line_dropped == {"other_segment": 1 if segment else 4}
    assert file.table.rows_read == 5
    assert file.table.prefix is not None
    assert len(file.table.prefix.offsets) == len(arrivals) + 1


def test_a_segment_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"0_trace\.jsonl: segment 2 asked for, but the file has 2"):
        read_requests(two_weeks(tmp_path), reading=Reading(segment=2))
    csv = tmp_path / "a.csv"
    csv.write_text("arrived_at,num_prefill_tokens,num_decode_tokens\n1,1,1\n")
    with pytest.raises(DocumentError, match="segment 1 asked for, but the file has 1"):
        read_requests(csv, reading=Reading(segment=1))
    assert len(read_requests(csv, reading=Reading(segment=0))) == 1


def test_late_rows_are_sorted_and_start_no_segment(tmp_path: Path) -> None:
    rows = [line(at_s, [100], [0], [300]) for at_s in (0, 20_000, 13_000, 30_000)]
    file = read_request_file(written(tmp_path, rows))
    assert file.table.arrival_s.tolist() == [0.0, 13_000.0, 20_000.0, 30_000.0]
    assert (len(file.segments), file.out_of_order) == (1, 1)


def test_a_file_in_no_order_is_sorted_and_not_cut_to_pieces(tmp_path: Path) -> None:
    at_s = np.random.default_rng(2).permutation(200) * 3600
    file = read_request_file(written(tmp_path, [line(int(one), [100], [0], [300]) for one in at_s]))
    assert len(file.segments) == 1
    assert file.table.arrival_s.tolist() == [3600.0 * i for i in range(200)]
    assert file.out_of_order > 100


def test_prompts_share_the_blocks_that_end_within_their_equal_parts(tmp_path: Path) -> None:
    # 40 + 30 tokens in common: 4 whole blocks of 16; history and question of 11 + 6 or 9 fill one more.
    rows = [
        line(0, [100], [0], [300]),
        line(1, [100], [0], [301]),
        line(2, [100], [1], [300]),
        line(3, [101], [0], [300]),
    ]
    table = read_requests(written(tmp_path, rows))
    assert table.prefix is not None
    assert table.prefix.block_tokens == BLOCK_TOKENS == 16
    ids = [table.prefix.of(i).tolist() for i in range(4)]
    assert [len(one) for one in ids] == [87 // 16, 90 // 16, 569 // 16, 71 // 16]
    # 40 + 30 + 11 = 81 tokens are the same, so the fifth block, which ends at 80, is still shared.
    assert ids[0][:5] == ids[1][:5]
    assert ids[2][:2] == ids[0][:2]  # 40 tokens of the system prompt
    assert not set(ids[2][2:]) & {*ids[0], *ids[1]}
    assert not set(ids[3]) & {*ids[0], *ids[1], *ids[2]}


def test_equal_leading_ids_mean_equal_leading_tokens() -> None:
    rng = np.random.default_rng(5)
    tokens = {(kind, i): int(rng.integers(0, 40)) for kind in range(5) for i in range(3)}
    requests = [
        [(int(k), int(i)) for k, i in zip(rng.integers(0, 5, 6), rng.integers(0, 3, 6), strict=True)]
        for _ in range(200)
    ]
    blocks, n_unknown = prompt_blocks(requests, tokens)
    texts = [[(part, place) for part in parts for place in range(tokens[part])] for parts in requests]
    assert n_unknown == 0
    meaning: dict[int, tuple[object, ...]] = {}
    for i, text in enumerate(texts):
        ids = blocks.of(i).tolist()
        assert len(ids) == len(text) // BLOCK_TOKENS
        for i_block, block in enumerate(ids):
            # One id always stands behind the same tokens, and behind the same tokens before them.
            head = tuple(text[: (i_block + 1) * BLOCK_TOKENS])
            assert meaning.setdefault(block, head) == head


def test_a_part_without_length_ends_what_can_be_shared(tmp_path: Path) -> None:
    file = read_request_file(written(tmp_path, [line(0, [100, 999], [0], [300])]))
    assert file.table.prefix is not None
    assert len(file.table.prefix.ids) == 40 // 16
    assert any("1 parts are in no table" in note for note in file.notes)


def test_no_more_blocks_than_the_prompt_holds(tmp_path: Path) -> None:
    table = read_requests(written(tmp_path, [line(0, [100], [1], [300], prompt=50)]))
    assert table.prefix is not None
    assert table.prefix.offsets.tolist() == [0, 3]


def test_without_all_tables_there_are_requests_but_no_blocks(tmp_path: Path) -> None:
    tables = {name: table for name, table in TABLES.items() if name != "3_history"}
    file = read_request_file(written(tmp_path, [line(0, [100], [0], [300])], tables))
    assert file.table.prefix is None
    assert file.notes == ("no prefix blocks: 3_history.jsonl with the lengths of parts not beside 0_trace.jsonl",)


def test_a_broken_table_is_refused_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, [line(0, [100], [0], [300])])
    (tmp_path / "2_passages.jsonl").write_text('{"passage_id": 0, "token_length": 30}\n{"passage_id": 1}\n')
    with pytest.raises(DocumentError, match=r"2_passages\.jsonl:2: no length of a passages_ids part"):
        read_requests(path)
    (tmp_path / "2_passages.jsonl").write_text(
        '{"passage_id": 0, "token_length": 30}\n{"passage_id": 0, "token_length": 31}\n'
    )
    with pytest.raises(DocumentError, match=r"2_passages\.jsonl:2: passage_id 0 has 31 tokens here and 30 above"):
        read_requests(path)


def test_the_ragpulse_trace_has_its_published_figures(data_dir: Path) -> None:
    # flashserve/RAGPulse @ 3672232d, data/0_trace.jsonl.
    path = data_dir / "llm" / "ragpulse" / "0_trace.jsonl.gz"
    report = inspect_requests(path)
    assert (report.shape, report.rows_read, report.n_requests, report.dropped) == ("ragpulse", 7106, 7106, {})
    assert [part.first_line for part in report.segments] == [1, 3801]
    assert [part.span_s for part in report.segments] == [604_453 - 82, 604_603]
    assert all(part.span_s < WEEK_S for part in report.segments)
    assert any("starts again in line 3801" in note for note in report.notes)
    prompt, output = report.prompt_tokens, report.output_tokens
    assert (prompt.p50, prompt.p99, prompt.max) == (pytest.approx(3140, abs=1), pytest.approx(5438, abs=1), 7712)
    assert (output.p50, output.p99, output.max) == (234, 891, 2183)
    assert report.quantisation is None
    assert report.prefix is not None
    assert report.prefix.block_tokens == 16
    assert report.prefix.n_blocks * 16 < prompt.total


def test_the_ragpulse_weeks_are_not_merged_and_keep_their_quiet_hours(data_dir: Path) -> None:
    path = data_dir / "llm" / "ragpulse" / "0_trace.jsonl.gz"
    table = read_requests(path)
    assert np.diff(table.arrival_s).max() == 16_802
    assert table.arrival_s[-1] == (604_453 - 82) + 604_603
    parts = [read_requests(path, reading=Reading(segment=i)) for i in (0, 1)]
    assert [len(part) for part in parts] == [3800, 3306]
    assert [part.dropped for part in parts] == [{"other_segment": 3306}, {"other_segment": 3800}]


def test_the_parts_of_a_prompt_fall_a_few_separators_short_of_it(data_dir: Path) -> None:
    path = data_dir / "llm" / "ragpulse" / "0_trace.jsonl.gz"
    tokens, _ = part_tokens(path.parent)
    with open_text(path) as text:
        found = json_requests(text, path, None)
    total = [sum(tokens[part] for part in parts) for parts in found.parts]
    short = np.array(found.rows.prompt_tokens) - total
    assert (short.min(), short.max()) == (6, 12)
    kinds = [{PARTS[kind] for kind, _ in parts} for parts in found.parts]
    assert sum("passages_ids" not in one for one in kinds) == 1465
    assert sum("web_search" not in one for one in kinds) == 6850


def test_the_ragpulse_tables_know_every_part(data_dir: Path) -> None:
    folder = data_dir / "llm" / "ragpulse"
    tokens, missing = part_tokens(folder)
    assert missing == []
    n_rows = [sum(kind == k for k, _ in tokens) for kind in range(5)]
    # Distinct ids in the order of PARTS; every table repeats none.
    assert n_rows == [6898, 8302, 4910, 522, 6292]
    assert read_request_file(folder / "0_trace.jsonl.gz").notes == ()
