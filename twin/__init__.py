"""Open digital twin of AI data centres: `twin.run("layouts/scenarios/small_room_chat.yaml").summary`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.record.result import Result

__all__ = ["open_result", "run"]


def run(
    scenario: str | Path,
    output: str | Path | None = None,
    *,
    hours: float | None = None,
    seed: int | None = None,
    sets: tuple[str, ...] = (),
) -> Result:
    """Simulate a scenario file and return its result, with `.summary` and arrays by channel name.

    output: folder to write the result to; none keeps it in memory.
    sets: values such as "layout:coolers.CRAH-1.supply_c=20".
    Errors: TwinError with file, place and way out.
    """
    from twin.scenario.overrides import parse_set
    from twin.sim.run import load_documents, simulate

    path = Path(scenario)
    documents = load_documents(path).changed([parse_set(text) for text in sets])
    return simulate(documents, path, None if output is None else Path(output), hours, seed)


def open_result(folder: str | Path) -> Result:
    """A result written before."""
    from twin.record.result import open_result as opened

    return opened(Path(folder))
