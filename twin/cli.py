"""The command line: verbs, arguments, and the one place where text is printed and errors end."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

from twin.bench import AIRFLOW_CASES, COOLING_CASES, PLANT_CASES, SERVING_CASES
from twin.cli_airflow import add_airflow_verb
from twin.cli_layout import add_layout_verbs
from twin.cli_progress import Progress
from twin.cli_study import add_study_verbs
from twin.errors import DocumentError, OutputError, TwinError, each_problem

if TYPE_CHECKING:
    from twin.catalogue.device import Device
    from twin.files import Tree

VERSION = "0.1.0"
SCHEMAS = ("layout", "scenario", "sweep", "device")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a verb; 0 when all is well, 1 when something is wrong, 2 for a wrong command, 130 after Ctrl-C."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        # The arrays are small: more BLAS threads only wait for each other.
        os.environ.setdefault(name, "1")
    arguments = _parser().parse_args(argv)
    try:
        return cast(Callable[[argparse.Namespace], int], arguments.verb)(arguments)
    except TwinError as error:
        for problem in each_problem(error):
            print(f"twin: {' '.join(str(problem).split())}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of a pipe has seen enough; that is no mistake.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("twin: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="twin", description="Open digital twin of AI data centres.")
    parser.add_argument("--version", action="version", version=f"twin {VERSION}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _run_arguments(verbs)
    check = _verb(verbs, "check", _check, "say what is unwise in a layout; exit 1 on any error")
    check.add_argument("layout", type=Path)
    check.add_argument("--json", action="store_true", help="findings as JSON")
    check.add_argument("-v", "--verbose", action="store_true", help="also the order in which a run settles")
    devices = _verb(verbs, "devices", _devices, "list the catalogue, or show one sheet with its sources")
    devices.add_argument("id", nargs="?")
    devices.add_argument("--json", action="store_true")
    devices.add_argument("--catalogue", type=Path, action="append", default=[], help="a folder of your own sheets")
    add_layout_verbs(verbs, _verb)
    add_study_verbs(verbs, _verb)
    add_airflow_verb(verbs, _verb)
    traces = _verb(verbs, "traces", _traces, "look into a request trace")
    traces.add_argument("action", choices=["inspect"])
    traces.add_argument("file", type=Path)
    traces.add_argument("--json", action="store_true")
    _sweep_arguments(verbs)
    bench = _verb(verbs, "bench", _bench, "measure the program's own speed")
    bench.add_argument("name", choices=["serving", "plant", "cooling", "airflow"])
    bench.add_argument("--trace", type=Path, help="request trace to serve; else one shaped like it")
    bench.add_argument(
        "--case",
        choices=(*SERVING_CASES, *PLANT_CASES, *COOLING_CASES, *AIRFLOW_CASES),
        help="one group; else the short ones",
    )
    bench.add_argument("--data", type=Path, help="folder of the traces that are not shipped; else TWIN_DATA")
    bench.add_argument("--json", action="store_true")
    validate = _verb(verbs, "validate", _validate, "hold the model against measured hardware; exit 1 if one misses")
    validate.add_argument("--data", type=Path, help="folder of the measured tables that are not shipped")
    validate.add_argument("--json", action="store_true")
    _calibrate_arguments(verbs)
    schema = _verb(verbs, "schema", _schema, "print the JSON Schema of a document")
    schema.add_argument("name", choices=SCHEMAS)
    ui = _verb(verbs, "ui", _ui, "open the window")
    ui.add_argument("file", nargs="?", type=Path, help="layout or scenario")
    ui.add_argument("--language", choices=("en", "ko"), help="default: as chosen in the window, or the desktop's")
    return parser


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    work: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    parser.set_defaults(verb=work)
    return parser


def _run_arguments(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _verb(verbs, "run", _run, "simulate a scenario")
    run.add_argument("scenario", type=Path)
    run.add_argument("-o", "--output", type=Path, help="folder for the result; none: figures only")
    run.add_argument("--hours", type=float, help="simulated hours")
    run.add_argument("--seed", type=int)
    run.add_argument(
        "--set", action="append", default=[], metavar="PATH=VALUE", help="value in scenario, layout: or sheet:"
    )
    run.add_argument("--trace", type=Path, help="requests of the first workload, in place of its own")
    run.add_argument("--json", action="store_true", help="print summary.json")
    run.add_argument(
        "--no-band",
        action="store_true",
        help="nominal figures only, in a fifth of the computing, where devices are known by their data sheet only",
    )


def _calibrate_arguments(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    calibrate = _verb(verbs, "calibrate", _calibrate, "fit a device to measured tables or to a log of requests")
    calibrate.add_argument("device")
    calibrate.add_argument("files", type=Path, nargs="*", help="CSV or Parquet tables of kernel times")
    calibrate.add_argument("--log", type=Path, help="requests of a real engine, CSV or JSON lines, in place of tables")
    calibrate.add_argument("--model", help="catalogue model of the log, or of profiles that name layers, not shapes")
    calibrate.add_argument("--weights", default="bf16", help="precision of the weights of a log")
    calibrate.add_argument("--max-batch", type=int, default=256, help="requests running together in the log's engine")
    calibrate.add_argument("--max-batch-tokens", type=int, default=2048, help="its token budget of one iteration")
    calibrate.add_argument(
        "--tensor-parallel", type=int, default=1, help="accelerators that profile's model is cut over"
    )
    calibrate.add_argument("-o", "--output", type=Path, help="sheet to write (default: DEVICE.yaml)")


def _sweep_arguments(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sweep = _verb(verbs, "sweep", _sweep, "run a grid of variants")
    sweep.add_argument("sweep", type=Path)
    sweep.add_argument("-o", "--output", type=Path, help="folder for the table; default: the sweep's name in runs/")
    where = sweep.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, help="local processes; default: one per core")
    where.add_argument("--scheduler", help="address of a Dask scheduler that is already there")
    sweep.add_argument("--resume", action="store_true", help="keep the points that are done")
    sweep.add_argument("--json", action="store_true")


def _print(lines: Sequence[str]) -> None:
    print("\n".join(lines))


def _print_json(tree: object) -> None:
    print(json.dumps(tree, indent=1, ensure_ascii=False))


def _run(arguments: argparse.Namespace) -> int:
    from twin.record.report import summary_lines
    from twin.record.result import json_text
    from twin.scenario.overrides import parse_set
    from twin.sim.banded import simulate_with_band
    from twin.sim.run import load_documents, simulate

    if arguments.hours is not None and not 0 < arguments.hours < 1e6:
        raise DocumentError(f"{arguments.hours:g} hours cannot be simulated", "--hours", "give a number above 0")
    documents = load_documents(arguments.scenario)
    if arguments.trace is not None:
        _put_trace(documents.scenario, arguments.trace)
        if arguments.hours is None:
            documents.scenario["hours"] = _trace_hours(arguments.trace)
    documents = documents.changed([parse_set(text) for text in arguments.set])
    carry = simulate if arguments.no_band else simulate_with_band
    with Progress(not arguments.json, "simulated", "s") as progress:
        result = carry(
            documents,
            arguments.scenario,
            arguments.output,
            arguments.hours,
            arguments.seed,
            progress.show,
        )
    if arguments.json:
        print(json_text(result.summary), end="")
    else:
        _print(summary_lines(result.summary))
        if arguments.output is not None:
            print(f"\nWritten to {arguments.output}")
    is_whole = bool(result.run.get("complete", True))
    if not is_whole:
        print("twin: stopped early; the result is marked incomplete", file=sys.stderr)
    return 0 if is_whole else 130


def _put_trace(scenario: Tree, trace: Path) -> None:
    """A trace in place of the first workload's own; the others fall silent, for one stream is what was asked."""
    workloads = scenario.get("workloads")
    if not isinstance(workloads, list) or not workloads or not isinstance(workloads[0], dict):
        raise DocumentError("has no workload to play a trace on", "--trace", "add one to the scenario")
    first = {key: value for key, value in workloads[0].items() if key not in ("generator", "servegen", "arrivals")}
    first["trace"] = {"file": str(trace.resolve())}
    scenario["workloads"] = [first]


