"""Results, traces and data sheets as lines of text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from twin.record.annual_lines import annual_rows
from twin.record.energy_lines import bill_rows, carbon_rows, effectiveness_rows, path_lines
from twin.record.liquid_lines import liquid_rows
from twin.record.pim_lines import pim_rows
from twin.record.report_air import air_rows
from twin.record.swing_lines import swing_path_rows, swing_rows
from twin.record.words import MISSING, aligned, exactly, labelled, percent, quantity, ranged, unit_of

Figures = Mapping[str, object]
_LATENCIES = (
    ("ttft_s", "time to first token"),
    ("tpot_s", "time per output token"),
    ("e2e_s", "arrival to last token"),
)
_SPREAD = ("mean", "p50", "p90", "p95", "p99")
_HEAD = ("id", "name", "maker", "country", "year", "kind", "family", "role", "note")
_SILENT = frozenset({"format", "version", "provenance", *_HEAD})
_WIDTH = 100


def summary_lines(summary: Figures) -> list[str]:
    """What a run came to: one subject a line; a figure the run does not have is not shown."""
    serving, power = _part(summary, "serving"), _part(summary, "power_w")
    if serving.get("replicas") == 0:  # a hall that only holds loads has nothing to say of requests
        serving = {}
    rows = [("simulated", _simulated(summary))]
    band = _part(summary, "band")
    rows += _serving_rows(serving, band) if serving else []
    rows += _service_rows(_part(summary, "services"))
    rows += pim_rows(summary.get("pim"))
    rows += _scaling_rows(_part(summary, "scaling"))
    rows += [
        (name, ", ".join(f"{of} {ranged(power, f'{key}_{of}', 'W', band, 'power_w.')}" for of in ("mean", "peak")))
        for key, name in (("it", "IT power"), ("facility", "facility power"))
        if f"{key}_mean" in power
    ]
    rows += annual_rows(summary.get("annual"))
    rows += swing_rows(summary.get("swings"))
    rows += swing_path_rows(summary.get("swing_path"))
    rows += _energy_rows(summary)
    thermal, balance = _part(summary, "thermal"), _part(summary, "balance")
    if thermal:
        mean_c, max_c = (_fixed(thermal.get(f"inlet_c_{name}"), 1, "°C") for name in ("mean", "max"))
        rows.append(("rack inlet", f"mean {mean_c}, hottest {max_c}"))
    rows += air_rows(summary.get("air"))
    rows += liquid_rows(summary.get("liquid"))
    if balance:
        energy, requests = balance.get("energy_residual_frac"), balance.get("requests_residual")
        shown = f"{energy:.1e}" if isinstance(energy, float) else MISSING
        rows.append(("balance", f"energy residual {shown}, requests residual {quantity(requests)}"))
    lines = labelled(rows)
    if serving:
        lines += ["", *_latency_lines(serving, band)]
    path = path_lines(summary)
    lines += ["", *path] if path else []
    lines += _device_rows(summary)
    warnings = summary.get("warnings")
    if isinstance(warnings, Sequence) and warnings:
        lines += ["", *(f"warning: {text}" for text in warnings)]
    return lines


def trace_lines(report: Figures) -> list[str]:
    """A request trace in figures, from its report as plain values."""
    columns = _part(report, "columns")
    dropped = _part(report, "dropped")
    n_dropped = sum(n for n in dropped.values() if isinstance(n, int))
    rows = [
        ("trace", f"{report['source']} ({report['shape']} columns)"),
        ("columns", ", ".join(f"{key} = {value}" for key, value in columns.items())),
        ("rows", f"{report['rows_read']:,} read = {report['n_requests']:,} kept + {n_dropped:,} dropped"),
    ]
    first = _part(report, "first_line_dropped")
    rows += [("dropped", f"{n:,} {reason} (first in line {first.get(reason)})") for reason, n in dropped.items()]
    if report.get("out_of_order"):
        rows.append(("order", f"{report['out_of_order']:,} rows stood after a later one and were sorted up"))
    if report.get("starts_at"):
        rows.append(("starts", str(report["starts_at"])))
    rows += [
        ("span", f"{duration(report['span_s'])}, {quantity(report['rate_per_s'])} requests/s on average"),
        ("burstiness", _burstiness(report)),
        ("busiest second", f"{quantity(report['peak_second_requests'])} requests"),
        ("busiest minute", _busiest_minute(report)),
        *_prefix_rows(_part(report, "prefix")),
        *_segment_rows(report.get("segments")),
    ]
    lengths = ("mean", "p50", "p95", "p99", "max", "total")
    table: list[tuple[str, ...]] = [("tokens a request", *lengths)]
    for key, name in (("prompt_tokens", "prompt"), ("output_tokens", "output")):
        part = _part(report, key)
        table.append((name, *(_fixed(part.get(column), 0) for column in lengths)))
    notes = report.get("notes")
    remarks = [line for note in notes for line in _wrapped(f"note: {note}")] if isinstance(notes, Sequence) else []
    return [*labelled(rows), "", *aligned(table), *([""] if remarks else []), *remarks]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="  ")


def _burstiness(report: Figures) -> str:
    text = f"coefficient of variation of the gaps {quantity(report['gap_cv'])}"
    dispersion = report.get("dispersion")
    return text if dispersion is None else f"{text}; variance / mean of requests a second {quantity(dispersion)}"


def _prefix_rows(prefix: Figures) -> list[tuple[str, str]]:
    if not prefix:
        return []
    held = "none" if prefix["hit_frac"] is None else percent(prefix["hit_frac"])
    return [
        (
            "prefix blocks",
            f"{prefix['n_blocks']:,} of {prefix['block_tokens']} tokens, {prefix['n_distinct']:,} distinct",
        ),
        ("prefix hits", f"{held} of blocks would be held by a cache without bound"),
    ]


def _segment_rows(segments: object) -> list[tuple[str, str]]:
    if not isinstance(segments, Sequence) or len(segments) < 2:
        return []
    return [
        (
            f"segment {i}",
            f"from line {segment['first_line']:,}: {segment['n_requests']:,} requests in {duration(segment['span_s'])}",
        )
        for i, segment in enumerate(segments)
    ]


def device_lines(sheet: Figures) -> list[str]:
    """One data sheet as plain values: every field with its unit and the number of its source, sources below."""
    provenance = _part(sheet, "provenance")
    made = " ".join(str(sheet[key]) for key in ("maker", "country", "year") if sheet.get(key))
    kind = " ".join(str(sheet[key]) for key in ("kind", "family", "role") if sheet.get(key))
    lines = [f"{sheet['name']} ({sheet['id']})", f"{kind}, {made}" if made else kind]
    if sheet.get("note"):
        lines += textwrap.wrap(str(sheet["note"]), _WIDTH)
    sources: dict[str, int] = {}
    rows: list[tuple[str, str]] = []
    for name, value in _fields({key: sheet[key] for key in sheet if key not in _SILENT}):
        source = _source_text(provenance, name) if not isinstance(value, (str, bool)) else ""
        mark = f"  [{sources.setdefault(source, len(sources) + 1)}]" if source else ""
        rows.append((name, _field_text(name, value) + mark))
    notes = [
        textwrap.fill(f"[{i}] {source}", _WIDTH, subsequent_indent=" " * (len(str(i)) + 3))
        for source, i in sources.items()
    ]
    return [*lines, "", *labelled(rows), "", *"\n".join(notes).split("\n")] if notes else [*lines, "", *labelled(rows)]


def device_list_lines(sheets: Iterable[Figures]) -> list[str]:
    """Many data sheets, one a line: id, kind, maker, name."""
    listed = list(sheets)
    rows = [
        (str(sheet["id"]), str(sheet.get("family") or sheet.get("role") or sheet["kind"]), str(sheet["maker"]))
        for sheet in listed
    ]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + f"  {sheet['name']}"
        for row, sheet in zip(rows, listed, strict=True)
    ]


def duration(value_s: object) -> str:
    """A time span in the unit that suits it."""
    if isinstance(value_s, bool) or not isinstance(value_s, (int, float)):
        return MISSING
    for size_s, unit in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if value_s >= 2 * size_s or (value_s >= size_s and unit != "days"):
            return quantity(value_s / size_s, unit)
    return quantity(float(value_s), "s")


def _simulated(summary: Figures) -> str:
    simulated_s, wall_s = summary.get("simulated_s"), summary.get("wall_s")
    text = duration(simulated_s)
    if isinstance(simulated_s, (int, float)) and isinstance(wall_s, (int, float)) and wall_s > 0.0:
        text += f" in {duration(wall_s)} ({quantity(simulated_s / wall_s)} times as fast as real)"
    return f"{text}, seed {summary['seed']}" if "seed" in summary else text


def _serving_rows(serving: Figures, band: Figures) -> list[tuple[str, str]]:
    ends = ("completed", "rejected", "unfinished", "lost")
    known = [name for name in ("arrived", *ends) if f"requests_{name}" in serving]
    rows = [
        ("requests", ", ".join(f"{quantity(serving[f'requests_{name}'])} {name}" for name in known)),
        ("tokens", ", ".join(f"{quantity(serving.get(f'{name}_tokens'))} {name}" for name in ("prompt", "output"))),
        ("throughput", ranged(serving, "output_tokens_per_s", "output tokens/s", band, "serving.")),
        ("preemptions", quantity(serving.get("preemptions"))),
        *_kv_rows(_part(serving, "kv_tokens")),
    ]
    if serving.get("requests_refused"):
        rows[0] = ("requests", f"{rows[0][1]}; {quantity(serving['requests_refused'])} of the rejected not let in")
    rows += _transfer_rows(serving)
    kept = serving.get("slo_attained_frac")
    if kept is None:
        return rows
    by_workload = [(f"  {name}", _kept_text(_part(_part(serving, "slo"), name))) for name in _part(serving, "slo")]
    return [*rows, ("objectives kept", f"{percent(kept)} of requests"), *by_workload]


def _kv_rows(by_workload: Figures) -> list[tuple[str, str]]:
    """How much a replica of each workload can keep: what limits the requests it runs at once."""
    parts = [
        f"{name} {' or '.join(quantity(n) for n in sizes)}"
        for name, sizes in by_workload.items()
        if isinstance(sizes, Sequence)
    ]
    return [("KV cache", f"{', '.join(parts)} tokens a replica")] if parts else []


def _kept_text(kept: Figures) -> str:
    """Objectives of one workload: how many requests kept all, and each."""
    words = {"ttft_s": "first token", "tpot_s": "each token", "e2e_s": "last token"}
    parts = [
        f"{words[key]} in {quantity(limit.get('limit_s'), 's')} {percent(limit.get('attained_frac'))}"
        for key in words
        if (limit := _part(kept, key))
    ]
    return f"{percent(kept.get('attained_frac'))}: {', '.join(parts)}"


def _scaling_rows(scaling: Figures) -> list[tuple[str, str]]:
    """How long replicas slept, for each workload whose replicas may."""
    rows = []
    for name in scaling:
        one = _part(scaling, name)
        states = [f"{quantity(value, 'h')} {key[:-2]}" for key, value in one.items() if key.endswith("_h") and value]
        counts = f"{quantity(one.get('wakes'))} wakes, {quantity(one.get('sleeps'))} sleeps"
        rows.append((f"replicas of {name}", f"{', '.join(states)}; {counts}"))
    return rows


def _service_rows(services: Figures) -> list[tuple[str, str]]:
    """One line for each service: how many items, how fast, how well the chips were used."""
    rows = []
    for key in services:
        one = _part(services, key)
        e2e = _part(one, "e2e_s")
        parts = (
            quantity(one.get("items_per_s"), f"{one.get('unit')}s/s"),
            f"latency p50 {quantity(e2e.get('p50'), 's')}, p99 {quantity(e2e.get('p99'), 's')}",
            f"batches of {quantity(one.get('batch_mean'))}",
            f"chips {percent(one['utilisation_frac'])} busy",
            quantity(one.get("chip_j_per_item"), f"J per {one.get('unit')}"),
        )
        rows.append((f"{key} ({one.get('service')})", "; ".join(parts)))
    return rows


def _transfer_rows(serving: Figures) -> list[tuple[str, str]]:
    if serving.get("kv_transferred_bytes") is None:
        return []
    text = f"{quantity(serving['kv_transferred_bytes'], 'B')} sent, {quantity(serving['kv_transfer_mean_s'], 's')} each"
    return [("keys and values", f"{text}; busiest link {percent(serving['kv_link_busy_frac'])} of the time")]


def _device_rows(summary: Figures) -> list[str]:
    """How each accelerator at work is known, in a line each."""
    devices = summary.get("devices")
    if not isinstance(devices, Sequence) or not devices:
        return []
    rows = []
    for device in devices:
        errors = ", ".join(f"{part} {percent(error)}" for part, error in device["held_errors"].items())
        known = f"speed: {device['speed']}; power: {device['power']}"
        rows.append((str(device["id"]), known + (f"; error on held-out rows: {errors}" if errors else "")))
    return ["", *labelled(rows)]


def _latency_lines(serving: Figures, band: Figures) -> list[str]:
    table: list[tuple[str, ...]] = [("latency, s", *_SPREAD)]
    for key, name in _LATENCIES:
        spread = _part(serving, key)
        table.append((name, *(ranged(spread, column, "", band, f"serving.{key}.") for column in _SPREAD)))
    return aligned(table)


def _energy_rows(summary: Figures) -> list[tuple[str, str]]:
    energy, band = _part(summary, "energy_kwh"), _part(summary, "band")
    names = {"power_losses": "power losses", "it": "IT"}
    parts = [f"{names.get(key, key)} {quantity(_watt_hours(value), 'Wh')}" for key, value in energy.items()]
    rows = [("energy", ", ".join(parts))] if parts else []
    rows += effectiveness_rows(summary)
    for key, name, unit in (
        ("j_per_output_token", "energy per token", "J"),
        ("j_per_item", "energy per item", "J"),
        ("water_l", "water", "L"),
    ):
        if key in summary and not (key == "j_per_item" and summary[key] is None):
            rows.append((name, ranged(summary, key, unit, band)))
    return [*rows, *carbon_rows(summary), *bill_rows(summary)]


def _watt_hours(value_kwh: object) -> object:
    return value_kwh * 1e3 if isinstance(value_kwh, (int, float)) else None


def _busiest_minute(report: Figures) -> str:
    ratio = report.get("peak_minute_ratio")
    text = f"{quantity(report['peak_minute_requests'])} requests"
    return text if ratio is None else f"{text}, {quantity(ratio)} times the average rate"


def _part(tree: Figures, key: str) -> Figures:
    part = tree.get(key)
    return cast(Figures, part) if isinstance(part, Mapping) else {}


def _fixed(value: object, decimals: int, unit: str = "") -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return MISSING
    return f"{value:,.{decimals}f} {unit}".rstrip()


def _fields(tree: Figures, prefix: str = "") -> list[tuple[str, object]]:
    """Filled fields with dotted names; a table of plain values stays one field."""
    found: list[tuple[str, object]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping) and (prefix in ("", "on.") and not _is_table(key, value)):
            found += _fields(value, f"{prefix}{key}.")
        elif value not in ("", None, {}, [], ()):
            found.append((prefix + key, value))
    return found


def _is_table(key: str, value: Figures) -> bool:
    """Mappings by precision or load rather than by field name."""
    return key == "peak_flops" or key == "power_w_at_s" or any(name[:1].isdigit() for name in value)


def _field_text(name: str, value: object) -> str:
    unit = unit_of(name.split(".")[-1])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return exactly(value, unit)
    if isinstance(value, Mapping) and set(value) == {"type", "count"}:
        return f"{value['count']} × {value['type']}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_field_text(name, item)}" for key, item in value.items() if item != {})
    if isinstance(value, (list, tuple)):
        return ", ".join(_field_text(name, item) for item in value)
    return str(value)


def _source_text(provenance: Figures, name: str) -> str:
    """Where a field's number comes from: its own entry, its parent's, or the sheet's."""
    parents = (name, name.rpartition(".")[0], name.split(".", 1)[0], "*")
    entry = next((provenance[parent] for parent in parents if parent in provenance), None)
    if not isinstance(entry, Mapping):
        return ""
    if entry.get("estimate"):
        return f"estimate: {entry.get('reasoning')}"
    return f"{entry.get('source')} ({entry.get('confidence')} confidence)"
