"""Racks from front and rear, drawn from their data and kept as pictures, so that a frame only copies them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from twin.catalogue.compute import Server
from twin.catalogue.device import Device
from twin.catalogue.electrical import PowerElement
from twin.catalogue.network import Switch
from twin.layout.floor import FittedDevice
from twin.layout.rack_load import air_way
from twin.layout.racking import Face, Units, faces_taken
from ui import format as fmt
from ui import icons, theme
from ui.canvas.labels import text_width
from ui.diagrams.columns import Column, series_of, short_name, translate, trouble_words
from ui.diagrams.shape import FRAME_PX, SIDE_PX, Shape
from ui.scales import contrast

STRIP_PX = 3
CORD_PX = 5
TEXT_PX = 13
ONE_LINE_PX, TWO_LINES_PX = 13, 27


@dataclass(slots=True)
class _Kept:
    """A picture and what it was drawn from."""

    key: tuple[object, ...]
    column: Column
    picture: QPixmap


class Faces:
    """Pictures of racks, each drawn again only when its data, size or look changed."""

    def __init__(self, catalogue: Mapping[str, Device]) -> None:
        self._catalogue = catalogue
        self._kept: dict[tuple[str, Face], _Kept] = {}
        self.n_drawn = 0

    def forget(self) -> None:
        """Drop all pictures."""
        self._kept.clear()

    def picture(self, column: Column, face: Face, shape: Shape, ratio: float) -> QPixmap:
        """One face of a rack; the racks of a row share it while nothing is wrong in them."""
        is_shared = column.rack.row is not None and not column.troubles
        name = (column.rack.row or "") + "/row" if is_shared else column.id
        key = (shape.u_px, shape.column_px, theme.current().name, ratio, is_shared)
        kept = self._kept.get((name, face))
        is_same = kept is not None and kept.key == key and kept.column.rack.spec is column.rack.spec
        if kept is None or not is_same or kept.column.rack.device is not column.rack.device:
            kept = self._kept[(name, face)] = _Kept(key, column, self._drawn(column, face, shape, ratio))
        return kept.picture

    def _drawn(self, column: Column, face: Face, shape: Shape, ratio: float) -> QPixmap:
        self.n_drawn += 1
        width, height = shape.column_px - 4, column.rack.device.u_height * shape.u_px + 2 * FRAME_PX
        made = QPixmap(round(width * ratio), round(height * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(theme.current()["floor"])
        painter = QPainter(made)
        FaceDrawing(painter, QRectF(0, 0, width, height), column, face, shape.u_px).draw(self._catalogue)
        painter.end()
        return made


class FaceDrawing:
    """One face of one rack on a painter."""

    def __init__(self, painter: QPainter, outline: QRectF, column: Column, face: Face, u_px: int) -> None:
        self.painter, self.column, self.face, self.u_px = painter, column, face, u_px
        self.outline = outline
        self.inside = outline.adjusted(FRAME_PX, FRAME_PX, -FRAME_PX, -FRAME_PX)

    def draw(self, catalogue: Mapping[str, Device]) -> None:
        """Frame, empty units, boxes, and the strips beside them."""
        look, painter = theme.current(), self.painter
        painter.setPen(theme.pen("rack_line"))
        painter.setBrush(look["canvas"])
        painter.drawRect(self.outline.adjusted(0.5, 0.5, -0.5, -0.5))
        self._empty_units()
        for box in self.column.boxes():
            if box.u_low and box.u_height:
                self._box(box, series_of(box, catalogue))
        self._strips()

    def _rect(self, u_low: int, u_height: int) -> QRectF:
        side = SIDE_PX if self.face == "rear" else 0
        top = self.inside.bottom() - (u_low - 1 + u_height) * self.u_px
        return QRectF(self.inside.left() + side, top, self.inside.width() - 2 * side, u_height * self.u_px)

    def _empty_units(self) -> None:
        """Blanked ones closed, open ones dark; of these only the share is known, so the lowest are drawn blanked."""
        rack, look, painter = self.column.rack, theme.current(), self.painter
        units = Units(rack)
        empty = [u for u in range(1, rack.device.u_height + 1) if units.is_free(u, self.face)]
        n_blanked = round(rack.spec.blanking_frac * len(empty))
        painter.setPen(Qt.PenStyle.NoPen)
        for i, u in enumerate(empty):
            spot = self._rect(u, 1)
            if i < n_blanked:
                painter.fillRect(spot.adjusted(0, 1, 0, 0), theme.mixed(look["canvas"], look["rack"], 0.55))
            else:
                painter.fillRect(QRectF(spot.left(), spot.bottom() - 1, spot.width(), 1), look["line"])
                painter.fillRect(QRectF(spot.left(), spot.top() + 2, 2, self.u_px - 4), look["line_strong"])

    def _box(self, box: FittedDevice, series: str) -> None:
        spot = self._rect(box.u_low, box.u_height).adjusted(0, 0, 0, 0)
        if spot.top() < self.inside.top():
            spot.setTop(self.inside.top())
        is_here = self.face in faces_taken(box.device, box.spec.face)
        trouble, is_against = self.column.troubles.get(box.id), box.id in self.column.against
        body = spot.adjusted(0, 1, 0, 0)
        self._body(body, series, is_here)
        if is_here and isinstance(box.device, Switch) and body.height() < ONE_LINE_PX:
            self._port_marks(body, series)
        if self.face == "rear" and not isinstance(box.device, PowerElement):
            self._cords(box, body)
        right = self._air(box, body) if is_here else body.right() - CORD_PX - 8
        if self.face == "rear" and is_here and isinstance(box.device, Server):
            self._fans(body.adjusted(CORD_PX + 5, 0, right - body.right() - 1, 0), series)
        role = "critical" if trouble else "warning" if is_against and is_here else ""
        if role:
            right = self._flag(body, role, right)
        if self.face == "front" or not is_here or not isinstance(box.device, Server):
            words = trouble_words(trouble) if trouble else ""
            if is_against and not words:
                words = translate("elevation", "blows to front")
            self._name(box, body, right, (words, role), is_here)

    def _body(self, body: QRectF, series: str, is_here: bool) -> None:
        look, painter = theme.current(), self.painter
        colour = look[series]
        if not is_here:
            painter.setBrush(look["canvas"])
            painter.setPen(theme.pen("off", 1, (3, 3)))
            painter.drawRect(body.adjusted(0.5, 0.5, -0.5, -0.5))
            return
        share = 0.0 if look.name == "high_contrast" else 0.26
        painter.fillRect(body, theme.mixed(look["panel"], colour, share))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.mixed(look["panel"], colour, 0.62), 1))
        painter.drawRect(body.adjusted(0.5, 0.5, -0.5, -0.5))
        if self.face == "front":
            painter.fillRect(QRectF(body.left(), body.top(), STRIP_PX, body.height()), colour)

    def _fans(self, body: QRectF, series: str) -> None:
        """Fans at the rear, as many as the height has room for."""
        n_fans = 3 if body.height() > 40 or body.width() > 110 else 2
        radius = min(body.height() * 0.34, 11.0, (body.width() / n_fans - 3) / 2)
        if radius < 2.5:
            return
        look, painter = theme.current(), self.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.mixed(look["panel"], look[series], 0.75), 1))
        pitch = 2 * radius + 3
        for i in range(n_fans):
            x = body.center().x() + (i - (n_fans - 1) / 2) * pitch
            painter.drawEllipse(QPointF(x, body.center().y()), radius, radius)
            painter.drawEllipse(QPointF(x, body.center().y()), 1, 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _port_marks(self, body: QRectF, series: str) -> None:
        """A row of ports where there is no room for words."""
        left, n = body.left() + 8, int((body.width() - 30) // 5)
        y = round(body.center().y()) - 1
        for i in range(max(n, 0)):
            self.painter.fillRect(QRectF(left + 5 * i, y, 3, 2), theme.current()[series])

    def _cords(self, box: FittedDevice, body: QRectF) -> None:
        """Sockets at the rear: A at the left, B at the right; a side that is not fed is hollow."""
        look, painter = theme.current(), self.painter
        size = min(CORD_PX, body.height() - 2)
        y = round(body.center().y() - size / 2)
        for side, x in (("A", body.left() + 3), ("B", body.right() - 3 - size)):
            role = "feed_a" if side == "A" else "feed_b"
            if side in box.feeds:
                painter.fillRect(QRectF(x, y, size, size), look[role])
            else:
                painter.setPen(theme.pen("off"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(x + 0.5, y + 0.5, size - 1, size - 1))

    def _air(self, box: FittedDevice, body: QRectF) -> float:
        """An arrow seen from its tail where air goes in, from its tip where it comes out; returns where it begins."""
        way = air_way(box)
        radius = min(4.5, (body.height() - 2) / 2)
        if way == "none" or radius < 2:
            return body.right() - 4
        inset = 14 if self.face == "rear" else 8
        y = body.center().y()
        if self.face == "front" and body.height() >= TWO_LINES_PX:
            y += TEXT_PX / 2  # beside the watts, so that the name has the whole width
        centre = QPointF(body.right() - inset, y)
        goes_in = (way == "in") == (self.face == "front")
        paint_air(self.painter, centre, radius, "side" if way == "side" else "in" if goes_in else "out")
        return centre.x() - radius - 3

    def _flag(self, body: QRectF, role: str, right: float) -> float:
        painter = self.painter
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.current()[role], 2))
        painter.drawRect(body.adjusted(1, 1, -1, -1))
        size = min(14.0, body.height() - 2)
        if size < 5:
            return right
        if size < 11:  # a symbol would be mush: its shape alone
            icons.paint_mark(painter, "diamond", QPointF(right - 4, body.center().y()), 3, theme.current()[role])
            return right - 9
        spot = QRectF(right - size, body.center().y() - size / 2, size, size)
        icons.paint(painter, role, spot, role)
        return spot.left() - 2

    def _name(self, box: FittedDevice, body: QRectF, right: float, state: tuple[str, str], is_here: bool) -> None:
        """Name over watts, or in one line; a trouble takes the place of the watts."""
        look = theme.current()
        left = body.left() + (STRIP_PX + 4 if self.face == "front" else CORD_PX + 8)
        if body.height() < ONE_LINE_PX:
            return
        if not is_here and self.face == "rear":
            right = body.right() - CORD_PX - 8
        ink = look["text"] if is_here else look["text_3"]
        name, watts = short_name(box.device), fmt.WATT.text(box.max_w) if box.max_w and is_here else ""
        words, role = (state[0], state[1] or "text_2") if state[0] and is_here else (watts, "text_2")
        if body.height() >= TWO_LINES_PX:
            top = body.top() + (body.height() - 2 * TEXT_PX) / 2
            is_flagged = state[1] and is_here
            self._write(name, left, right if is_flagged or self.face == "rear" else body.right() - 3, top, ink)
            self._write(words, left, right, top + TEXT_PX, look[role])
            return
        top = body.top() + (body.height() - TEXT_PX) / 2
        room = right - left - text_width(words, "small") - 10
        if words and room > 60:
            self._write(words, right - text_width(words, "small") - 2, right, top, look[role])
            right = left + room
        self._write(name, left, right, top, ink)

    def _write(self, words: str, left: float, right: float, top: float, ink: QColor) -> None:
        style: theme.TextStyle = "small"
        if right - left < 12 or not words:
            return
        if text_width(words, style) > right - left:
            metrics = QFontMetricsF(theme.font(style))
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, right - left)
        self.painter.setFont(theme.font(style))
        self.painter.setPen(ink)
        self.painter.drawText(QPointF(round(left), round(top + TEXT_PX - 3)), words)

    def _strips(self) -> None:
        """Power strips stand upright at the rear, A at the left, B at the right."""
        if self.face == "front":
            return
        for side, role in (("A", "feed_a"), ("B", "feed_b")):
            strips = [box for box in self.column.rack.strips("A" if side == "A" else "B") if not box.u_low]
            for i in range(len(strips[:2])):
                x = self.inside.left() + i * 3 if side == "A" else self.inside.right() - 5 - i * 3
                strip = QRectF(x, self.inside.top(), 5 if len(strips) == 1 else 2, self.inside.height())
                self.painter.fillRect(strip, theme.mixed(theme.current()["canvas"], theme.current()[role], 0.85))


def paint_air(painter: QPainter, centre: QPointF, radius: float, way: str) -> None:
    """A circle with a cross where air goes into the drawing, with a dot where it comes out; two tips when sideways."""
    role = {"in": "supply", "out": "return", "side": "text_2"}[way]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(theme.current()[role], 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = centre.x(), centre.y()
    if way == "side":
        painter.drawLine(QPointF(x - radius, y), QPointF(x + radius, y))
        for tip in (-1, 1):
            for lean in (-1, 1):
                painter.drawLine(QPointF(x + tip * radius, y), QPointF(x + tip * (radius - 2.5), y + lean * 2.5))
    else:
        painter.drawEllipse(centre, radius, radius)
        if way == "in":
            reach = radius * 0.7
            painter.drawLine(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach))
            painter.drawLine(QPointF(x - reach, y + reach), QPointF(x + reach, y - reach))
        else:
            painter.setBrush(theme.current()[role])
            painter.drawEllipse(centre, max(radius * 0.3, 1.0), max(radius * 0.3, 1.0))
    painter.restore()


def readable_on(ground: QColor) -> QColor:
    """Text or floor, whichever stands out more."""
    look = theme.current()
    return max((look["text"], look["floor"]), key=lambda ink: contrast(ink, ground))