def _trace_hours(trace: Path) -> float:
    """Hours until the whole minute after a trace's last arrival: all of it is played unless hours are given."""
    from twin.scenario.traces.requests import read_requests

    return (float(read_requests(trace).arrival_s[-1]) // 60.0 + 1.0) / 60.0


def _check(arguments: argparse.Namespace) -> int:
    from twin.catalogue.library import shipped_catalogue
    from twin.layout.check import check
    from twin.layout.store import load_layout

    findings = check(load_layout(arguments.layout), shipped_catalogue())
    if arguments.json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(finding.line())
        counts = [sum(f.severity == s for f in findings) for s in ("error", "warning", "note")]
        print(f"{arguments.layout}: {counts[0]} errors, {counts[1]} warnings, {counts[2]} notes")
        if arguments.verbose:
            from twin.plant.plant import SETTLE_ORDER

            print("A run settles in this order: " + ", ".join(SETTLE_ORDER))
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _devices(arguments: argparse.Namespace) -> int:
    from twin.catalogue.device import Device
    from twin.catalogue.library import read_catalogue, shipped_catalogue
    from twin.files import asset_dir
    from twin.record.report import device_lines, device_list_lines

    catalogue = shipped_catalogue()
    if arguments.catalogue:
        catalogue = read_catalogue([asset_dir() / "catalogue", *arguments.catalogue])
    if arguments.id is None:
        devices = [_listed(catalogue[key]) for key in sorted(catalogue)]
        _print_json(devices) if arguments.json else _print(device_list_lines(devices))
        return 0
    device = catalogue.find(arguments.id, Device, "devices")
    tree = {**device.model_dump(mode="json", exclude_none=True), "missing_for_simulation": _missing(device)}
    if law := getattr(device, "serving_law", ""):
        tree["serving_law"] = law
    _print_json(tree) if arguments.json else _print(device_lines(tree))
    return 0


def _missing(device: Device) -> list[str]:
    """What a simulation needs of a sheet and it lacks."""
    found: list[str] = getattr(device, "missing_for_serving", list)()
    return found


def _listed(device: Device) -> Tree:
    return {
        "id": device.id,
        "kind": str(getattr(device, "kind", "")),
        "family": str(getattr(device, "family", None) or getattr(device, "role", None) or ""),
        "name": device.name,
        "maker": device.maker,
        "country": device.country,
        "year": device.year,
        "missing_for_simulation": _missing(device),
        "serving_law": getattr(device, "serving_law", ""),
    }


def _traces(arguments: argparse.Namespace) -> int:
    from twin.record.report import trace_lines
    from twin.scenario.traces.inspect import inspect_requests

    report = inspect_requests(arguments.file).to_json()
    _print_json(report) if arguments.json else _print(trace_lines(report))
    return 0


def _sweep(arguments: argparse.Namespace) -> int:
    from twin.sweep.execute import execute
    from twin.sweep.plan import read_sweep

    sweep = read_sweep(arguments.sweep)
    folder = arguments.output or Path("runs") / arguments.sweep.stem
    with Progress(not arguments.json, "points done", "") as progress:
        outcome = execute(
            sweep,
            arguments.sweep,
            folder,
            workers=arguments.workers,
            scheduler=arguments.scheduler,
            resume=arguments.resume,
            progress=progress.show,
        )
    if arguments.json:
        _print_json({"table": str(outcome.table), "points": outcome.n_points, "failed": outcome.n_failed})
    else:
        print(f"{outcome.n_points} points, {outcome.n_failed} failed: {outcome.table}")
    return 0 if outcome.n_failed == 0 else 1


def _bench(arguments: argparse.Namespace) -> int:
    from twin.bench import cases

    folder = arguments.data or (Path(os.environ["TWIN_DATA"]) if os.environ.get("TWIN_DATA") else None)
    if arguments.trace is not None and not arguments.trace.is_file():
        raise DocumentError("no such file", str(arguments.trace), "check the path; without --trace a trace is made up")
    found = cases(arguments.name, arguments.trace, folder, arguments.case)
    if arguments.json:
        _print_json({"bench": arguments.name, "cases": found})
    else:
        for case in found:
            print(
                "  ".join(
                    f"{key} {value:,.6g}" if isinstance(value, float) else f"{key} {value}"
                    for key, value in case.items()
                )
            )
    return 0


def _validate(arguments: argparse.Namespace) -> int:
    from twin.validate.report import case_lines
    from twin.validate.run import cases

    found = list(cases(arguments.data))
    if arguments.json:
        _print_json({"cases": [case.to_json() for case in found]})
    else:
        _print(case_lines(found))
    return 1 if any(case.state == "missed" for case in found) else 0


def _calibrate(arguments: argparse.Namespace) -> int:
    from twin.calibrate import calibrated, served_model, written_sheet
    from twin.log_fit import LogSettings, calibrated_on_log

    output = arguments.output or Path(f"{arguments.device}.yaml")
    served = served_model(arguments.model, arguments.tensor_parallel)
    if arguments.log is not None:
        settings = LogSettings(arguments.weights, arguments.max_batch, arguments.max_batch_tokens)
        _print([*calibrated_on_log(arguments.device, arguments.log, served, settings, output), str(output)])
        return 0
    fits = calibrated(arguments.device, arguments.files, served)
    for fit in fits:
        values = "  ".join(f"{name} {value:.4g}" for name, value in fit.values.items())
        print(f"{fit.group}: {fit.held_error_frac:.1%} on held-out rows of {fit.n_rows}  {values}")
    written_sheet(arguments.device, fits, arguments.files, output)
    print(output)
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    from pydantic import BaseModel, TypeAdapter

    if arguments.name == "device":
        from twin.catalogue.library import KINDS

        _print_json({kind: TypeAdapter(model).json_schema() for kind, model in KINDS.items()})
        return 0
    from twin.layout.model import Layout
    from twin.scenario.model import Scenario
    from twin.sweep.plan import Sweep

    documents: dict[str, type[BaseModel]] = {"layout": Layout, "scenario": Scenario, "sweep": Sweep}
    _print_json(documents[arguments.name].model_json_schema())
    return 0


def _ui(arguments: argparse.Namespace) -> int:
    import importlib

    try:
        # By name, because this half of the program must be importable where no window can be.
        window = importlib.import_module("ui.__main__")
    except ImportError as error:
        raise OutputError(
            f"the window cannot start: {error}", "twin ui", 'install it with `pip install "kcloud-twin[gui]"`'
        ) from error
    language = ["--language", arguments.language] if arguments.language else []
    return int(window.main(language if arguments.file is None else [*language, str(arguments.file)]))
