"""CPU seconds to lay out a one-line diagram of a thousand elements: `python tests/benchmarks/bench_diagrams.py`."""

from __future__ import annotations

import time

from ui.diagrams.flow_layout import Cell, Link, laid_out

SIDES = ("A", "B", "")


def thousand() -> tuple[list[Cell], list[Link]]:
    """A tree of a thousand elements, every fifth with a second feed."""
    cells = [Cell("n0", 120.0, 40.0, 40.0)]
    links = []
    for i in range(1, 1000):
        cells.append(Cell(f"n{i}", 120.0, 40.0, 40.0, SIDES[i % 3]))
        links.append(Link(f"n{(i - 1) // 4}", f"n{i}"))
        if i % 5 == 0 and i > 20:
            links.append(Link(f"n{(i - 1) // 4 - 1}", f"n{i}"))
    return cells, links


if __name__ == "__main__":
    drawn = thousand()
    spent_s = []
    for _ in range(5):
        start_s = time.process_time()
        laid_out(*drawn)
        spent_s.append(time.process_time() - start_s)
    print(f"laid out in {min(spent_s):.3f} CPU-s")
