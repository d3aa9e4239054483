"""Places the elements of a flow in layers from its sources down and leads its wires around them at right angles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ui.diagrams.flow_layers import Holder, Layers, layered
from ui.diagrams.flow_order import ordered, spread

GAP_PX = 24.0
"""Least room between neighbours of one layer."""
EDGE_PX = 20.0
"""Room between a body and the first track of the wires below or above it."""
TRACK_PX = 10.0
"""Distance of wires that run beside each other."""
PORT_PX = 14.0
"""Distance of the inputs of one element."""
DUMMY_PX = 8.0
STRAIGHT_PX = 0.5
"""Wires that are off by less than this are drawn straight."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """An element to be placed: its size, where its wires meet it from the left edge, and its side of the sheet.

    One that stretches is a bar along which wires may leave anywhere, `lead_px` from its left edge on.
    """

    id: str
    width_px: float
    height_px: float
    port_px: float
    side: str = ""
    stretches: bool = False
    lead_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A wire from what gives to what takes."""

    source: str
    target: str


@dataclass(slots=True)
class Box:
    """Where an element stands."""

    x_px: float
    y_px: float
    width_px: float
    height_px: float

    @property
    def right_px(self) -> float:
        """Its right edge."""
        return self.x_px + self.width_px

    @property
    def bottom_px(self) -> float:
        """Its lower edge."""
        return self.y_px + self.height_px


@dataclass(slots=True)
class Flow:
    """The drawing: boxes by id, the corners of each wire in the order of the links, and the size of it all."""

    boxes: dict[str, Box] = field(default_factory=dict)
    routes: list[list[Point]] = field(default_factory=list)
    width_px: float = 0.0
    height_px: float = 0.0


def laid_out(cells: Sequence[Cell], links: Sequence[Link]) -> Flow:
    """Sources above what they feed, side A left of side B, few crossings; the same for the same input.

    No two boxes overlap and no wire crosses a box. Links of what is not among the cells are left out of the layout
    and get an empty route; a link that closes a circle is led backwards.
    """
    by_id = {cell.id: cell for cell in cells}
    known = [link for link in links if link.source in by_id and link.target in by_id and link.source != link.target]
    widths = {cell.id: cell.width_px + GAP_PX for cell in cells}
    layers = layered([cell.id for cell in cells], [(link.source, link.target) for link in known], widths)
    placing = _Placing(by_id, layers, _sides(cells, layers))
    placing.place()
    flow = Flow(placing.boxes)
    routes = placing.routes()
    flow.routes = [_route_of(link, layers, routes) for link in links]
    flow.width_px = max((box.right_px for box in flow.boxes.values()), default=0.0)
    flow.height_px = max((box.bottom_px for box in flow.boxes.values()), default=0.0)
    return flow


def _route_of(link: Link, layers: Layers, routes: dict[tuple[str, str], list[Point]]) -> list[Point]:
    if (link.source, link.target) in layers.reversed:
        return routes.get((link.target, link.source), [])[::-1]
    return routes.get((link.source, link.target), [])


def _sides(cells: Sequence[Cell], layers: Layers) -> dict[str, int]:
    """-1 left, 1 right, 0 between, by element: its own side, else that of all its neighbours below, else above."""
    side = {cell.id: {"A": -1, "B": 1}.get(cell.side, 0) for cell in cells}
    own = dict(side)
    parents: dict[str, list[str]] = defaultdict(list)
    for source, targets in layers.targets.items():
        for target in targets:
            parents[target].append(source)
    by_depth = sorted(side, key=lambda name: layers.depth[name])
    for name in reversed(by_depth):
        side[name] = own[name] or _agreed(side[target] for target in layers.targets.get(name, ()))
    for name in by_depth:
        if not side[name] and not layers.targets.get(name):
            side[name] = _agreed(side[parent] for parent in parents[name])
    return side


def _agreed(sides: object) -> int:
    found = set(sides)  # type: ignore[call-overload]
    return int(found.pop()) if len(found) == 1 else 0


@dataclass(slots=True)
class _Net:
    """All wires from one holder across one gap: a trunk down, one level run, drops to what is below."""

    source: Holder
    targets: list[Holder]
    track: int = -1


