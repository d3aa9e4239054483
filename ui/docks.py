"""The docks of the window: which belong to which view, where they stand at first, and where the user put them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

from ui.settings import Settings
from ui.widgets import DockTitle

NARROW_PX = 1450
OPENED_PX = 160
"""Height of a dock at the bottom that was closed at first and is opened."""
TALL_VIEWS = ("elevation",)
"""Drawings that need the whole height: what stands below the plan is closed there at first."""
LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dock stands at first: its view, side, width at the sides or height at the bottom, in px.

    A narrow window takes `narrow_px` instead, and leaves the dock closed where that is 0.
    """

    view: str
    area: Qt.DockWidgetArea
    size_px: int
    narrow_px: int
    also: tuple[str, ...] = ()
    """Further views that show it."""

    def is_of(self, view: str) -> bool:
        """Whether a view shows it."""
        return view == self.view or view in self.also


class Docks(QObject):
    """Adds docks to a window and shows those of the current view."""

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._docks: dict[str, tuple[QDockWidget, Place]] = {}
        self._states: dict[str, QByteArray] = {}
        self.view = ""
        self._is_narrow = False
        window.setDockNestingEnabled(True)
        for corner, area in (
            (Qt.Corner.TopLeftCorner, LEFT),
            (Qt.Corner.BottomLeftCorner, LEFT),
            (Qt.Corner.TopRightCorner, RIGHT),
            (Qt.Corner.BottomRightCorner, RIGHT),
        ):
            window.setCorner(corner, area)

    def add(self, key: str, title: str, widget: QWidget, place: Place) -> DockTitle:
        """Add a dock and return its title bar."""
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock_{key}")
        dock.setAccessibleName(title)
        dock.setWidget(widget)
        if place.area != BOTTOM:
            widget.setMinimumWidth(place.narrow_px or place.size_px // 2)
        bar = DockTitle(dock)
        self._window.addDockWidget(place.area, dock)
        dock.hide()
        self._docks[key] = (dock, place)
        return bar

    def __getitem__(self, key: str) -> QDockWidget:
        return self._docks[key][0]

    def __iter__(self) -> Iterator[str]:
        """Keys of all docks."""
        return iter(self._docks)

    def show_view(self, view: str) -> None:
        """Show the docks of a view as they were left, or as they are at first."""
        if view == self.view:
            return
        self.keep()
        self.view = view
        self._bring_back()

    def follow_width(self) -> None:
        """A window that became narrow or wide has its docks where they were when it last was so."""
        if (self._window.width() < NARROW_PX) != self._is_narrow:
            self.keep()
            self._bring_back()

    def _bring_back(self) -> None:
        self._is_narrow = self._window.width() < NARROW_PX
        state = self._states.get(self._key) or self._settings.bytes_of(f"docks/{self._key}")
        for dock, place in self._docks.values():
            if not place.is_of(self.view):
                dock.hide()
        if state.isEmpty() or not self._window.restoreState(state):
            self.reset()

    @property
    def _key(self) -> str:
        return f"{self.view}-narrow" if self._is_narrow else self.view

    def keep(self) -> None:
        """Remember where the docks of the current view are."""
        if self.view:
            self._states[self._key] = self._window.saveState()
            self._settings.set_bytes(f"docks/{self._key}", self._states[self._key])

    def reset(self) -> None:
        """Put the docks of the current view where they are at first."""
        ours = [(dock, place) for dock, place in self._docks.values() if place.is_of(self.view)]
        for dock, place in ours:
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
            self._window.addDockWidget(place.area, dock)
            dock.setVisible(self._size_px(place) > 0)
        for side in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
            of_side = [(dock, p) for dock, p in ours if (p.area == BOTTOM) == (side == Qt.Orientation.Vertical)]
            shown = [(dock, self._size_px(place)) for dock, place in of_side if self._size_px(place) > 0]
            self._window.resizeDocks([dock for dock, _ in shown], [size for _, size in shown], side)
        stacked = [dock for dock, place in ours if place.area == LEFT and self._size_px(place) > 0]
        self._window.resizeDocks(stacked, [len(stacked) - i for i in range(len(stacked))], Qt.Orientation.Vertical)

    def is_of(self, key: str, view: str) -> bool:
        """Whether a dock belongs to a view."""
        return self._docks[key][1].is_of(view)

    def toggle(self, key: str) -> None:
        """Close an open dock of the view shown, or open a closed one at a size one can read."""
        dock, place = self._docks[key]
        if not place.is_of(self.view):
            return
        dock.setVisible(dock.isHidden())
        if dock.isHidden():
            return
        dock.raise_()
        is_wide = place.area == BOTTOM
        least_px = self._size_px(place) or (OPENED_PX if is_wide else place.size_px)
        if not dock.isFloating() and (dock.height() if is_wide else dock.width()) < least_px:
            side = Qt.Orientation.Vertical if is_wide else Qt.Orientation.Horizontal
            self._window.resizeDocks([dock], [least_px], side)

    def put_in_place_of(self, key: str, other: str) -> None:
        """Open a dock where another one is, which closes."""
        height_px = self[other].height() if self[other].isVisible() else 0
        self[other].hide()
        if self[key].isHidden():
            self.toggle(key)
        self[key].raise_()
        if height_px > OPENED_PX:
            self._window.resizeDocks([self[key]], [height_px], Qt.Orientation.Vertical)

    def _size_px(self, place: Place) -> int:
        is_closed = place.area == BOTTOM and self.view in TALL_VIEWS
        return 0 if is_closed else place.size_px if self._window.width() >= NARROW_PX else place.narrow_px

    def focus_next(self) -> None:
        """Walk the keyboard focus: centre, then each open dock, then the centre again."""
        centre = self._window.centralWidget()
        stops: list[QWidget] = [centre] if centre is not None else []
        stops += [dock for dock, place in self._docks.values() if place.is_of(self.view) and dock.isVisible()]
        now = QApplication.focusWidget()
        at = next((i for i, stop in enumerate(stops) if now is not None and stop.isAncestorOf(now)), 0)
        following = [*stops[at + 1 :], *stops[: at + 1]]
        inner = (stop.widget() if isinstance(stop, QDockWidget) else stop for stop in following)
        target = next((found for widget in inner if (found := _first_focusable(widget)) is not None), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first_focusable(widget: QWidget | None) -> QWidget | None:
    if widget is None:
        return None
    inside = [widget, *widget.findChildren(QWidget)]
    can = [w for w in inside if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return can[0] if can else None
