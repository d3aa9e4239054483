"""The status bar: what the engine does, how many frames came, energy so far, and what is stale."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStatusBar

from ui import format as fmt
from ui.feed import Batch
from ui.run_control import RunControl
from ui.run_view import RunView
from ui.widgets import label


def _tr(text: str) -> str:
    return QCoreApplication.translate("status", text)


class Status:
    """Writes into a status bar."""

    def __init__(self, bar: QStatusBar, run: RunControl, run_view: RunView) -> None:
        self._bar, self._run, self._run_view = bar, run, run_view
        bar.setSizeGripEnabled(False)
        self.engine = label("", "small", "text_2")
        self.frames = label("", "small", "text_2")
        self.energy = label("", "small", "text_2")
        self.stale = label("", "small", "warning")
        self.weather = label("", "small", "text_2")
        for widget in (self.engine, self.frames, self.energy):
            bar.addWidget(widget)
        for widget in (self.stale, self.weather):
            bar.addPermanentWidget(widget)
        run.pulled.connect(self._on_pulled)
        self.show_phase()

    def show_phase(self) -> None:
        """Say what the engine does."""
        run = self._run
        wanted = _tr("max") if run.speed == float("inf") else fmt.multiple(run.speed)
        texts = {
            "idle": _tr("Engine ready"),
            "opening": _tr("Engine opens the scenario"),
            "paused": _tr("Paused"),
            "running": _tr("Engine running, {reached} of {wanted}").format(
                reached=fmt.multiple(run.speed_reached), wanted=wanted
            ),
            "done": _tr("Run finished"),
            "dead": _tr("Engine stopped"),
        }
        self.engine.setText(texts[run.phase])
        if run.info is None:
            self.frames.setText("")
            self.energy.setText("")
            self.weather.setText("")

    def set_stale(self, is_stale: bool) -> None:
        """Say that the drawing has changed since the run was opened."""
        text = _tr("The drawing has changed since this run began; run from the beginning to use it")
        self.stale.setText(text if is_stale else "")

    def _on_pulled(self, batch: Batch) -> None:
        info = self._run.info
        if info is None:
            return
        count = fmt.number(self._run.feed.n_pulses, 0)
        total = fmt.number(round(info.duration_s / info.pulse_s), 0)
        self.frames.setText(_tr("Pulse {count} of {total}").format(count=count, total=total))
        energy = fmt.WATT_HOUR.text(self._run_view.facility_j / 3600.0)
        self.energy.setText(_tr("Facility energy {energy}").format(energy=energy))
        outdoor, supply = (fmt.CELSIUS.text(float(batch.column(name)[-1])) for name in ("outdoor_c", "supply_c"))
        self.weather.setText(_tr("Outdoor {outdoor}    Supply {supply}").format(outdoor=outdoor, supply=supply))