class _Placing:
    """Coordinates of one drawing."""

    def __init__(self, cells: dict[str, Cell], layers: Layers, sides: dict[str, int]) -> None:
        self.cells, self.layers = cells, layers
        self.rows = ordered(layers, sides)
        self.boxes: dict[str, Box] = {}
        self.port: dict[Holder, float] = {}
        self._y: list[float] = []
        self._height: list[float] = []
        self._inputs: dict[tuple[Holder, Holder], float] = {}
        self._nets: list[list[_Net]] = []

    def place(self) -> None:
        """Fix all boxes, inputs and tracks."""
        sizes = {holder: self._size(holder) for row in self.rows for holder in row}
        self.port = spread(self.layers, self.rows, sizes, GAP_PX)
        for row in self.rows:
            for name, is_dummy in ((holder[0], holder[1] >= 0) for holder in row):
                if not is_dummy:
                    cell = self.cells[name]
                    left = self.port[name, -1] - cell.port_px
                    self.boxes[name] = Box(left, 0.0, cell.width_px, cell.height_px)
        for row in self.rows:
            self._stretch(row)
        left_px = min((box.x_px for box in self.boxes.values()), default=0.0)
        for box in self.boxes.values():
            box.x_px -= left_px
        self.port = {holder: x - left_px for holder, x in self.port.items()}
        self._set_inputs()
        self._nets = [self._tracked(i) for i in range(len(self.rows))]
        self._set_heights()

    def _size(self, holder: Holder) -> tuple[float, float]:
        """Room to the left and to the right of its port."""
        if holder[1] >= 0:
            return DUMMY_PX / 2, DUMMY_PX / 2
        cell = self.cells[holder[0]]
        return cell.port_px, cell.width_px - cell.port_px

    def _edges(self, holder: Holder) -> tuple[float, float]:
        if holder[1] >= 0:
            return self.port[holder] - DUMMY_PX / 2, self.port[holder] + DUMMY_PX / 2
        box = self.boxes[holder[0]]
        return box.x_px, box.right_px

    def _stretch(self, row: list[Holder]) -> None:
        """Bars grow over what hangs on them and what feeds them, as far as their neighbours leave room."""
        for i, holder in enumerate(row):
            cell = self.cells.get(holder[0])
            if holder[1] >= 0 or cell is None or not cell.stretches:
                continue
            reach = [self.port[other] for other in (*self.layers.below(holder), *self.layers.above(holder))]
            low = min([self.boxes[cell.id].x_px, *(x - cell.lead_px - EDGE_PX for x in reach)])
            high = max([self.boxes[cell.id].right_px, *(x + EDGE_PX for x in reach)])
            if i > 0:
                low = max(low, self._edges(row[i - 1])[1] + GAP_PX)
            if i + 1 < len(row):
                high = min(high, self._edges(row[i + 1])[0] - GAP_PX)
            box = self.boxes[cell.id]
            box.width_px = max(high, box.right_px) - min(low, box.x_px)
            box.x_px = min(low, box.x_px)

    def _bar(self, holder: Holder) -> tuple[float, float] | None:
        """Where wires may meet a bar; none for everything else."""
        cell = self.cells.get(holder[0])
        if holder[1] >= 0 or cell is None or not cell.stretches:
            return None
        box = self.boxes[cell.id]
        return box.x_px + cell.lead_px + 6.0, box.right_px - 6.0

    def _set_inputs(self) -> None:
        """x of each input: of bars straight below what feeds them, of others side by side in the order above."""
        for row in self.rows:
            for holder in row:
                above = sorted(self.layers.above(holder), key=lambda other: self.port[other])
                bar = self._bar(holder)
                if bar is not None:
                    self._set_bar_inputs(holder, above, bar)
                    continue
                left, right = self._size(holder)
                step = PORT_PX
                if len(above) > 1:
                    step = min(PORT_PX, 2.0 * (min(left, right) - 3.0) / (len(above) - 1))
                for k, other in enumerate(above):
                    shift = (k - (len(above) - 1) / 2) * step
                    self._inputs[other, holder] = self.port[holder] + shift

    def _set_bar_inputs(self, holder: Holder, above: list[Holder], bar: tuple[float, float]) -> None:
        low, high = bar
        step = min(PORT_PX, (high - low) / max(1, len(above)))
        last = low - step
        for k, other in enumerate(above):
            # Room is left for those that come after.
            most = high - (len(above) - 1 - k) * step
            last = min(max(self.port[other], last + step), max(most, last + step))
            self._inputs[other, holder] = last

    def _ends(self, net: _Net, target: Holder) -> tuple[float, float]:
        """x where a wire leaves its holder and where it arrives."""
        x = self._inputs[net.source, target]
        bar = self._bar(net.source)
        start = self.port[net.source] if bar is None else min(max(x, bar[0]), bar[1])
        return (x, x) if abs(start - x) < STRAIGHT_PX and net.source[1] < 0 else (start, x)

    def _tracked(self, i_row: int) -> list[_Net]:
        """The nets below a layer, each that bends on a track of its own where they would meet."""
        nets = [_Net(holder, self.layers.below(holder)) for holder in self.rows[i_row]]
        nets = [net for net in nets if net.targets]
        spans: dict[int, tuple[float, float]] = {}
        trunks: dict[int, set[float]] = {}
        drops: dict[int, set[float]] = {}
        for k, net in enumerate(nets):
            bent = [ends for target in net.targets if len(set(ends := self._ends(net, target))) == 2]
            if bent:
                spans[k] = (min(map(min, bent)), max(map(max, bent)))
                trunks[k] = {start for start, _ in bent}
                drops[k] = {end for _, end in bent}
        _assign_tracks(nets, spans, trunks, drops)
        return nets

    def _set_heights(self) -> None:
        y = 0.0
        for row, nets in zip(self.rows, self._nets, strict=True):
            tall = max((self.boxes[name].height_px for name, k in row if k < 0), default=0.0)
            self._y.append(y)
            self._height.append(tall)
            for name, k in row:
                if k < 0:
                    self.boxes[name].y_px = y
            n_tracks = 1 + max((net.track for net in nets), default=-1)
            y += tall + 2 * EDGE_PX + max(0, n_tracks - 1) * TRACK_PX

    def routes(self) -> dict[tuple[str, str], list[Point]]:
        """Corners of each wire by its ends."""
        steps: dict[Holder, list[Point]] = {}
        found: dict[tuple[str, str], list[Point]] = {}
        for i, nets in enumerate(self._nets):
            floor_y = self._y[i] + self._height[i]
            for net in nets:
                name, k = net.source
                start_y = self.boxes[name].bottom_px if k < 0 else floor_y
                before = steps.get(net.source, [])
                for target in net.targets:
                    x0, x1 = self._ends(net, target)
                    end_y = self._y[i + 1]
                    corners = [*before, (x0, start_y)] if k < 0 else [*before]
                    if x0 != x1:
                        track_y = floor_y + EDGE_PX + net.track * TRACK_PX
                        corners += [(x0, track_y), (x1, track_y)]
                    corners.append((x1, end_y))
                    if target[1] >= 0:
                        steps[target] = corners
                    else:
                        found[name, target[0]] = _without_repeats(corners)
        return found


