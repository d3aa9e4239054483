"""What is open: a drawing and the scenario that runs it, found, opened and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from twin.errors import DocumentError, TwinError
from twin.files import asset_dir
from twin.layout.model import Layout
from twin.layout.room import Room
from twin.layout.store import load_layout
from twin.scenario.model import Scenario, read_scenario

LAYOUT_ENDING = ".layout.json"
SCENARIO_ENDINGS = (".yaml", ".yml")
MOST_RACKS = 100_000
FARTHEST_M = 100_000.0


@dataclass(frozen=True, slots=True)
class Project:
    """A drawing, the file it lies in, and the scenario to run on it with its file; what is missing is None."""

    layout: Layout
    layout_file: Path | None = None
    scenario: Scenario | None = None
    scenario_file: Path | None = None

    @property
    def title(self) -> str:
        """Name for the window and the recent list."""
        return self.layout_file.name if self.layout_file else self.layout.name


def open_project(file: Path) -> Project:
    """The project of a layout or scenario file; TwinError when it or what it names is not what it must be.

    A layout brings the first scenario beside it that names it, if there is one.
    """
    file = file.resolve()
    if file.exists() and not file.is_file() and not file.is_dir():
        # Reading a device or a pipe might never end.
        what = QCoreApplication.translate("project", "{name} is a device or a pipe, not a file").format(name=file.name)
        raise DocumentError(what, str(file), QCoreApplication.translate("project", "open a file"))
    if file.suffix in SCENARIO_ENDINGS:
        scenario = read_scenario(file)
        layout_file = (file.parent / scenario.layout).resolve()
        return Project(_drawable(load_layout(layout_file), layout_file), layout_file, scenario, file)
    if file.suffix != ".json":
        what = QCoreApplication.translate("project", "{name} is neither a layout nor a scenario").format(name=file.name)
        hint = QCoreApplication.translate("project", "open a file that ends in .layout.json or .yaml")
        raise DocumentError(what, str(file), hint)
    layout = _drawable(load_layout(file), file)
    for scenario_file in scenarios_for(file):
        return Project(layout, file, read_scenario(scenario_file), scenario_file)
    return Project(layout, file)


def _drawable(layout: Layout, file: Path) -> Layout:
    """The layout, unless the window could not draw it in reasonable time or at all."""
    translate = QCoreApplication.translate
    n_racks = _n_racks(layout)
    if n_racks > MOST_RACKS:
        what = translate("project", "holds {n} racks, the window draws up to {most}").format(n=n_racks, most=MOST_RACKS)
        raise DocumentError(what, str(file), translate("project", "split it, or use the command line"))
    farthest_m = max(abs(value) for corner in layout.room.outline_m for value in corner)
    if farthest_m > FARTHEST_M:
        what = translate("project", "its room reaches {far:.3g} m, the window draws up to {most:.0f} m")
        what = what.format(far=farthest_m, most=FARTHEST_M)
        raise DocumentError(what, f"{file} room.outline_m", translate("project", "give the corners in metres"))
    return layout


def scenarios_for(layout_file: Path) -> list[Path]:
    """Scenario files that name a layout, beside it or in the folder `scenarios` there; unreadable ones are left out."""
    found = []
    for folder in (layout_file.parent / "scenarios", layout_file.parent):
        for file in sorted(folder.glob("*.yaml")):
            try:
                scenario = read_scenario(file)
            except TwinError:
                continue
            if (file.parent / scenario.layout).resolve() == layout_file.resolve():
                found.append(file)
    return found


def empty_project() -> Project:
    """A new hall, 12 m by 9 m, with nothing in it."""
    name = QCoreApplication.translate("project", "New hall")
    outline = ((0.0, 0.0), (12.0, 0.0), (12.0, 9.0), (0.0, 9.0))
    return Project(Layout(name=name, room=Room(outline_m=outline)))


def templates() -> list[Project]:
    """The shipped examples, fewest racks first; one that cannot be read is left out."""
    found = []
    for file in sorted(examples_folder().glob(f"*{LAYOUT_ENDING}")):
        try:
            found.append(open_project(file))
        except TwinError:
            continue
    return sorted(found, key=lambda project: _n_racks(project.layout))


def _n_racks(layout: Layout) -> int:
    return len(layout.racks) + sum(row.count - len(row.skip) for row in layout.rows)


def examples_folder() -> Path:
    """Where the shipped examples lie, in a checkout or in an installed environment."""
    return asset_dir().parent / "layouts"
