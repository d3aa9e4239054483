"""Where the power goes now: from the utility to IT, cooling and losses, and within IT to chips, hosts and network."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import format as fmt
from ui import theme
from ui.feed import Batch

BAR_PX, GAP_PX, EDGE_PX = 6.0, 20.0, 16.0
NAMES_PX = 168.0
SMOOTH_S = 10.0


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the power: its name, series colour and watts; `parts` split it further."""

    name: str
    role: str
    power_w: float
    parts: tuple[Share, ...] = ()

    @property
    def leaves(self) -> tuple[Share, ...]:
        """The parts, or itself when it is not split."""
        return self.parts or (self,)


def shares_of(batch: Batch) -> tuple[Share, ...]:
    """IT, cooling and losses as means over the last 10 s of a batch; empty when one of them is unknown."""
    is_new = batch.time_s > batch.time_s[-1] - SMOOTH_S
    names = ("it_w", "accelerators_w", "network_w", "cooling_w", "loss_w")
    it_w, chips_w, network_w, cooling_w, loss_w = (float(batch.column(name)[is_new].mean()) for name in names)
    if not all(map(math.isfinite, (it_w, chips_w, network_w, cooling_w, loss_w))):
        return ()
    parts = (
        Share(_tr("Accelerators"), "npu", chips_w),
        Share(_tr("Host, memory, fans"), "storage", max(0.0, it_w - chips_w - network_w)),
        Share(_tr("Network"), "network", network_w),
    )
    return (
        Share(_tr("IT"), "npu", it_w, parts),
        Share(_tr("Cooling"), "cooling", cooling_w),
        Share(_tr("Power path losses"), "loss", loss_w),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("power_path", text)


class PowerPath(QWidget):
    """A flow picture from left to right, one width scale."""

    def __init__(self) -> None:
        super().__init__()
        self._shares: tuple[Share, ...] = ()
        self.setMinimumSize(240, 150)
        self.setAccessibleName(self.tr("Power path"))
        theme.follow(self)

    def sizeHint(self) -> QSize:
        """As wide as the plan above it."""
        return QSize(360, 300)

    def set_shares(self, shares: tuple[Share, ...]) -> None:
        """Show these shares."""
        self._shares = shares
        spoken = (f"{share.name} {fmt.WATT.text(share.power_w)}" for share in shares)
        self.setAccessibleDescription(", ".join(spoken))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        total_w = sum(share.power_w for share in self._shares)
        if total_w <= 0.0:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.pen("text_3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Run to see where the power goes."))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = fmt.WATT.fit(total_w)
        title = self.tr("Utility {power}, mean of {seconds} s").format(
            power=f"{unit.number(total_w)} {unit.symbol}", seconds=f"{SMOOTH_S:g}"
        )
        painter.setFont(theme.font("name"))
        painter.setPen(theme.pen("text"))
        painter.drawText(QRectF(EDGE_PX, 8, self.width(), 20), int(Qt.AlignmentFlag.AlignVCenter), title)
        self._paint_flow(painter, total_w, unit)

    def _paint_flow(self, painter: QPainter, total_w: float, unit: fmt.Unit) -> None:
        look = theme.current()
        leaves = [leaf for share in self._shares for leaf in share.leaves]
        top = 34.0
        px_per_w = (self.height() - top - EDGE_PX - GAP_PX * (len(leaves) - 1)) / total_w
        xs = (EDGE_PX, (self.width() - NAMES_PX) * 0.42, self.width() - NAMES_PX - EDGE_PX)
        painter.fillRect(QRectF(xs[0], top, BAR_PX, total_w * px_per_w), look["other"])
        from_y, to_y = top, top
        for share in self._shares:
            height = share.power_w * px_per_w
            span = sum(leaf.power_w * px_per_w for leaf in share.leaves) + GAP_PX * (len(share.leaves) - 1)
            middle_y = to_y + (span - height) / 2
            _ribbon(painter, (xs[0] + BAR_PX, from_y), (xs[1], middle_y), height, share.role)
            painter.fillRect(QRectF(xs[1], middle_y, BAR_PX, max(height, 1.0)), look[share.role])
            inner_y = middle_y
            for leaf in share.leaves:
                part = leaf.power_w * px_per_w
                role = share.role
                _ribbon(painter, (xs[1] + BAR_PX, inner_y), (xs[2], to_y), part, role)
                painter.fillRect(QRectF(xs[2], to_y, BAR_PX, max(part, 1.0)), look[leaf.role])
                self._paint_name(painter, leaf, xs[2] + BAR_PX, to_y + part / 2, unit)
                inner_y += part
                to_y += part + GAP_PX
            if share.parts:
                self._paint_inner_name(painter, share, QRectF(xs[0], middle_y, xs[1] - xs[0] - 8, height), unit)
            from_y += height

    def _paint_name(self, painter: QPainter, leaf: Share, left: float, y: float, unit: fmt.Unit) -> None:
        number = unit.number(leaf.power_w)
        painter.setFont(theme.font("small_bold"))
        painter.setPen(theme.pen("text"))
        box = QRectF(left + 8, y - 9, self.width() - left - 8 - EDGE_PX, 18)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), number)
        room = box.width() - QFontMetricsF(theme.font("small_bold")).horizontalAdvance(number) - 6
        painter.setFont(theme.font("small"))
        painter.setPen(theme.pen("text_2"))
        name = QFontMetricsF(theme.font("small")).elidedText(leaf.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), name)

    def _paint_inner_name(self, painter: QPainter, share: Share, box: QRectF, unit: fmt.Unit) -> None:
        painter.setFont(theme.font("name"))
        painter.setPen(theme.pen("text"))
        text = f"{share.name} {unit.number(share.power_w)}"
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)


def _ribbon(painter: QPainter, start: tuple[float, float], end: tuple[float, float], height: float, role: str) -> None:
    (x0, y0), (x1, y1) = start, end
    bend = (x1 - x0) / 2
    path = QPainterPath()
    path.moveTo(x0, y0)
    path.cubicTo(x0 + bend, y0, x1 - bend, y1, x1, y1)
    path.lineTo(x1, y1 + height)
    path.cubicTo(x1 - bend, y1 + height, x0 + bend, y0 + height, x0, y0 + height)
    painter.fillPath(path, theme.mixed(theme.current()["panel"], theme.current()[role], 0.4))
