"""Colours, type and style of the window by role name; one theme is current and every widget follows its change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import Literal

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette, QPen, Qt
from PySide6.QtWidgets import QApplication, QWidget

from twin.errors import DocumentError
from ui.scales import Scale, lookup_table, mixed, scale_color

__all__ = ["NAMES", "Theme", "apply", "changed", "current", "follow", "font", "load", "mixed", "pen", "scale_color"]

NAMES = ("dark", "light", "high_contrast")
PALETTE_FILE = Path(__file__).resolve().parent.parent / "assets" / "look" / "palette.json"
QSS_FILE = Path(__file__).resolve().parent / "style.qss.in"
FAMILIES = ("Inter", "Noto Sans", "Noto Sans KR", "NanumGothic")

TextStyle = Literal["display", "object", "heading", "body", "name", "small", "small_bold"]
# Point sizes and weights; nothing is smaller than 8.25 pt, which is 11 px at 96 dpi.
_STYLES: dict[TextStyle, tuple[float, QFont.Weight]] = {
    "display": (15.0, QFont.Weight.DemiBold),
    "object": (11.25, QFont.Weight.DemiBold),
    "heading": (9.0, QFont.Weight.DemiBold),
    "body": (9.0, QFont.Weight.Normal),
    "name": (9.0, QFont.Weight.Medium),
    "small": (8.25, QFont.Weight.Normal),
    "small_bold": (8.25, QFont.Weight.DemiBold),
}


@dataclass(frozen=True)
class Theme:
    """One look: `roles` and `series` are colours by name, `scales` the data scales by name."""

    name: str
    roles: Mapping[str, QColor]
    series: Mapping[str, QColor]
    series_order: tuple[str, ...]
    scales: Mapping[str, Scale]

    def __getitem__(self, role: str) -> QColor:
        """The colour of a role, or of a series when no role has that name; shared, so never change it in place."""
        found = self.roles.get(role)
        return found if found is not None else self.series[role]

    @property
    def heat_opacity(self) -> float:
        """How opaque the heat image on the plan is, 0 to 1: weaker in high contrast so that outlines win."""
        return 0.6 if self.name == "high_contrast" else 1.0


class _Hub(QObject):
    """Holds the current theme and says when it changes."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.theme = load("dark")


@cache
def _hub() -> _Hub:
    return _Hub()


@cache
def load(name: str, path: Path = PALETTE_FILE) -> Theme:
    """The theme of that name from a palette file; `DocumentError` when the name or a part of the file is missing."""
    document = json.loads(path.read_text(encoding="utf-8"))
    try:
        roles = {role: QColor(value) for role, value in document["themes"][name].items()}
        series = {key: QColor(value) for key, value in document["series"][name].items()}
        scales = {key: _scale(key, spec, name) for key, spec in document["scales"].items()}
        return Theme(name, roles, series, tuple(document["series_order"]), scales)
    except KeyError as missing:
        known = ", ".join(document.get("themes", {}))
        raise DocumentError(f"theme {name!r} lacks {missing}", str(path), f"known themes: {known}") from missing


def _scale(key: str, spec: dict, theme_name: str) -> Scale:
    low, high = spec["domain"]
    marks = {mark: (float(a), float(b)) for mark, (a, b) in spec.get("marks", {}).items()}
    table = lookup_table(spec["stops_at"], [QColor(stop) for stop in spec[theme_name]])
    isolines = tuple(float(value) for value in spec.get("isolines", ()))
    return Scale(key, spec["unit"], float(low), float(high), table, marks, isolines)


def current() -> Theme:
    """The theme in use."""
    return _hub().theme


def changed() -> _Hub:
    """The object whose `changed` signal carries the new Theme; connect with `theme.changed().changed.connect(slot)`."""
    return _hub()


def follow(widget: QWidget) -> None:
    """Repaint a self-painting widget whenever the theme changes, as long as the widget lives."""
    _hub().changed.connect(widget.update)


def apply(app: QApplication, name: str) -> Theme:
    """Make the named theme current: style, palette, style sheet, fonts and plot colours; then tell everyone."""
    from ui import icons  # the icon cache tints by the current theme, so it sits above this file

    theme = load(name)
    hub = _hub()
    hub.theme = theme
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette_of(theme))
    app.setFont(font("body"))
    pg.setConfigOptions(
        background=theme["panel"],
        foreground=theme["text_3"],
        antialias=False,
        useOpenGL=False,
        imageAxisOrder="row-major",
    )
    app.setStyleSheet(style_sheet(theme, icons.files_for_style(theme)))
    hub.changed.emit(theme)
    return theme


def palette_of(theme: Theme) -> QPalette:
    """The Qt palette of a theme."""
    part = QPalette.ColorRole
    colours = {
        part.Window: "panel",
        part.Base: "input",
        part.AlternateBase: "panel",
        part.Button: "raised",
        part.ToolTipBase: "raised",
        part.WindowText: "text",
        part.Text: "text",
        part.ButtonText: "text",
        part.ToolTipText: "text",
        part.BrightText: "critical",
        part.PlaceholderText: "text_3",
        part.Highlight: "accent_fill",
        part.HighlightedText: "on_accent",
        part.Accent: "accent_fill",
        part.Link: "accent",
        part.LinkVisited: "accent",
        part.Light: "line",
        part.Midlight: "line",
        part.Mid: "line_strong",
        part.Dark: "line",
        part.Shadow: "canvas",
    }
    palette = QPalette()
    for role, name in colours.items():
        palette.setColor(role, theme[name])
    for role in (part.WindowText, part.Text, part.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme["text_3"])
    palette.setColor(QPalette.ColorGroup.Disabled, part.Highlight, theme["line_strong"])
    return palette


def style_sheet(theme: Theme, icon_files: Mapping[str, str]) -> str:
    """The application style sheet, its template filled with the theme's colours and icon files."""
    values = {role: colour.name() for role, colour in theme.roles.items()}
    values["hover"] = mixed(theme["raised"], theme["text"], 0.08).name()
    values["primary_hover"] = mixed(theme["accent_fill"], theme["on_accent"], 0.12).name()
    values["edge"] = theme["control_border" if theme.name == "high_contrast" else "line_strong"].name()
    values["focus_px"] = "3px" if theme.name == "high_contrast" else "2px"
    values |= {f"icon_{name}": path for name, path in icon_files.items()}
    return Template(QSS_FILE.read_text(encoding="utf-8")).substitute(values)


@cache
def font(style: TextStyle = "body") -> QFont:
    """The font of a text style, with tabular digits."""
    size_pt, weight = _STYLES[style]
    made = QFont()
    made.setFamilies([*FAMILIES])
    made.setPointSizeF(size_pt)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def pen(role: str, width_px: float = 1.0, dash: tuple[float, ...] = ()) -> QPen:
    """A cosmetic pen in a role or series colour; `dash` in pixels, such as (4, 3) for limits or (1, 3) for events."""
    return _pen(current().name, role, width_px, dash)


@cache
def _pen(theme_name: str, role: str, width_px: float, dash: tuple[float, ...]) -> QPen:
    made = QPen(load(theme_name)[role], width_px)
    made.setCosmetic(True)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        made.setDashPattern([part / width_px for part in dash])
    return made
