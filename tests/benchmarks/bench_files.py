"""CPU seconds to read files: `python tests/benchmarks/bench_files.py [--data DIR]`, the least of three."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from twin.catalogue.library import read_catalogue  # noqa: E402
from twin.files import asset_dir  # noqa: E402
from twin.layout.store import load_layout  # noqa: E402
from twin.scenario.traces.inspect import inspect_requests  # noqa: E402
from twin.scenario.traces.requests import read_requests  # noqa: E402


def least_cpu_s(work: Callable[[], object]) -> float:
    """The least of three."""
    seen = []
    for _ in range(3):
        start_s = time.process_time()
        work()
        seen.append(time.process_time() - start_s)
    return round(min(seen), 3)


def main() -> int:
    """Print the figures as JSON; most they have been allowed: catalogue 0.5, Azure 0.5, Mooncake 2.0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the traces that are not shipped")
    options = parser.parse_args()
    frontier = ROOT / "layouts" / "frontier.layout.json"
    figures = {
        "catalogue_s": least_cpu_s(lambda: read_catalogue([asset_dir() / "catalogue"])),
        "frontier_layout_s": least_cpu_s(lambda: load_layout(frontier)),
    }
    if options.data is not None:
        llm = options.data / "llm"
        figures["azure_trace_s"] = least_cpu_s(lambda: read_requests(llm / "azure2023_conv.csv.gz"))
        figures["mooncake_trace_s"] = least_cpu_s(lambda: inspect_requests(llm / "mooncake_conversation.jsonl.gz"))
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
