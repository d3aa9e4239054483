"""What can be done to the drawing from the plan: each is one named edit of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication

from twin.catalogue.device import Device
from twin.errors import TwinError
from twin.layout import edit
from twin.layout.model import Fitting, Layout, PlacedCooler, PlacedRack, RackRow, Side
from ui.canvas import joining
from ui.canvas.placing import lowest_free_u, next_name, place_of, placed, taken_names

if TYPE_CHECKING:
    from ui.canvas.view import PlanView

Copied = PlacedRack | RackRow | PlacedCooler


translate = QCoreApplication.translate


class PlanCommands:
    """Edits of what is selected in one view; a rack of a row stands for its row, for rows stay rows."""

    def __init__(self, view: PlanView) -> None:
        self.view = view
        self._document = view.document

    def units(self) -> list[str]:
        """What an edit of the selection changes."""
        plan, selection = self.view.plan_scene.plan, self.view.selection
        beside = [name for name in selection if name not in plan.index and name not in plan.members]
        return [*plan.units(selection), *beside]

    def move_by(self, shift_m: tuple[float, float]) -> bool:
        """Move the selection."""
        units = self.units()
        name = translate("plan", "Move {what}").format(what=self._named(units))
        return bool(units) and self._document.apply(name, lambda layout: edit.move(layout, units, *shift_m))

    def nudge(self, shift_m: tuple[float, float]) -> bool:
        """Move the selection a little; nudges that follow each other are undone together."""
        units = self.units()
        name = translate("plan", "Move {what}").format(what=self._named(units))
        key = ("nudge", *units)
        return bool(units) and self._document.apply(name, lambda layout: edit.move(layout, units, *shift_m), key)

    def rotate(self, angle_deg: float = 90.0) -> bool:
        """Turn each selected thing about its own middle."""
        units = self.units()
        name = translate("plan", "Turn {what}").format(what=self._named(units))
        return bool(units) and self._document.apply(name, lambda layout: edit.rotate(layout, units, angle_deg))

    def set_place(self, name: str, x_m: float, y_m: float, angle_deg: float) -> bool:
        """Put one thing at an exact place; a rack of a row takes its row along."""
        now = place_of(self._document.floor, name)
        if now is None:
            return False
        units = self.view.plan_scene.plan.units([name])
        dx_m, dy_m, turn_deg = round(x_m - now[0], 6), round(y_m - now[1], 6), (angle_deg - now[2]) % 360.0

        def put(layout: Layout) -> Layout:
            layout = edit.move(layout, units, dx_m, dy_m) if dx_m or dy_m else layout
            return edit.rotate(layout, units, turn_deg) if turn_deg else layout

        return self._document.apply(translate("plan", "Move {what}").format(what=self._named(units)), put)

    def remove(self) -> bool:
        """Take the selection off the drawing; a rack of a row leaves its place in the row empty."""
        plan, selection = self.view.plan_scene.plan, self.view.selection
        whole = {name for name in selection if name not in plan.index or plan.bodies[plan.index[name]].unit == name}
        single: dict[str, set[str]] = {}
        for name in selection:
            if name not in whole:
                single.setdefault(plan.bodies[plan.index[name]].unit, set()).add(name)

        def taken_off(layout: Layout) -> Layout:
            gone = set(whole)
            for row, names in single.items():
                if row in gone:
                    continue
                if len(names) == len(plan.members[row]):
                    gone.add(row)
                else:
                    layout = self._with_gaps(layout, row, names)
            return edit.remove(layout, gone) if gone else layout

        name = translate("plan", "Remove {what}").format(what=self._named(selection))
        return bool(selection) and self._document.apply(name, taken_off)

    def duplicate(self) -> bool:
        """Put a copy of the selection beside it, with names of its own, and select the copy."""
        plan, units = self.view.plan_scene.plan, self.units()
        box = plan.box_of(plan.indices(units))
        things = [thing for thing in (edit.find(self._document.layout, unit) for unit in units)]
        copied = [thing for thing in things if isinstance(thing, (PlacedRack, RackRow, PlacedCooler))]
        if box is None or not copied:
            return False
        taken = taken_names(self._document.floor)
        copies = [self._copy(thing, box[2] - box[0], taken) for thing in copied]

        def with_copies(layout: Layout) -> Layout:
            for thing in copies:
                layout = edit.place(layout, thing)
            return layout

        done = self._document.apply(translate("plan", "Duplicate {what}").format(what=self._named(units)), with_copies)
        if done:
            self.view.set_selection([thing.id for thing in copies])
        return done

    def break_rows(self) -> bool:
        """Turn the rows of the selection into single racks."""
        plan = self.view.plan_scene.plan
        rows = [unit for unit in self.units() if unit in plan.members]

        def broken(layout: Layout) -> Layout:
            for row in rows:
                layout = edit.break_row(layout, row, self._document.catalogue)
            return layout

        return bool(rows) and self._document.apply(
            translate("plan", "Break row {what}").format(what=", ".join(rows)), broken
        )

    def place(self, device: Device, corner_m: tuple[float, float], angle_deg: float = 0.0) -> bool:
        """Put a rack or cooler on the floor and select it."""
        thing = placed(device, corner_m, taken_names(self._document.floor)).model_copy(update={"angle_deg": angle_deg})
        done = self._document.apply(
            translate("plan", "Place {what}").format(what=thing.id), lambda layout: edit.place(layout, thing)
        )
        if done:
            self.view.set_selection([thing.id])
        return done

    def fit(self, rack_id: str, device: Device) -> bool:
        """Put a box into the lowest free units of a rack; in a row, of every rack of it, for they are equal."""
        rack = self._document.floor.racks[rack_id]
        u_height = float(getattr(device, "u_height", 1.0))
        u_low = lowest_free_u(rack, u_height)
        owner = rack.row or rack.id

        def fitted(layout: Layout) -> Layout:
            if u_low is None:
                n_free = rack.device.u_height - sum(box.u_height for box in rack.fitted if box.u_low)
                raise TwinError(
                    f"{device.name} needs {u_height:g} U in one piece; {rack.id} has {n_free} U free",
                    rack.id,
                    "take something out, or choose another rack",
                )
            body = cast(PlacedRack | RackRow, edit.find(layout, owner))
            box = Fitting(type=device.id, u=u_low)
            return edit.replace(layout, body.model_copy(update={"contents": (*body.contents, box)}))

        done = self._document.apply(
            translate("plan", "Fit {device} into {what}").format(device=device.name, what=owner), fitted
        )
        if done:
            self.view.set_selection([rack_id])
        return done

    def feed_from(self, side: Side, node: str) -> bool:
        """Hang one side of the selection on a power node, or on none; choices that follow each other are one step."""
        units = self.units()
        words = translate("plan", "Feed {what} from {node}") if node else translate("plan", "Cut feed {side} of {what}")
        name = words.format(what=self._named(units), node=node, side=side)
        key = ("feed", side, *units)
        return bool(units) and self._document.apply(name, lambda layout: joining.feed(layout, units, side, node), key)

    def hang_on(self, loop: str) -> bool:
        """Hang the selected coolers on a loop, or on none."""
        units = self.units()
        name = translate("plan", "Loop of {what}").format(what=self._named(units))
        key = ("loop", *units)
        return bool(units) and self._document.apply(name, lambda layout: joining.hang(layout, units, loop), key)

    def select_all(self) -> None:
        """Select everything that stands on the floor."""
        self.view.set_selection([body.id for body in self.view.plan_scene.plan.bodies])

    def select_next(self, step: int = 1) -> bool:
        """Walk through what stands on the floor, in the order of the drawing; False past either end."""
        bodies, selection = self.view.plan_scene.plan.bodies, self.view.selection
        at = self.view.plan_scene.plan.indices(selection[-1:])
        following = at[-1] + step if at else (0 if step > 0 else len(bodies) - 1)
        if not 0 <= following < len(bodies):
            return False
        self.view.set_selection([bodies[following].id])
        return True

    def _with_gaps(self, layout: Layout, row_id: str, names: set[str]) -> Layout:
        racks = self._document.floor.racks
        row = cast(RackRow, edit.find(layout, row_id))
        skip = tuple(sorted({*row.skip, *(racks[name].place for name in names)}))
        return edit.replace(layout, row.model_copy(update={"skip": skip}))

    def _copy(self, thing: Copied, shift_m: float, taken: set[str]) -> Copied:
        """A copy to the right; boxes with a name get another, for names are given once."""
        changes: dict[str, object] = {"id": next_name(thing.id, taken), "x_m": round(thing.x_m + shift_m, 6)}
        taken.add(str(changes["id"]))
        if isinstance(thing, PlacedRack):
            boxes = []
            for box in thing.contents:
                name = next_name(box.id, taken) if box.id else None
                taken.update([name] if name else [])
                boxes.append(box.model_copy(update={"id": name}))
            changes["contents"] = tuple(boxes)
        return thing.model_copy(update=changes)

    def _named(self, names: list[str]) -> str:
        return names[0] if len(names) == 1 else translate("plan", "{n} things").format(n=len(names))
