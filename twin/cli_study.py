"""Verbs that ask what failures do to a layout."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from twin.cli_progress import Progress

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
AddVerb: TypeAlias = Callable[[Verbs, str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_study_verbs(verbs: Verbs, add: AddVerb) -> None:
    """Put the verbs beside the others."""
    found = add(verbs, "availability", _availability, "how available the power of each rack is, and why not more")
    found.add_argument("layout", type=Path)
    found.add_argument("--years", type=float, default=100_000.0, help="years lived by chance (default: 100000)")
    found.add_argument("--seed", type=int, default=1)
    found.add_argument(
        "--rates", type=Path, help="failure rates of your own, by role or element, over the shipped ones"
    )
    found.add_argument("--json", action="store_true")
    lost = add(
        verbs, "failures", _failures, "what every single failure of power and cooling does, and every pair of power"
    )
    lost.add_argument("layout", type=Path)
    lost.add_argument("--pairs", action="store_true", help="also every two failures at once")
    lost.add_argument("--scenario", type=Path, help="requests an hour of the replicas that stop are counted")
    lost.add_argument("--top", type=_count, default=20, help="how many to list, the worst first (default: 20)")
    lost.add_argument("--json", action="store_true", help="all of them")


def _availability(arguments: argparse.Namespace) -> int:
    from twin.study.availability import layout_availability
    from twin.study.report import availability_lines

    with Progress(not arguments.json, "years lived", "") as progress:
        found = layout_availability(arguments.layout, arguments.years, arguments.seed, arguments.rates, progress.show)
    _show(found.to_json() if arguments.json else availability_lines(found))
    return 0


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value}, at least 1 is needed")
    return value


def _failures(arguments: argparse.Namespace) -> int:
    from twin.study.failures import layout_failures
    from twin.study.report import failure_lines

    with Progress(not arguments.json, "failures followed", "") as progress:
        found = layout_failures(arguments.layout, arguments.pairs, arguments.scenario, progress.show)
    _show(found.to_json() if arguments.json else failure_lines(found, arguments.top))
    return 0


def _show(answer: object) -> None:
    """Lines as they are, anything else as JSON."""
    print("\n".join(answer) if isinstance(answer, list) else json.dumps(answer, indent=1, ensure_ascii=False))
