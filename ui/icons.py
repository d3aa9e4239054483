"""Icons drawn for this project, one colour each, tinted by role and kept per role, size and device pixel ratio."""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from ui import theme
from ui.theme import Theme

ICONS_FILE = Path(__file__).resolve().parent.parent / "assets" / "icons" / "icons.svg"
_SVG = "{http://www.w3.org/2000/svg}"
_GRID_PX = 20
_STROKE_PX = 1.5


@cache
def names() -> tuple[str, ...]:
    """The ids of all icons."""
    return tuple(_symbols())


@cache
def _symbols() -> dict[str, str]:
    """Path data by icon id."""
    root = ElementTree.parse(ICONS_FILE).getroot()
    found = {}
    for symbol in root.iter(f"{_SVG}symbol"):
        found[symbol.attrib["id"]] = " ".join(path.attrib["d"] for path in symbol.iter(f"{_SVG}path"))
    return found


def svg(name: str, colour: QColor, size_px: float = _GRID_PX) -> bytes:
    """A stand-alone SVG of one icon; the stroke keeps 1.5 px at every size. `KeyError` for an unknown name."""
    stroke = _STROKE_PX * _GRID_PX / size_px
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px}" height="{size_px}" viewBox="0 0 20 20">'
        f'<path d="{_symbols()[name]}" fill="none" stroke="{colour.name()}" stroke-width="{stroke:.3f}" '
        f'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()


@cache
def _renderer(name: str, colour_name: str, size_px: int) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg(name, QColor(colour_name), size_px)))


def paint(painter: QPainter, name: str, rect: QRectF, role: str) -> None:
    """Draw an icon into a rectangle of the painter's coordinates, in the current colour of a role."""
    _renderer(name, theme.current()[role].name(), round(rect.width())).render(painter, rect)


def pixmap(name: str, role: str = "text_2", size_px: int = 20, ratio: float = 0.0) -> QPixmap:
    """An icon in the current colour of a role; `ratio` 0 means the pixel ratio of the screen in use."""
    ratio = ratio or _screen_ratio()
    return _pixmap(name, theme.current()[role].name(), size_px, ratio)


@cache
def _pixmap(name: str, colour_name: str, size_px: int, ratio: float) -> QPixmap:
    # An unknown name must fail before a painter stands on the pixmap: it would outlive it and crash.
    renderer = _renderer(name, colour_name, size_px)
    made = QPixmap(QSize(round(size_px * ratio), round(size_px * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return made


def _screen_ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen else 1.0


def icon(name: str, role: str = "text_2", checked_role: str = "accent", size_px: int = 20) -> QIcon:
    """A QIcon in the current theme: `role` at rest, `checked_role` when checked, `text_3` when disabled.

    It keeps its colours; set it again when `theme.changed()` fires.
    """
    made = QIcon()
    for ratio in sorted({1.0, 2.0, _screen_ratio()}):
        made.addPixmap(pixmap(name, role, size_px, ratio), QIcon.Mode.Normal, QIcon.State.Off)
        made.addPixmap(pixmap(name, checked_role, size_px, ratio), QIcon.Mode.Normal, QIcon.State.On)
        made.addPixmap(pixmap(name, "text_3", size_px, ratio), QIcon.Mode.Disabled, QIcon.State.Off)
        made.addPixmap(pixmap(name, "text_3", size_px, ratio), QIcon.Mode.Disabled, QIcon.State.On)
    return made


@cache
def _style_folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="twin-look-")


def files_for_style(of: Theme) -> dict[str, str]:
    """Paths of the few icons a style sheet needs as files, tinted for a theme; removed when the program ends."""
    wanted = {
        "down": ("down", "text_2"),
        "up": ("up", "text_2"),
        "right": ("right", "text_2"),
        "check": ("check", "on_accent"),
        "partly": ("minus", "on_accent"),
        "menu_check": ("check", "text"),
        "close": ("close", "text_2"),
    }
    folder = Path(_style_folder().name)
    paths = {}
    for key, (name, role) in wanted.items():
        # Qt keeps style images by path, so each theme needs names of its own.
        path = folder / f"{of.name}-{key}.svg"
        path.write_bytes(svg(name, of[role], 16))
        paths[key] = path.as_posix()
    return paths


def paint_mark(painter: QPainter, mark: str, centre: QPointF, radius_px: float, colour: QColor) -> None:
    """Draw a chip-kind mark, filled: `circle` for NPU, `diamond` for NPU+PIM, `square` for GPU."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    x, y, r = centre.x(), centre.y(), radius_px
    if mark == "square":
        side = r * 0.9
        painter.drawRect(QRectF(x - side, y - side, 2 * side, 2 * side))
    elif mark == "diamond":
        reach = r * 1.2
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)])
        )
    else:
        painter.drawEllipse(centre, r, r)
    painter.setBrush(Qt.BrushStyle.NoBrush)
