"""Paints an elevation: pictures of the racks in sight, names, unit numbers, bars, and what belongs to the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from twin.layout.racking import Face, faces_taken, height_u, owner_of
from ui import icons, theme
from ui.canvas.labels import text_width, write
from ui.canvas.symbols import paint_kind_mark
from ui.diagrams.carrying import Carry, hand_words
from ui.diagrams.columns import Column, bars_of, face_words, translate
from ui.diagrams.shape import BAR_PX, HEAD_PX, SCALE_PX

if TYPE_CHECKING:
    from ui.diagrams.elevation_stage import ElevationStage

U_STEP = 6
PLATE_PX = (10.0, 8.0)
LINE_PX = 17


class ElevationPainter:
    """Paints one view."""

    def __init__(self, view: ElevationStage) -> None:
        self.view = view

    def paint(self, painter: QPainter) -> None:
        """Everything in sight."""
        view, look = self.view, theme.current()
        area = QRectF(view.viewport().rect())
        painter.fillRect(area, look["floor"])
        if not view.columns:
            words = translate("elevation", "No rack is shown. Select a rack or a row on the plan and press Enter.")
            write(painter, words, area.center(), area.width() - 32, "body", look["text_2"])
            return
        dx, dy = view.horizontalScrollBar().value(), view.verticalScrollBar().value()
        painter.translate(-dx, -dy)
        seen = area.translated(dx, dy)
        for i, column in enumerate(view.columns):
            if (
                view.shape.bars(i)
                .united(view.shape.rack(i, view.shape.faces[-1]))
                .adjusted(-9, 0, 9, 0)
                .intersects(QRectF(seen.left(), 0, seen.width(), view.shape.height_px))
            ):
                self._column(painter, i, column)
        self._paint_hand(painter)
        painter.resetTransform()
        self._paint_scales(painter, area, dx, dy)
        if view.carry is not None and view.carry.slots:
            self._paint_plate(painter, area, QPointF(dx, dy))

    # Racks

    def _column(self, painter: QPainter, i: int, column: Column) -> None:
        view, shape = self.view, self.view.shape
        ratio = view.devicePixelRatioF()
        is_chosen = column.id in view.chosen
        for i_face, face in enumerate(shape.faces):
            rack = shape.rack(i, face)
            picture = view.faces.picture(column, face, shape, ratio)
            painter.drawPixmap(QPointF(rack.left(), rack.bottom() - picture.height() / ratio), picture)
            if is_chosen:
                painter.setPen(theme.pen("accent"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rack.adjusted(0.5, 0.5, -0.5, -0.5))
            if i_face == 0 or shape.is_side_by_side:
                self._head(painter, column, rack, face)
        self._bars(painter, i, column)
        self._marked(painter, i, column)

    def _head(self, painter: QPainter, column: Column, rack: QRectF, face: Face) -> None:
        look, shape = theme.current(), self.view.shape
        words = f"{column.id}  {face_words(face).lower()}" if shape.is_side_by_side else column.id
        ink = look["accent" if column.id in self.view.chosen else "text"]
        mark_px = 16 if column.family == "network" else 10 if column.family else 0
        width = min(text_width(words, "heading"), rack.width() - 24 - mark_px)
        middle = QPointF(rack.center().x() + mark_px * 0.6, rack.top() - HEAD_PX / 2 - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if column.family:
            colour = look[column.family] if column.family in look.series else look["text_2"]
            paint_kind_mark(painter, column.family, QPointF(middle.x() - width / 2 - mark_px, middle.y()), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        write(painter, words, middle, rack.width() - 24 - mark_px, "heading", ink)
        role = "critical" if column.troubles else "warning" if column.against else ""
        if role:
            icons.paint(painter, role, QRectF(rack.right() - 15, rack.top() - 21, 14, 14), role)

    def _bars(self, painter: QPainter, i: int, column: Column) -> None:
        """Number over bar, four times; over the limit both turn to a warning."""
        look, space = theme.current(), self.view.shape.bars(i)
        for k, bar in enumerate(bars_of(column, self.view.live_w.get(column.id))):
            y = space.top() + k * BAR_PX
            level = bar.value / bar.limit if bar.limit else 0.0
            ink = look["warning"] if bar.is_over else look["text"]
            painter.setFont(theme.font("small"))
            painter.setPen(ink)
            painter.drawText(QPointF(round(space.right() - text_width(bar.words, "small")), y + 11), bar.words)
            painter.fillRect(QRectF(space.left(), y + 14, space.width(), 2), look["line"])
            role = "warning" if bar.is_over else "text_2"
            painter.fillRect(QRectF(space.left(), y + 14, round(space.width() * min(level, 1.0)), 2), look[role])
            if bar.is_over:
                icons.paint(painter, "warning", QRectF(space.left(), y, 12, 12), "warning")

    def _marked(self, painter: QPainter, i: int, column: Column) -> None:
        """Outlines of boxes that are hovered, selected or in the hand."""
        view = self.view
        carried = {held.name for held in view.carry.held} if view.carry and not view.carry.is_copy else set()
        wanted = {*view.selection, view.hovered, *carried}
        for box in column.rack.fitted:
            if box.id not in wanted or not box.u_low:
                continue
            for face in view.shape.faces:
                spot = view.shape.units(i, face, box.u_low, max(box.u_height, 1))
                is_here = face in faces_taken(box.device, box.spec.face)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if box.id in carried:
                    painter.fillRect(spot, theme.mixed(theme.current()["canvas"], theme.current()["off"], 0.15))
                    painter.setPen(theme.pen("off", 1, (5, 4)))
                    painter.drawRect(spot.adjusted(0.5, 0.5, -0.5, -0.5))
                elif box.id in view.selection:
                    painter.setPen(QPen(theme.current()["accent"], 2 if is_here else 1))
                    painter.drawRect(spot.adjusted(0, 1, 0, 0))
                else:
                    painter.setPen(theme.pen("accent"))
                    painter.drawRect(spot.adjusted(0.5, 1.5, -0.5, -0.5))

    # Scales

    def _paint_scales(self, painter: QPainter, area: QRectF, dx: int, dy: int) -> None:
        """Unit numbers stay at the left edge while the row is scrolled; names of the bars too."""
        look, shape = theme.current(), self.view.shape
        left = max(shape.left_px - dx, SCALE_PX)
        painter.fillRect(QRectF(0, 0, left - 2, area.height()), look["floor"])
        for face in shape.faces[: 1 if shape.is_side_by_side else 2]:
            self._numbers(painter, face, left - 7, dy)
            right = shape.width_px - shape.left_px + shape.left_px - dx - 26
            if right < area.width():
                self._numbers(painter, face, right + 22, dy)
            rack = shape.rack(0, face)
            painter.save()
            painter.translate(left - 34, rack.center().y() - dy)
            painter.rotate(-90)
            words = face_words(face) if not shape.is_side_by_side else translate("elevation", "Units")
            write(painter, words, QPointF(0, 0), 120, "small_bold", look["text_2"])
            painter.restore()
        names = ("U", translate("elevation", "kW"), translate("elevation", "kg"), translate("elevation", "ports"))
        top = shape.bars(0).top() - dy
        painter.setFont(theme.font("small"))
        painter.setPen(look["text_2"])
        for k, words in enumerate(names):
            painter.drawText(QPointF(round(left - 8 - text_width(words, "small")), top + k * BAR_PX + 11), words)

    def _numbers(self, painter: QPainter, face: Face, right: float, dy: int) -> None:
        shape = self.view.shape
        bottom = shape.rack(0, face).bottom() - 4 - dy
        painter.setFont(theme.font("small"))
        painter.setPen(theme.current()["text_3"])
        step = 1 if shape.u_px >= 14 else U_STEP
        for u in (1, *range(step, shape.u_max + 1, step)):
            if step > 1 or u >= 1:
                y = bottom - (u - 0.5) * shape.u_px
                words = str(u)
                painter.drawText(QPointF(round(right - text_width(words, "small")), round(y + 4)), words)

    # The hand

    def _paint_hand(self, painter: QPainter) -> None:
        """The ghost, the same box in the other racks of a row, and guides along the units."""
        view, carry = self.view, self.view.carry
        if carry is None or not carry.slots:
            return
        look, racks = theme.current(), view.document.floor.racks
        role = "accent" if carry.verdict.is_legal else "critical"
        for held, slot in zip(carry.held, carry.slots, strict=False):
            owner, i_rack = owner_of(racks[slot.rack]), view.racks.index(slot.rack)
            u_height = height_u(held.device)
            for face in view.shape.faces:
                if face not in faces_taken(held.device, slot.face):
                    continue
                for i, column in enumerate(view.columns):
                    if i != i_rack and owner_of(column.rack) == owner:
                        spot = view.shape.units(i, face, slot.u_low, u_height)
                        painter.setBrush(Qt.BrushStyle.NoBrush)
                        painter.setPen(theme.pen(role, 1, (5, 4)))
                        painter.drawRect(spot.adjusted(0.5, 1.5, -0.5, -0.5))
                spot = view.shape.units(i_rack, face, slot.u_low, u_height)
                painter.fillRect(spot, look["selection" if carry.verdict.is_legal else "critical_bg"])
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(look[role], 2))
                painter.drawRect(spot.adjusted(1, 1, -1, -1))
                if not carry.verdict.is_legal and spot.height() >= 10:
                    size = min(14.0, spot.height() - 2)
                    place = QRectF(spot.right() - size - 4, spot.center().y() - size / 2, size, size)
                    icons.paint(painter, "critical", place, "critical")
                if spot.height() >= 13:
                    words = hand_words(Carry([held]))
                    write(painter, words, spot.center(), spot.width() - 30, "small_bold", look["text"])
        self._guides(painter, carry)

    def _guides(self, painter: QPainter, carry: Carry) -> None:
        view, slot = self.view, carry.slots[0]
        u_height = height_u(carry.held[0].device)
        painter.setPen(theme.pen("guide", 1, (4, 3)))
        for face in view.shape.faces:
            first, last = view.shape.rack(0, face), view.shape.rack(len(view.columns) - 1, face)
            spot = view.shape.units(0, face, slot.u_low, u_height)
            for y in (spot.top(), spot.bottom()):
                painter.drawLine(QPointF(first.left() - 6, round(y) + 0.5), QPointF(last.right() + 6, round(y) + 0.5))

    def _paint_plate(self, painter: QPainter, area: QRectF, scrolled: QPointF) -> None:
        """What a drop here would mean, beside the hand and never over the target."""
        view, look, carry = self.view, theme.current(), self.view.carry
        if carry is None:
            return
        verdict, slot = carry.verdict, carry.slots[0]
        face = slot.face if slot.face in view.shape.faces else view.shape.faces[0]
        spot = view.shape.units(view.racks.index(slot.rack), face, slot.u_low, height_u(carry.held[0].device))
        spot = spot.translated(-scrolled)
        title = f"{verdict.title}  ({translate('elevation', 'copy')})" if carry.is_copy else verdict.title
        rows = [(title, "text"), *verdict.lines]
        wide = max(text_width(words, "body" if i else "heading") for i, (words, _) in enumerate(rows))
        width, height = wide + 2 * PLATE_PX[0] + 18, len(rows) * LINE_PX + 2 * PLATE_PX[1]
        x = spot.right() + 14 if spot.right() + 14 + width < area.right() else spot.left() - 14 - width
        y = min(max(spot.top() - height - 10, 4.0), area.bottom() - height - 4)
        plate = QRectF(round(max(x, 4.0)), round(y), round(width), height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(theme.pen("control_border"))
        painter.setBrush(look["raised"])
        painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for i, (words, role) in enumerate(rows):
            top = plate.top() + PLATE_PX[1] + i * LINE_PX
            left = plate.left() + PLATE_PX[0]
            if role in ("critical", "warning", "note"):
                icons.paint(painter, role, QRectF(left, top + 1, 14, 14), role)
                left += 18
            painter.setFont(theme.font("body" if i else "heading"))
            painter.setPen(look[role])
            painter.drawText(QPointF(round(left), round(top + 12)), words)
