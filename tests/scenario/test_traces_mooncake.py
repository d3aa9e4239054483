"""The Mooncake reader: published figures, block ids that must fit the prompt, arrivals in ticks of 3 s."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DocumentError
from twin.scenario.traces.inspect import inspect_requests
from twin.scenario.traces.requests import Reading, read_request_file, read_requests

Line = dict[str, object]


def request(at_ms: object = 0, prompt: object = 1000, output: object = 10, hash_ids: object = (0, 1)) -> Line:
    ids = list(hash_ids) if isinstance(hash_ids, tuple) else hash_ids
    return {"timestamp": at_ms, "input_length": prompt, "output_length": output, "hash_ids": ids}


def written(folder: Path, lines: list[object], name: str = "trace.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def test_lines_become_requests_with_their_blocks(tmp_path: Path) -> None:
    lines: list[object] = [request(500, 1025, 7, (0, 1, 2)), request(2500, 512, 9, (0,)), request(3501, 1, 1, (5,))]
    table = read_requests(written(tmp_path, lines))
    assert table.arrival_s.tolist() == [0.0, 2.0, 3.001]
    assert (table.prompt_tokens.tolist(), table.output_tokens.tolist()) == ([1025, 512, 1], [7, 9, 1])
    assert table.prefix is not None
    assert table.prefix.block_tokens == 512
    assert [table.prefix.of(i).tolist() for i in range(3)] == [[0, 1, 2], [0], [5]]


def test_blocks_follow_their_requests_when_rows_are_sorted(tmp_path: Path) -> None:
    lines: list[object] = [request(900, hash_ids=(7, 8)), request(100, hash_ids=(3, 4)), request(900, 512, 5, (9,))]
    file = read_request_file(written(tmp_path, lines))
    assert file.table.prefix is not None
    assert [file.table.prefix.of(i).tolist() for i in range(3)] == [[3, 4], [7, 8], [9]]
    assert file.out_of_order == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "bad_json"),
        ("[1, 2]", "bad_json"),
        ("[" * 100_000, "bad_json"),
        ('{"timestamp": ' + "9" * 5000 + "}", "bad_json"),
        ({"timestamp": 0, "input_length": 5}, "missing_field"),
        (request(None), "missing_field"),
        (request(True), "missing_field"),
        (request(-1), "bad_time"),
        (request("noon"), "bad_time"),
        (request(float("nan")), "bad_time"),
        (request(prompt=1000.5), "bad_number"),
        (request(prompt=0, hash_ids=()), "no_prompt_tokens"),
        (request(output=0), "no_output_tokens"),
        (request(hash_ids="0 1"), "bad_hash_ids"),
        (request(hash_ids=[0, -1]), "bad_hash_ids"),
        (request(hash_ids=[0, 1.5]), "bad_hash_ids"),
        (request(hash_ids=[0, 2**63]), "bad_hash_ids"),
        (request(hash_ids={"history": [1]}), "bad_hash_ids"),
        (request(hash_ids=(0, 1, 2)), "hash_count_mismatch"),
        (request(hash_ids=()), "hash_count_mismatch"),
    ],
)
def test_a_line_that_cannot_be_used_is_counted_under_its_reason(tmp_path: Path, line: object, reason: str) -> None:
    file = read_request_file(written(tmp_path, [request(), "", line, request(3000)]))
    assert file.table.dropped == {reason: 1}
    assert file.first_line_dropped == {reason: 3}
    assert file.table.rows_read == 3
    assert len(file.table) == 2


def test_a_last_block_that_is_not_full_may_lack_its_id(tmp_path: Path) -> None:
    table = read_requests(written(tmp_path, [request(prompt=1000, hash_ids=(4,)), request(prompt=1000)]))
    assert table.dropped == {}


def test_requests_without_ids_have_no_prefix_to_share(tmp_path: Path) -> None:
    table = read_requests(written(tmp_path, [{"timestamp": 0, "input_length": 5, "output_length": 2}]))
    assert table.prefix is None


def test_another_block_size_is_asked_for_and_can_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, [request(prompt=64, hash_ids=(0, 1, 2, 3))])
    with pytest.raises(
        DocumentError, match=r"trace\.jsonl:1: none of the 1 rows .*hash_count_mismatch 1; .*block_tokens: N"
    ):
        read_requests(path)
    table = read_requests(path, reading=Reading(block_tokens=16))
    assert table.prefix is not None
    assert table.prefix.block_tokens == 16


@pytest.mark.parametrize(
    ("first", "part"),
    [
        ({"timestamp": 0, "prompt": 4}, "'input_length', 'output_length' missing; fields found: 'timestamp', 'prompt'"),
        ("{", "the first line is JSON, but not one whole object"),
        ('[{"timestamp": 0}]', "this is JSON, not CSV"),
    ],
)
def test_other_json_is_refused_with_what_is_known(tmp_path: Path, first: object, part: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_requests(written(tmp_path, [first]))
    assert str(caught.value).startswith(f"{tmp_path / 'trace.jsonl'}:1: ")
    assert part in str(caught.value)


def test_packing_and_a_byte_order_mark_do_not_change_the_requests(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf\r\n" + json.dumps(request()).encode() + b"\r\n" + json.dumps(request(3000)).encode()
    for name, content in (
        ("p.jsonl", text),
        ("p.jsonl.gz", gzip.compress(text, mtime=0)),
        ("p.jsonl.zst", zstandard.compress(text)),
    ):
        (tmp_path / name).write_bytes(content)
        table = read_requests(tmp_path / name)
        assert table.arrival_s.tolist() == [0.0, 3.0]
        assert table.dropped == {}


def test_a_damaged_archive_is_refused_at_the_line_it_breaks(tmp_path: Path) -> None:
    lines = "".join(
        json.dumps(request(i * 7919 % 100_003, i % 512 + 1, i % 97 + 1, (i,))) + "\n" for i in range(20_000)
    )
    packed = gzip.compress(lines.encode())
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DocumentError, match=r"cut\.jsonl\.gz:\d{4,5}: cannot be unpacked"):
        read_requests(path)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3000),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.integers(-1, 5), max_size=6),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.fixed_dictionaries({key: VALUES for key in request()}),
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1, max_size=8).filter(
                str.strip
            ),
        ),
        max_size=10,
    )
)
def test_no_line_is_lost_whatever_the_lines_hold(tmp_path_factory: pytest.TempPathFactory, lines: list[object]) -> None:
    path = written(tmp_path_factory.mktemp("lines"), [request(), *lines])
    table = read_requests(path)
    assert table.rows_read == len(lines) + 1 == len(table) + sum(table.dropped.values())
    assert np.all(np.diff(table.arrival_s) >= 0)
    assert table.prefix is not None
    assert len(table.prefix.offsets) == len(table) + 1


def test_the_mooncake_trace_has_its_published_figures(data_dir: Path) -> None:
    # kvcache-ai/Mooncake @ 3b5a5941, FAST25-release/traces/conversation_trace.jsonl.
    report = inspect_requests(data_dir / "llm" / "mooncake_conversation.jsonl.gz")
    assert (report.shape, report.rows_read, report.n_requests, report.dropped) == ("mooncake", 12_031, 12_031, {})
    assert report.span_s == pytest.approx(3537, abs=0.5)
    assert report.rate_per_s == pytest.approx(3.40, abs=0.005)
    prompt, output = report.prompt_tokens, report.output_tokens
    assert (prompt.p50, prompt.max, round(prompt.mean)) == (pytest.approx(6910, abs=1), 126_195, 12_035)
    assert (prompt.p95, prompt.p99) == (pytest.approx(39_551, abs=1), pytest.approx(85_400, abs=1))
    assert (output.p50, output.p95, output.max, round(output.mean)) == (350, 698, 2000, 343)
    assert report.prefix is not None
    assert (report.prefix.n_blocks, report.prefix.n_distinct) == (288_500, 182_790)
    assert report.prefix.hit_frac == pytest.approx(0.366, abs=0.0005)


def test_the_mooncake_arrivals_are_reported_as_quantised(data_dir: Path) -> None:
    report = inspect_requests(data_dir / "llm" / "mooncake_conversation.jsonl.gz")
    assert report.quantisation is not None
    assert report.quantisation.step_s == pytest.approx(3.0, abs=0.002)
    assert (report.quantisation.n_instants, report.quantisation.max_requests) == (1180, 28)
    assert report.quantisation.mean_requests == pytest.approx(10, abs=0.5)
    assert report.n_requests - report.quantisation.n_instants == 10_851  # gaps of nothing
    assert report.dispersion == pytest.approx(7.9, abs=0.05)
    assert any("quantised to 3 s" in note and "spread_arrivals" in note for note in report.notes)
