"""What is written on bodies: marks, names, kW, unit bars, fans and feeds; only where seen, only where it fits."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ui import format as fmt
from ui import icons, theme
from ui.canvas.items import LABEL_PX_PER_M, BodyLayer, Live
from ui.canvas.plan import Body, Plan
from ui.canvas.raster import Floats, device_area, fill, pixel_boxes
from ui.canvas.symbols import (
    fan_picture,
    fan_places,
    icon_of,
    paint_failed_outline,
    paint_kind_mark,
    paint_return_arrows,
)
from ui.scales import contrast

BAR_PX = (24.0, 3.0)
BAND_PX = 7.0
HEAD_PX, VALUE_PX = 26, 14
NAME_GAP_M = 0.4
"""A row says its name where so much beyond its end is free."""
Indices = npt.NDArray[np.intp]


class LabelLayer(QGraphicsItem):
    """Reads the body layer and writes on what is visible; painted in pixels, so text has one size at every scale.

    Words are kept as pictures: while the plan is panned each rack costs two picture copies.
    """

    def __init__(self, bodies: BodyLayer) -> None:
        super().__init__()
        self._bodies = bodies

    def boundingRect(self) -> QRectF:
        """That of the bodies, which has room for what stands beside them, m."""
        return self._bodies.boundingRect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Write on every visible body."""
        to_device = painter.worldTransform()
        shown = self._bodies.visible(to_device, device_area(painter, widget))
        plan = self._bodies.plan
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        racks = plan.is_rack[shown] if len(shown) else np.empty(0, bool)
        if to_device.m11() >= LABEL_PX_PER_M:
            self._paint_racks(painter, shown[racks], to_device)
        self._paint_row_names(painter, to_device, device_area(painter, widget))
        ratio = painter.device().devicePixelRatioF()
        others = shown[~racks]
        for i, box in zip(others, pixel_boxes(plan.boxes[others], to_device).tolist(), strict=True):
            self._paint_body(painter, plan.bodies[i], QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3])), ratio)
        painter.restore()

    # Racks

    def _paint_racks(self, painter: QPainter, shown: Indices, to_device: QTransform) -> None:
        if not len(shown):
            return
        free = without_fronts(pixel_boxes(self._bodies.plan.boxes[shown], to_device), self._bodies.plan.fronts[shown])
        size = free[:, 2:] - free[:, :2]
        is_standing = (size[:, 1] >= 44) & (size[:, 0] >= 18)
        has_bar = is_standing & (size[:, 1] >= 52)
        middle = (free[:, :2] + free[:, 2:]) / 2
        top = np.floor(middle[:, 1] - np.where(has_bar, 45, 38) / 2)
        if has_bar.any():
            self._paint_bars(painter, shown[has_bar], middle[has_bar, 0], top[has_bar] + 42, size[has_bar, 0])
        is_lying = ~is_standing & (size[:, 1] >= 28) & (size[:, 0] >= 44)
        ratio = painter.device().devicePixelRatioF()
        for i, x, y, width in zip(
            *(a[is_standing].tolist() for a in (shown, middle[:, 0], top, size[:, 0])), strict=True
        ):
            head, value = self._sprites(i, int(width) - 2, ratio)
            painter.drawPixmap(QPointF(round(x - head.width() / ratio / 2), y), head)
            if value is not None:
                painter.drawPixmap(QPointF(round(x - value.width() / ratio / 2), y + HEAD_PX - 1), value)
        for i in np.flatnonzero(is_lying):
            self._paint_lying(painter, int(shown[i]), free[i], ratio)

    def _sprites(self, i_body: int, room_px: int, ratio: float) -> tuple[QPixmap, QPixmap | None]:
        """Mark over name, and the value, of one rack."""
        body, live = self._bodies.plan.bodies[i_body], self._bodies.live
        look_name = theme.current().name
        if live is None or np.isnan(live.values[i_body]):
            mark = ink_of(body.family, look_name) if body.family else 0
            ink, soft = ink_of("text", look_name), ink_of("text_2", look_name)
            words = (air_value(live, i_body) if live is not None else "") or rack_value(body)
        else:
            ink = mark = soft = live_ink(live, i_body)
            words = live_value(live, i_body)
        # A rack whose name is too long says its place; its row's name stands at the end of the row.
        name = body.id if text_width(body.id, "small_bold") <= room_px else body.place or body.id
        fitting = room_px if text_width(name, "small_bold") > room_px else 0
        head = head_picture(name, body.family, (mark, ink), fitting, ratio)
        return head, value_picture(words, soft, ratio) if words else None

    def _paint_lying(self, painter: QPainter, i_body: int, free: Floats, ratio: float) -> None:
        """A rack that lies across the screen: mark at the left, name over value beside it."""
        body = self._bodies.plan.bodies[i_body]
        y, left = float(free[1] + free[3]) / 2, float(free[0])
        room_px = int(free[2] - left) - 2 * (14 if body.family == "network" else 9) - 4
        head, value = self._sprites(i_body, room_px, ratio)
        # The head picture has its mark on top; the name alone is its lower part.
        name = head.copy(0, round(12 * ratio), head.width(), head.height() - round(12 * ratio))
        mark = head.copy(0, 0, head.width(), round(10 * ratio))
        mark_px = 14 if body.family == "network" else 9
        x = left + 2 * mark_px + (float(free[2]) - left - 2 * mark_px - 2) / 2
        painter.drawPixmap(QPointF(round(left + mark_px - mark.width() / ratio / 2), round(y - 5)), mark)
        painter.drawPixmap(QPointF(round(x - name.width() / ratio / 2), round(y - (13 if value else 7))), name)
        if value is not None:
            painter.drawPixmap(QPointF(round(x - value.width() / ratio / 2), round(y)), value)

    def _paint_bars(self, painter: QPainter, shown: Indices, x: Floats, y: Floats, width: Floats) -> None:
        """How full each rack is, all at once."""
        look = theme.current()
        long = np.minimum(BAR_PX[0], width - 6)
        left = np.round(x - long / 2)
        taken = np.array([min(self._bodies.plan.bodies[i].fill_frac, 1.0) for i in shown]) * long
        whole = np.stack([left, y, left + long, y + BAR_PX[1]], axis=1)
        part = np.stack([left, y, left + np.ceil(taken), y + BAR_PX[1]], axis=1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        fill(painter, whole, look["input"])
        fill(painter, part, look["text_2"])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_row_names(self, painter: QPainter, to_device: QTransform, area: QRectF) -> None:
        """When racks are too small for names, each row says its own at its left or upper end."""
        plan, ink, scale = self._bodies.plan, theme.current()["text_2"], to_device.m11()
        for row, members in plan.members.items():
            if not members or 2 * plan.halves[members[0]].min() * scale < 5:
                continue
            room_px = 2 * plan.halves[members[0], 0] * scale - 2
            if scale >= LABEL_PX_PER_M and text_width(plan.bodies[members[-1]].id, "small_bold") <= room_px:
                continue
            ends = plan.centres[[members[0], members[-1]]]
            first, last = ends[np.lexsort((ends[:, 1], np.round(ends[:, 0], 3)))]
            away = first - last
            length = float(np.hypot(*away))
            toward = away / length if length else np.array([-1.0, 0.0])
            reach_px = free_reach_m(plan, first, toward, float(plan.halves[members[0], 0])) * scale + 6
            reach_px += text_width(row, "small_bold") / 2 if abs(toward[0]) > 0.5 else 7
            spot = to_device.map(QPointF(*first)) + QPointF(*(toward * reach_px))
            if not area.contains(spot):
                continue
            write(painter, row, spot, 200.0, "small_bold", ink)

    # Coolers, power and plant

    def _paint_body(self, painter: QPainter, body: Body, box: QRectF, ratio: float) -> None:
        is_failed = body.id in self._bodies.failed
        if is_failed:
            paint_failed_outline(painter, box)
        lines = foot_lines(body, box)
        foot = 5 + 14 * len(lines) if lines else 0
        if body.kind == "crah":
            role = "critical" if is_failed else "supply"
            for centre, radius in fan_places(box.adjusted(4, 5, -4, -foot), body.n_fans):
                picture = fan_picture(round(radius * 2), role, is_failed, theme.current().name, ratio)
                painter.drawPixmap(centre - QPointF(radius + 1, radius + 1), picture)
            if not is_failed and min(box.width(), box.height()) >= 20:
                paint_return_arrows(painter, body, box)
        else:
            self._paint_box(painter, body, box, foot)
        write_foot(painter, lines, box, "critical" if is_failed else "text")

    def _paint_box(self, painter: QPainter, body: Body, box: QRectF, foot: int) -> None:
        """A CDU with its drop; power and plant with a bar in the colour of the feed and the icon of the kind."""
        if body.side and min(box.width(), box.height()) >= 14:
            bar = QRectF(box.left() + 5, box.top() + 5, box.width() - 9, 4)
            painter.fillRect(bar, theme.current()["feed_a" if body.side == "A" else "feed_b"])
        free = box.adjusted(3, 12 if body.side else 4, -3, -foot)
        size = min(free.width(), free.height(), 26.0 if body.kind == "cdu" else 22.0)
        if size >= 10:
            side = QRectF(free.center().x() - size / 2, free.center().y() - size / 2, size, size)
            role = "supply" if body.kind == "cdu" else "text_2"
            icons.paint(painter, icon_of(body), side, "critical" if body.id in self._bodies.failed else role)


def free_reach_m(plan: Plan, end_m: Floats, toward: Floats, reach_m: float) -> float:
    """How far past the end of a row its name is clear of what stands there, such as a PDU, m from the last rack."""
    for _ in range(4):
        x_m, y_m = (end_m + toward * (reach_m + NAME_GAP_M)).tolist()
        hit = plan.at(x_m, y_m)
        if not hit:
            break
        box = plan.boxes[plan.index[hit[0]]]
        reach_m = float(
            (((box[:2] + box[2:]) / 2 - end_m) * toward).sum() + np.abs((box[2:] - box[:2]) / 2 * toward).sum()
        )
    return reach_m


def rack_value(body: Body) -> str:
    """Largest draw of a rack, kW."""
    return fmt.number(body.max_w / 1e3, 1) if body.max_w else ""


def live_value(live: Live, i_body: int) -> str:
    """What a rack's metric is now: whole percent, tenths of a degree."""
    return fmt.number(float(live.values[i_body]), 0 if live.scale.unit == "%" else 1)


def air_value(live: Live, i_body: int) -> str:
    """Inlet of a rack that the air model gives, with a question mark where it is weak."""
    inlet_c = float(live.inlet_c[i_body])
    if live.metric != "air" or np.isnan(inlet_c):
        return ""
    is_doubted = live.is_doubted is not None and bool(live.is_doubted[i_body])
    return f"{fmt.number(inlet_c, 1)}{'?' if is_doubted else '°'}"


@lru_cache(maxsize=256)
def ink_of(role: str, theme_name: str) -> int:
    """A role's colour as a number; a QColor costs a copy for each rack."""
    return theme.load(theme_name)[role].rgb()


def live_ink(live: Live, i_body: int) -> int:
    """Text on a filled rack: whichever of text and floor stands out more."""
    return _readable(live.scale.color(float(live.values[i_body])).rgb(), theme.current().name)


@lru_cache(maxsize=4096)
def _readable(ground: int, theme_name: str) -> int:
    look = theme.load(theme_name)
    return max((look["text"], look["floor"]), key=lambda ink: contrast(ink, QColor(ground))).rgb()


def without_fronts(boxes: Floats, fronts: Floats) -> Floats:
    """Boxes x0 y0 x1 y1 less the front band of each, px."""
    free = boxes.copy()
    for axis in (0, 1):
        free[fronts[:, axis] > 0.5, axis + 2] -= BAND_PX
        free[fronts[:, axis] < -0.5, axis] += BAND_PX
    return free


@lru_cache(maxsize=65536)
def text_width(words: str, style: theme.TextStyle) -> float:
    """Width of words in a text style, px."""
    return QFontMetricsF(theme.font(style)).horizontalAdvance(words)


@lru_cache(maxsize=16384)
def head_picture(name: str, family: str, inks: tuple[int, int], room_px: int, ratio: float) -> QPixmap:
    """Kind mark over the name; the name is clipped where `room_px` is not 0."""
    words = name
    if room_px:
        words = QFontMetricsF(theme.font("small_bold")).elidedText(name, Qt.TextElideMode.ElideRight, room_px)
    made = _blank(max(text_width(words, "small_bold") + 2, 26.0), HEAD_PX, ratio)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    middle = made.width() / ratio / 2
    paint_kind_mark(painter, family, QPointF(middle, 5.0), QColor(inks[0]))
    write(painter, words, QPointF(middle, 19.0), 1e9, "small_bold", QColor(inks[1]))
    painter.end()
    return made


@lru_cache(maxsize=8192)
def value_picture(words: str, ink: int, ratio: float) -> QPixmap:
    """A number."""
    made = _blank(text_width(words, "small") + 2, VALUE_PX, ratio)
    painter = QPainter(made)
    write(painter, words, QPointF(made.width() / ratio / 2, VALUE_PX / 2), 1e9, "small", QColor(ink))
    painter.end()
    return made


def _blank(width_px: float, height_px: int, ratio: float) -> QPixmap:
    made = QPixmap(round((int(width_px) // 2 * 2 + 2) * ratio), round(height_px * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    return made


def write(painter: QPainter, words: str, centre: QPointF, room_px: float, style: theme.TextStyle, ink: QColor) -> None:
    """One line of words about a point; clipped with … where it is wider than the room."""
    width = text_width(words, style)
    if width > room_px:
        words = QFontMetricsF(theme.font(style)).elidedText(words, Qt.TextElideMode.ElideRight, room_px)
        width = text_width(words, style)
        if width > room_px:
            return
    painter.setFont(theme.font(style))
    painter.setPen(ink)
    metrics = painter.fontMetrics()
    base = centre.y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(round(centre.x() - width / 2), round(base)), words)


def foot_lines(body: Body, box: QRectF) -> list[str]:
    """Name and set point of a cooler or a box, as far as it has room for them."""
    if box.height() < 34 or text_width(body.id, "small_bold") > box.width() - 4:
        return []
    lines = [body.id]
    if body.value_c is not None and box.height() >= 56:
        lines.append(fmt.CELSIUS.text(body.value_c))
    return lines


def write_foot(painter: QPainter, lines: list[str], box: QRectF, role: str) -> None:
    """Lines at the foot of a body."""
    y = box.bottom() - 4 - 14 * len(lines) + 7
    for i, words in enumerate(lines):
        style: theme.TextStyle = "small" if i else "small_bold"
        ink = theme.current()["text_2" if i else role]
        write(painter, words, QPointF(box.center().x(), y + 14 * i), box.width() - 2, style, ink)
