"""A diagram in its tab: title, legend, what can be added, and the sheet; it follows the drawing and its selection."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from twin.catalogue.device import Device
from twin.layout.model import Layout
from ui import theme
from ui.canvas.view import PlanView
from ui.diagrams import editing
from ui.diagrams.canvas import DiagramCanvas
from ui.diagrams.graph import Element, Graph, role_of
from ui.diagrams.loops import loops
from ui.diagrams.one_line import one_line
from ui.widgets.label import label
from ui.widgets.tool import themed_icon, tool

BAR_PX = 40
ROLE_ORDER = (
    "utility", "generator", "transformer", "ats", "sts", "switchboard", "ups", "pdu", "rpp", "busway", "rectifier",
    "chiller", "tower", "dry_cooler", "adiabatic_cooler", "pump", "tank",
)  # fmt: skip


def role_words() -> dict[str, str]:
    """Names of roles, in the order of the menu."""
    translate = QCoreApplication.translate
    words = (
        translate("roles", "Utility supply"), translate("roles", "Generator"), translate("roles", "Transformer"),
        translate("roles", "Transfer switch (ATS)"), translate("roles", "Static switch (STS)"),
        translate("roles", "Switchboard"), translate("roles", "UPS"), translate("roles", "PDU"),
        translate("roles", "Remote power panel"), translate("roles", "Busway"), translate("roles", "Rectifier"),
        translate("roles", "Chiller"), translate("roles", "Cooling tower"), translate("roles", "Dry cooler"),
        translate("roles", "Adiabatic cooler"), translate("roles", "Pump"), translate("roles", "Tank"),
    )  # fmt: skip
    return dict(zip(ROLE_ORDER, words, strict=True))


def loop_words() -> dict[str, str]:
    """Names of the roles of loops."""
    translate = QCoreApplication.translate
    return {
        "chilled_water": translate("roles", "Chilled water loop"),
        "condenser_water": translate("roles", "Condenser water loop"),
        "facility_water": translate("roles", "Facility water loop"),
        "technology_coolant": translate("roles", "Coolant loop"),
    }


class DiagramPage(QWidget):
    """One diagram; `kind` is one_line or loops. `plan_wanted` asks for ids on the plan."""

    plan_wanted = Signal(list)

    def __init__(self, kind: str, plan: PlanView) -> None:
        super().__init__()
        self.kind, self._plan, self._document = kind, plan, plan.document
        self.failed: frozenset[str] = frozenset()
        self.rack_w: dict[str, float] | None = None
        self._is_stale = True
        is_power = kind == "one_line"
        title = self.tr("Power, one-line") if is_power else self.tr("Cooling, loops")
        self.canvas = DiagramCanvas(title)
        self.about = label("", "body", "text_2")
        self.add = QPushButton(self.tr("Add"))
        themed_icon(self.add, "plus", size_px=16)
        self.add.setMenu(self._menu())
        self._lay_out(title)
        self._connect()

    def _lay_out(self, title: str) -> None:
        bar = QWidget()
        bar.setObjectName("dock_title")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(BAR_PX)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(label(title, "object"))
        row.addWidget(self.about)
        row.addStretch(1)
        if self.kind == "one_line":
            keys: tuple[tuple[str, tuple[float, ...], str], ...] = (
                ("feed_a", (), self.tr("A feed")),
                ("feed_b", (6.0, 3.0), self.tr("B feed")),
                ("off", (5.0, 4.0), self.tr("unfed")),
            )
        else:
            keys = (("supply", (), self.tr("supply")), ("return", (5.0, 3.0), self.tr("return")))
        for role, dash, text in keys:
            row.addWidget(_Key(role, dash))
            row.addWidget(label(text, "small", "text_2"))
        fit = tool("fit", self.tr("Show all of it (F)"))
        fit.clicked.connect(self.canvas.fit)
        row.addWidget(fit)
        row.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.canvas, 1)

    def _connect(self) -> None:
        self._document.changed.connect(self._on_changed)
        self._document.checked.connect(self._on_changed)
        self._plan.selection_changed.connect(self.canvas.show_selection)
        self.canvas.picked.connect(self._plan.set_selection)
        self.canvas.opened.connect(self.plan_wanted)
        self.canvas.joined.connect(self.join)
        self.canvas.cut.connect(self.cut)
        self.canvas.removed.connect(self._plan.commands.remove)

    # what is shown

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while it was hidden is drawn now."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def set_failed(self, failed: frozenset[str]) -> None:
        """Take out what has failed in a run."""
        if failed != self.failed:
            self.failed = failed
            self._on_changed()

    def set_rack_w(self, rack_w: dict[str, float] | None) -> None:
        """Show what racks draw in a run, W by id; none for the largest draws."""
        if rack_w != self.rack_w:
            self.rack_w = rack_w
            self._on_changed()

    def refresh(self) -> None:
        """Draw the document as it is now."""
        document = self._document
        if self.kind == "one_line":
            graph = one_line(document.floor, document.catalogue, document.findings, self.failed, self.rack_w)
        else:
            graph = loops(document.floor, document.catalogue, document.findings)
        self._is_stale = False
        self.canvas.set_graph(graph)
        self.canvas.show_selection(self._plan.selection)
        self.about.setText(self._summary(graph))

    def _on_changed(self, _old: object = None, _new: object = None) -> None:
        self._is_stale = True
        if self.isVisible():
            self.refresh()

    def _summary(self, graph: Graph) -> str:
        layout = self._document.layout
        if self.kind == "one_line" and not layout.power:
            return self.tr("No power path yet. Add a utility supply, then what hangs on it.")
        if self.kind == "loops" and not layout.loops:
            return self.tr("No loops yet. Add a loop, then what cools it.")
        n_over = sum(element.state in ("over", "failed") for element in graph.elements.values())
        n_unfed = sum(element.state == "unfed" for element in graph.elements.values())
        if self.rack_w and self.kind == "one_line":
            return self.tr("racks as they run now, cooling at its rating")
        parts = [self.tr("at largest draw") if self.kind == "one_line" else self.tr("at largest heat")]
        if n_over:
            parts.append(self.tr("{n} over their limit").format(n=n_over))
        if n_unfed:
            parts.append(self.tr("{n} unfed").format(n=n_unfed))
        return ", ".join(parts)

    # edits

    def join(self, source: Element, target: Element) -> bool:
        """Hang one element on another."""
        name = self.tr("Join {target} to {source}").format(target=target.name, source=source.name)
        catalogue = self._document.catalogue
        return self._document.apply(name, lambda layout: editing.joined(layout, catalogue, source, target))

    def cut(self, source: Element, target: Element) -> bool:
        """Take one element off another."""
        name = self.tr("Cut {target} from {source}").format(target=target.name, source=source.name)
        return self._document.apply(name, lambda layout: editing.cut(layout, source, target))

    def add_device(self, device: Device) -> bool:
        """Draw one more element, under the selected one where that can feed it, and select it."""
        chosen = self._plan.selection[-1] if self._plan.selection else ""

        def more(layout: Layout) -> tuple[Layout, str]:
            if self.kind != "one_line":
                return editing.added_plant(layout, device, chosen)
            return editing.added_node(layout, device, chosen)  # type: ignore[arg-type]

        return self._apply_addition(device.name, more)

    def add_loop(self, role: str) -> bool:
        """Draw one more loop and select it."""
        return self._apply_addition(loop_words()[role], lambda layout: editing.added_loop(layout, role))

    def _apply_addition(self, title: str, more: editing.Addition) -> bool:
        made: list[str] = []

        def added(layout: Layout) -> Layout:
            layout, name = more(layout)
            made.append(name)
            return layout

        done = self._document.apply(self.tr("Add {device}").format(device=title), added)
        if done:
            self._plan.set_selection(made[-1:])
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        return done

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        catalogue = self._document.catalogue
        devices = editing.power_devices(catalogue) if self.kind == "one_line" else editing.plant_devices(catalogue)
        if self.kind == "loops":
            for role, words in loop_words().items():
                menu.addAction(words).triggered.connect(lambda _checked=False, role=role: self.add_loop(role))
            menu.addSeparator()
        for role, words in role_words().items():
            found = [device for device in devices if role_of(device) == role]
            if not found:
                continue
            part = menu.addMenu(words)
            for device in sorted(found, key=lambda device: device.name.lower()):
                part.addAction(device.name).triggered.connect(
                    lambda _checked=False, device=device: self.add_device(device)
                )
        return menu


class _Key(QWidget):
    """A short piece of wire."""

    def __init__(self, role: str, dash: tuple[float, ...]) -> None:
        super().__init__()
        self._role, self._dash = role, dash
        self.setFixedSize(QSize(24, 12))
        theme.follow(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line of 24 px."""
        painter = QPainter(self)
        painter.setPen(theme.pen(self._role, 2.0, self._dash))
        painter.drawLine(0, 6, 24, 6)
