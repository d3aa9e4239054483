"""The request reader: known layouts, odd files, no row lost, exact times, helpful errors."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DocumentError
from twin.scenario.traces.columns import ColumnMap
from twin.scenario.traces.requests import RequestTable, read_request_file, read_requests, scaled

AZURE = (
    "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
    "2023-11-16 18:15:46.6805900,374,44\r\n"
    "2023-11-16 18:15:50.9951690,396,109\r\n"
    "2023-11-16 18:15:51.2224670,879,55"
)
REASONS = {"too_many_fields", "missing_field", "bad_time", "bad_number", "no_prompt_tokens", "no_output_tokens"}


def written(folder: Path, content: str | bytes, name: str = "trace.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def columns_of(table: RequestTable) -> tuple[list[float], list[int], list[int]]:
    return table.arrival_s.tolist(), table.prompt_tokens.tolist(), table.output_tokens.tolist()


def conserved(table: RequestTable) -> bool:
    return table.rows_read == len(table) + sum(table.dropped.values())


def refusal(path: Path, columns: ColumnMap | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        read_requests(path, columns)
    return str(caught.value)


def test_azure_layout_is_recognised_and_exact_to_100_ns(tmp_path: Path) -> None:
    table = read_requests(written(tmp_path, AZURE))
    assert columns_of(table) == ([0.0, 4.314579, 4.541877], [374, 396, 879], [44, 109, 55])
    assert (table.rows_read, table.dropped, table.source) == (3, {}, "trace.csv")
    assert (table.arrival_s.dtype, table.prompt_tokens.dtype, table.output_tokens.dtype) == (float, np.int64, np.int64)


def test_azure_layout_with_zone_offsets_reads_as_one_clock(tmp_path: Path) -> None:
    text = "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.25+00:00,1,1\n2024-05-10 09:00:01+09:00,2,2\n"
    assert read_requests(written(tmp_path, text)).arrival_s.tolist() == [0.0, 0.75]


def test_vidur_layout_gives_the_same_requests(tmp_path: Path) -> None:
    text = "arrived_at,num_prefill_tokens,num_decode_tokens\n0.0,374,44\n4.314579,396,109\n4.541877,879,55\n"
    azure, vidur = read_requests(written(tmp_path, AZURE)), read_requests(written(tmp_path, text, "vidur.csv"))
    assert columns_of(azure) == columns_of(vidur)


@pytest.mark.parametrize(
    "text",
    [
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,1087,0,1087,API log\n118,ChatGPT,417,276,693,API log\n",
        "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "5.0,s1,2.1,ChatGPT,472,18,490,Conversation log\n45.0,,,GPT-4,1087,0,1087,API log\n"
        "118.0,,0.7,ChatGPT,417,276,693,API log\n",
    ],
    ids=["6 columns", "8 columns"],
)
def test_burstgpt_layouts_drop_failed_requests_by_name(tmp_path: Path, text: str) -> None:
    table = read_requests(written(tmp_path, text))
    assert columns_of(table) == ([0.0, 113.0], [472, 417], [18, 276])
    assert (table.rows_read, table.dropped) == (3, {"no_output_tokens": 1})


@pytest.mark.parametrize(("unit", "factor"), [("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)])
def test_a_column_map_reads_any_names_and_units(tmp_path: Path, unit: str, factor: int) -> None:
    text = f"id,out,in,when\n1,10,20,{1_700_000_000 * factor}\n2,11,21,{1_700_000_007 * factor}\n"
    columns = ColumnMap.model_validate({"arrival": "when", "prompt": "in", "output": "out", "arrival_unit": unit})
    assert columns_of(read_requests(written(tmp_path, text), columns)) == ([0.0, 7.0], [20, 21], [10, 11])


def test_epoch_seconds_keep_their_seventh_digit(tmp_path: Path) -> None:
    # float64 seconds since 1970 are 2.4e-7 apart: reading them as floats would lose the 100 ns.
    text = "arrived_at,num_prefill_tokens,num_decode_tokens\n1700158546.6805900,1,1\n1700158546.6805901,1,1\n"
    assert read_requests(written(tmp_path, text)).arrival_s.tolist() == [0.0, 1e-7]


PACKINGS = {
    "plain": lambda text: text,
    "gzip": gzip.compress,
    "gzip in two members": lambda text: gzip.compress(text[:50]) + gzip.compress(text[50:]),
    "zstd": zstandard.compress,
    "zstd in two frames": lambda text: zstandard.compress(text[:50]) + zstandard.compress(text[50:]),
    "byte-order mark": lambda text: b"\xef\xbb\xbf" + text,
    "unix line ends": lambda text: text.replace(b"\r\n", b"\n"),
    "blank lines at the end": lambda text: text + b"\r\n\r\n  \r\n",
    "blank lines in between": lambda text: text.replace(b"\r\n", b"\r\n\r\n"),
    "every field quoted": lambda text: b'"' + text.replace(b",", b'","').replace(b"\r\n", b'"\r\n"') + b'"',
    "spaces around fields": lambda text: text.replace(b",", b" , "),
    "floats from a data frame": lambda text: text.replace(b"374,44", b"374.0,44.0"),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_packing_does_not_change_the_requests(tmp_path: Path, packing: str) -> None:
    plain = read_requests(written(tmp_path, AZURE))
    # Told apart by content: the name says nothing.
    packed = read_requests(written(tmp_path, PACKINGS[packing](AZURE.encode()), "download"))
    assert columns_of(packed) == columns_of(plain)
    assert packed.rows_read == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,1,2,3", "too_many_fields"),
        ("7,1", "missing_field"),
        ("7,,3", "missing_field"),
        (",,", "missing_field"),
        ("noon,1,2", "bad_time"),
        ("nan,1,2", "bad_time"),
        ("-1,1,2", "bad_time"),
        ("1e99,1,2", "bad_time"),
        ("7,many,2", "bad_number"),
        ("7,1.5,2", "bad_number"),
        ("7,-3,2", "bad_number"),
        ("7,1_000,2", "bad_number"),
        ("7,1,inf", "bad_number"),
        ("7,1,9999999999", "bad_number"),
        ("7,٣,2", "bad_number"),
        ("7,0,2", "no_prompt_tokens"),
        ("7,1,0", "no_output_tokens"),
    ],
)
def test_a_row_that_cannot_be_used_is_counted_under_its_reason(tmp_path: Path, row: str, reason: str) -> None:
    text = f"arrived_at,num_prefill_tokens,num_decode_tokens\n1,5,6\n{row}\n2,7,8\n"
    file = read_request_file(written(tmp_path, text))
    assert file.table.dropped == {reason: 1}
    assert file.first_line_dropped == {reason: 3}
    assert columns_of(file.table) == ([0.0, 1.0], [5, 7], [6, 8])


def test_rows_out_of_order_are_sorted_stably_and_counted(tmp_path: Path) -> None:
    text = "arrived_at,num_prefill_tokens,num_decode_tokens\n3,1,1\n1,2,1\n3,3,1\n1,4,1\n2,5,1\n"
    file = read_request_file(written(tmp_path, text))
    assert file.table.prompt_tokens.tolist() == [2, 4, 5, 1, 3]
    assert file.out_of_order == 3
    assert file.table.dropped == {}


def test_limit_reads_rows_from_the_top_of_the_file(tmp_path: Path) -> None:
    text = "arrived_at,num_prefill_tokens,num_decode_tokens\n9,1,1\n8,0,1\n1,3,1\n"
    table = read_requests(written(tmp_path, text), limit=2)
    assert (len(table), table.rows_read, table.dropped) == (1, 2, {"no_prompt_tokens": 1})
    with pytest.raises(DocumentError, match="asked for 0 rows"):
        read_requests(written(tmp_path, text), limit=0)


def test_text_columns_may_hold_anything_that_is_quoted(tmp_path: Path) -> None:
    text = 'text,arrived_at,num_prefill_tokens,num_decode_tokens\n"a, ""b""\nc",1,2,3\n\xff,2,3,zero\n'
    file = read_request_file(written(tmp_path, text.encode("latin-1")))
    assert columns_of(file.table) == ([0.0], [2], [3])
    assert file.first_line_dropped == {"bad_number": 4}


def test_scaled_divides_arrivals_and_keeps_everything_else(tmp_path: Path) -> None:
    table = read_requests(written(tmp_path, AZURE))
    fast = scaled(table, 4.0)
    assert fast.arrival_s.tolist() == [arrival / 4 for arrival in table.arrival_s.tolist()]
    assert columns_of(fast)[1:] == columns_of(table)[1:]
    assert (fast.rows_read, fast.source) == (3, "trace.csv")
    for factor in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(DocumentError, match="not above 0"):
            scaled(table, factor)


HEADER = "arrived_at,num_prefill_tokens,num_decode_tokens\n"


@pytest.mark.parametrize(
    ("name", "content", "place", "parts"),
    [
        ("e.csv", b"", "e.csv:", ["empty (0 bytes)"]),
        ("e.csv.gz", gzip.compress(b"", mtime=0), "e.csv.gz:", ["unpacks to nothing"]),
        ("b.csv", b"\n \n\n", "b.csv:1", ["only blank lines"]),
        ("h.csv", HEADER.encode(), "h.csv:1", ["no rows"]),
        ("g.csv.gz", AZURE.encode(), "g.csv.gz:", ["not a gzip file", "0x54494d45", "take .gz off"]),
        ("z.csv.zst", AZURE.encode(), "z.csv.zst:", ["not a zstd file"]),
        ("n.csv", b"a,b\n1,\0\n", "n.csv:2", ["not text", "byte 6"]),
        ("u.csv", AZURE.encode("utf-16"), "u.csv:1", ["UTF-16", "UTF-8"]),
        ("j.csv", b'{"timestamp": 0, "input_length": 3}\n', "j.csv:1", ["JSON"]),
        ("q.csv", HEADER + '1,2,3\n2,"3,4\n5,6,7\n', "q.csv:3", ["broken quotes", "close"]),
        ("d.csv", HEADER + "\n1,0,3\nx,1,2\n", "d.csv:3", ["none of the 2 rows", "bad_time 1", "no_prompt_tokens 1"]),
        ("c.csv", HEADER.replace("arrived_at", "arrived_at,arrived_at"), "c.csv:1", ["'arrived_at' stands there 2"]),
        (
            "m.csv",
            "TIMESTAMP,ContextTokens,Generated\n",
            "m.csv:1",
            ["'GeneratedTokens' missing", "'ContextTokens', 'Generated'", "columns: {arrival: NAME"],
        ),
        ("o.csv", "when,in,out\n1,2,3\n", "o.csv:1", ["'when', 'in', 'out'", "azure has 'TIMESTAMP'", "columns: {"]),
        (
            "l.csv",
            "num_prefill_tokens,num_decode_tokens\n3772,54\n",
            "l.csv:1",
            ["no arrival column 'arrived_at'", "use a generator"],
        ),
    ],
)
def test_a_file_that_is_no_trace_is_refused_with_place_and_way_out(
    tmp_path: Path, name: str, content: str | bytes, place: str, parts: list[str]
) -> None:
    message = refusal(written(tmp_path, content, name))
    assert message.startswith(str(tmp_path / place))
    for part in parts:
        assert part in message


def test_a_damaged_archive_is_refused_at_the_line_it_breaks(tmp_path: Path) -> None:
    n_rows = 30_000  # several zstd blocks of 128 KiB
    rows = HEADER + "".join(f"{i},{i * 7919 % 5003 + 1},{i * 104729 % 997 + 1}\n" for i in range(n_rows))
    for pack, suffix in ((gzip.compress, ".gz"), (zstandard.compress, ".zst")):
        packed = pack(rows.encode())
        assert len(read_requests(written(tmp_path, packed, f"whole.csv{suffix}"))) == n_rows
        path = written(tmp_path, packed[: len(packed) // 2], f"cut.csv{suffix}")
        message = refusal(path)
        line = int(message.removeprefix(f"{path}:").split(":")[0])
        assert 1000 < line < n_rows
        assert "cut short" in message
    assert "cannot be unpacked" in refusal(written(tmp_path, b"\x1f\x8b\x08\x00garbage garbage", "bad.csv"))


def test_a_mapped_column_that_is_absent_is_named(tmp_path: Path) -> None:
    message = refusal(written(tmp_path, AZURE), ColumnMap(arrival="TIMESTAMP", prompt="in", output="out"))
    assert "columns 'in', 'out' missing" in message


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "absent.csv")
    assert "a folder" in refusal(tmp_path)


# Fields that are often almost right, so that every reason is met.
FIELDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters='\0"\r\n,'), max_size=6),
    st.sampled_from(["", "0", "1", "12.0", "-1", "nan", "1e3", "2023-11-16 18:15:46.6805900", "2023-02-30 00:00:00"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(FIELDS, min_size=2, max_size=5), max_size=12), st.sampled_from(["s", "datetime"]))
def test_no_row_is_lost_whatever_the_rows_hold(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], unit: str
) -> None:
    good = "2023-11-16 18:15:46,1,1" if unit == "datetime" else "1,1,1"
    text = "\n".join(["a,p,o", good, *(",".join(row) for row in rows)])
    columns = ColumnMap.model_validate({"arrival": "a", "prompt": "p", "output": "o", "arrival_unit": unit})
    table = read_requests(written(tmp_path_factory.mktemp("rows"), text), columns)
    assert table.rows_read == len(rows) + 1
    assert conserved(table)
    assert set(table.dropped) <= REASONS
    assert np.all(np.diff(table.arrival_s) >= 0)
    assert table.prompt_tokens.min() >= 1
    assert table.output_tokens.min() >= 1


REQUESTS = st.lists(
    st.tuples(st.integers(0, 10**16), st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1)), min_size=1, max_size=20
)


@settings(max_examples=100, deadline=None)
@given(REQUESTS)
def test_a_written_trace_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, requests: list[tuple[int, int, int]]
) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["arrived_at", "num_prefill_tokens", "num_decode_tokens"])
    writer.writerows((f"{ns // 10**9}.{ns % 10**9:09d}", prompt, output) for ns, prompt, output in requests)
    table = read_requests(written(tmp_path_factory.mktemp("round"), text.getvalue()))
    in_order = sorted(requests, key=lambda request: request[0])
    start_ns = in_order[0][0]
    assert columns_of(table) == (
        [(ns - start_ns) / 1e9 for ns, _, _ in in_order],
        [prompt for _, prompt, _ in in_order],
        [output for _, _, output in in_order],
    )


def test_the_azure_trace_and_its_vidur_copy_import_identically(data_dir: Path) -> None:
    azure = read_requests(data_dir / "llm" / "azure2023_conv.csv.gz")
    vidur = read_requests(data_dir / "llm" / "vidur_splitwise_conv.csv.gz")
    assert len(azure) == 19_366
    for ours, theirs in zip(columns_of(azure), columns_of(vidur), strict=True):
        assert ours == theirs


def test_a_real_trace_in_nanoseconds_is_read_by_mapping_its_columns(data_dir: Path) -> None:
    columns = ColumnMap(arrival="arrival_time_ns", prompt="input_toks", output="output_toks", arrival_unit="ns")
    table = read_requests(data_dir / "llm" / "sharegpt300_lengths.csv.gz", columns)
    assert len(table) == 300
    assert (len(table) - 1) / table.arrival_s[-1] == pytest.approx(10.3, abs=0.1)


def test_a_real_file_of_lengths_alone_is_refused(data_dir: Path) -> None:
    assert "no arrival column" in refusal(data_dir / "llm" / "vidur_arxiv_summarization_lengths.csv.gz")