def _assign_tracks(
    nets: list[_Net], spans: dict[int, tuple[float, float]], trunks: dict[int, set[float]], drops: dict[int, set[float]]
) -> None:
    """Give each bent net the highest free track; one whose trunk meets another's drop must run above it."""
    by_drop: dict[int, list[int]] = defaultdict(list)
    for k, xs in drops.items():
        for x in xs:
            by_drop[round(x / 4)].append(k)
    must_be_above: dict[int, set[int]] = defaultdict(set)
    for k, xs in trunks.items():
        for x in xs:
            for other in (o for cell in (-1, 0, 1) for o in by_drop.get(round(x / 4) + cell, ())):
                if other != k:
                    must_be_above[other].add(k)
    taken: list[list[tuple[float, float]]] = []
    left = sorted(spans, key=lambda k: (spans[k], k))
    while left:
        k = next((k for k in left if not must_be_above[k].intersection(left)), left[0])
        left.remove(k)
        low, high = spans[k]
        first = 1 + max((nets[o].track for o in must_be_above[k]), default=-1)
        track = first
        while track < len(taken) and any(a < high + 6 and low < b + 6 for a, b in taken[track]):
            track += 1
        taken += [[] for _ in range(track + 1 - len(taken))]
        taken[track].append((low, high))
        nets[k].track = track


def _without_repeats(points: list[Point]) -> list[Point]:
    kept: list[Point] = []
    for x, y in points:
        if len(kept) > 1 and kept[-1][0] == x == kept[-2][0]:
            kept[-1] = (x, y)
        elif not kept or kept[-1] != (x, y):
            kept.append((x, y))
    return kept
