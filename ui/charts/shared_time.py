"""The time range and the cross-hair that all charts, the plan and the time bar share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_SPAN_S = 10.0


class SharedTime(QObject):
    """Shown range `start_s` to `end_s` and cross-hair `cross_s` (None when off), in simulated s.

    While `is_live` the range ends at the newest frame and spans `window_s`; a pan or zoom leaves live until `go_live`.
    """

    range_changed = Signal()
    cross_changed = Signal()
    live_changed = Signal(bool)

    def __init__(self, window_s: float = 1200.0) -> None:
        super().__init__()
        self.window_s = window_s
        self.cross_s: float | None = None
        self.reset(0.0)

    def reset(self, first_s: float) -> None:
        """Begin a new run at `first_s`."""
        self.first_s = self.now_s = first_s
        self.is_live = True
        self.start_s, self.end_s = first_s, first_s + min(60.0, self.window_s)
        self.set_cross(None)
        self.range_changed.emit()

    def advance(self, now_s: float) -> None:
        """Tell the time of the newest frame."""
        self.now_s = now_s
        if self.is_live:
            self._show(*self._live_range())

    def set_window(self, window_s: float) -> None:
        """Set the span shown while live."""
        self.window_s = max(window_s, MIN_SPAN_S)
        self.go_live()

    def set_range(self, start_s: float, end_s: float) -> None:
        """Show a range of the past and stop following."""
        self._set_live(False)
        self._show(start_s, max(end_s, start_s + MIN_SPAN_S))

    def zoom(self, factor: float, around_s: float) -> None:
        """Widen (factor above 1) or narrow the range around a time."""
        span_s = max((self.end_s - self.start_s) * factor, MIN_SPAN_S)
        share = (around_s - self.start_s) / (self.end_s - self.start_s)
        start_s = max(around_s - share * span_s, self.first_s)
        self.set_range(start_s, min(start_s + span_s, max(self.now_s, start_s + MIN_SPAN_S)))

    def pan(self, by_s: float) -> None:
        """Move the range, kept within the run."""
        span_s = self.end_s - self.start_s
        start_s = max(self.first_s, min(self.start_s + by_s, self.now_s - span_s))
        self.set_range(start_s, start_s + span_s)

    def go_live(self) -> None:
        """Follow the newest frame again."""
        self._set_live(True)
        self._show(*self._live_range())

    def set_cross(self, time_s: float | None) -> None:
        """Place or remove (None) the cross-hair everywhere."""
        if time_s != self.cross_s:
            self.cross_s = time_s
            self.cross_changed.emit()

    def _live_range(self) -> tuple[float, float]:
        end_s = max(self.now_s, self.first_s + min(60.0, self.window_s))
        return max(self.first_s, end_s - self.window_s), end_s

    def _set_live(self, is_live: bool) -> None:
        if is_live != self.is_live:
            self.is_live = is_live
            self.live_changed.emit(is_live)

    def _show(self, start_s: float, end_s: float) -> None:
        if (start_s, end_s) != (self.start_s, self.end_s):
            self.start_s, self.end_s = start_s, end_s
            self.range_changed.emit()
