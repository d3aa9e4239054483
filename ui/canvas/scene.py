"""The scene of the plan: a few layers in metres that mirror the document and are redrawn by what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtWidgets import QGraphicsScene

from twin.layout.geometry import front_of
from ui import theme
from ui.canvas.feeds import FeedLayer
from ui.canvas.items import BodyLayer, Live
from ui.canvas.labels import LabelLayer
from ui.canvas.plan import Plan
from ui.canvas.room import AisleItem, RoomItem, TileItem
from ui.document import Document

MARGIN_M = 1.6
# Which colour scale shows which metric.
SCALES = {"inlet": "temperature", "utilisation": "utilisation", "power": "utilisation"}


class PlanScene(QGraphicsScene):
    """Mirrors a document; y grows downwards, one unit is one metre."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.plan = Plan()
        self._live_ids: tuple[Sequence[str], Plan, np.ndarray] = ((), self.plan, np.empty(0, np.intp))
        self.room_item, self.tile_item, self.bodies = RoomItem(), TileItem(), BodyLayer()
        self.feeds, self.aisles = FeedLayer(), AisleItem()
        self.labels = LabelLayer(self.bodies)
        layers = (self.room_item, self.tile_item, self.feeds, self.bodies, self.aisles, self.labels)
        for z, item in enumerate(layers):
            item.setZValue(z)
            self.addItem(item)
        self.rebuild()

    def rebuild(self) -> None:
        """Show the document as it is now."""
        layout = self._document.layout
        self.room_item.set_room(layout.room)
        self.plan = self._document.plan
        bounds = self.drawing_box()
        around = bounds.adjusted(-MARGIN_M, -MARGIN_M, MARGIN_M, MARGIN_M)
        self.tile_item.set_floor(self._document.floor, around)
        self.feeds.set_floor(self._document.floor, around)
        self.aisles.set_floor(self._document.floor, around)
        self.bodies.set_plan(self.plan, around)
        self.labels.prepareGeometryChange()
        # Room to pan past the edge, as on a drawing board.
        wide = max(bounds.width(), bounds.height())
        self.setSceneRect(bounds.adjusted(-wide, -wide, wide, wide))
        self.update()

    def drawing_box(self) -> QRectF:
        """The room and everything that stands in or beside it, m."""
        room = self._document.layout.room
        t = room.wall_thickness_m
        xs, ys = zip(*room.outline_m, strict=True)
        box = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)).adjusted(-t, -t, t, t)
        for door in room.doors:
            reach = QPointF(*front_of(door.angle_deg)) * (t + door.width_m / door.leaves)
            box = box.united(QRectF(QPointF(door.x_m, door.y_m), QSizeF(0.01, 0.01)).translated(reach))
        around = self.plan.box_of(list(range(len(self.plan.bodies))))
        if around is not None:
            box = box.united(QRectF(around[0], around[1], around[2] - around[0], around[3] - around[1]))
        return box

    def set_live(
        self, rack_ids: Sequence[str], values: Sequence[float], metric: str, inlet_c: Sequence[float] | None = None
    ) -> None:
        """Fill racks by a metric: `inlet` in °C; `power` and `utilisation` in % of budget or of peak."""
        scale = theme.current().scales[SCALES[metric]]
        filled = self._spread(rack_ids, values)
        inlet = filled if metric == "inlet" else self._spread(rack_ids, inlet_c)
        self.bodies.set_live(Live(metric, scale, filled, inlet))
        self.labels.update()

    def clear_live(self) -> None:
        """Show the drawing as drawn."""
        self.bodies.set_live(None)
        self.labels.update()

    def set_failed(self, ids: Iterable[str]) -> None:
        """Show what has failed as failed."""
        self.bodies.set_failed(frozenset(ids))
        self.labels.update()

    def restyle(self) -> None:
        """Take the colours of the current theme."""
        live = self.bodies.live
        if live is not None:
            self.bodies.live = Live(live.metric, theme.current().scales[live.scale.name], live.values, live.inlet_c)
        self.update()

    def _spread(self, rack_ids: Sequence[str], values: Sequence[float] | None) -> np.ndarray:
        """Values per body; NaN for what has none."""
        spread = np.full(len(self.plan.bodies), np.nan)
        if values is not None:
            # A run names its racks once and then sends values many times a second.
            if rack_ids is not self._live_ids[0] or self.plan is not self._live_ids[1]:
                found = np.array([self.plan.index.get(name, -1) for name in rack_ids], dtype=np.intp)
                self._live_ids = (rack_ids, self.plan, found)
            places = self._live_ids[2]
            spread[places[places >= 0]] = np.asarray(values, dtype=np.float64)[places >= 0]
        return spread
