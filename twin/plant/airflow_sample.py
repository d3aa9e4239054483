"""Open halls of equal racks with tiles in cold aisles and room units along two walls, to measure and to try."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from twin.layout.model import Fitting, Layout, Loop, PlacedCooler, RackRow
from twin.layout.room import Containment, Room, TileField

SERVER, PER_RACK, RACK_W = "nxt_rngd", 2, 6000.0
UNIT, UNIT_M3_S, UNIT_WIDTH_M, UNIT_DEPTH_M = "crah_100kw", 6.94, 2.2, 0.9
AISLE_M, RACK_M, PITCH_M = 1.2, 1.2, 0.6


@dataclass(frozen=True, slots=True)
class SampleHall:
    """n_pairs of rows that face each other over a cold aisle of tiles; size_m: length, depth and height of the room."""

    n_pairs: int = 1
    racks_per_row: int = 10
    size_m: tuple[float, float, float] = (12.0, 9.0, 3.0)
    supply_over_demand: float = 1.05
    is_contained: bool = False

    @property
    def n_racks(self) -> int:
        """Racks in all rows."""
        return 2 * self.n_pairs * self.racks_per_row

    def layout(self) -> Layout:
        """The drawing."""
        length, depth, height = self.size_m
        corners = ((0.0, 0.0), (length, 0.0), (length, depth), (0.0, depth))
        return Layout(
            name=f"Sample hall of {self.n_racks} racks",
            room=Room(outline_m=corners, height_m=height, raised_floor_m=0.6),
            rows=tuple(row for pair in range(self.n_pairs) for row in self._rows(pair)),
            tiles=tuple(self._tiles(pair) for pair in range(self.n_pairs)),
            containments=tuple(self._aisle(pair) for pair in range(self.n_pairs)) if self.is_contained else (),
            coolers=tuple(self._units()),
            loops=(Loop(id="CHW", role="chilled_water", supply_c=12.0),),
        )

    @property
    def _x_m(self) -> float:
        return (self.size_m[0] - self.racks_per_row * PITCH_M) / 2

    def _y_m(self, pair: int) -> float:
        """Low edge of a cold aisle, on the grid of half tiles."""
        return round((pair + 0.5) * self.size_m[1] / self.n_pairs / 0.3) * 0.3 - AISLE_M / 2

    def _rows(self, pair: int) -> list[RackRow]:
        """Two rows that face each other."""
        boxes = tuple(Fitting(type=SERVER, u=2 + 10 * i) for i in range(PER_RACK))
        found = []
        for letter, y_m, angle in (("A", self._y_m(pair) - RACK_M, 180.0), ("B", self._y_m(pair) + AISLE_M, 0.0)):
            row = RackRow(
                id=f"{letter}{pair}",
                x_m=self._x_m,
                y_m=y_m,
                angle_deg=angle,
                type="rack_42u_600",
                contents=boxes,
                count=self.racks_per_row,
                pitch_m=PITCH_M,
                naming="{row}-{n:02d}",
            )
            found.append(row)
        return found

    def _tiles(self, pair: int) -> TileField:
        """Tiles that cover the aisle between two rows."""
        place = {"x_m": self._x_m, "y_m": self._y_m(pair), "columns": self.racks_per_row, "rows": 2}
        return TileField(id=f"T{pair}", type="tile_600_25", **place)

    def _aisle(self, pair: int) -> Containment:
        """A cold aisle closed by a roof and two doors, 2 % of which are open."""
        length = self.racks_per_row * PITCH_M
        return Containment(
            id=f"C{pair}",
            kind="cold_aisle",
            x_m=self._x_m,
            y_m=self._y_m(pair),
            width_m=length,
            depth_m=AISLE_M,
            leakage_frac=0.02,
        )

    def _units(self) -> list[PlacedCooler]:
        """Room units along the low and high x walls, as many as a flow of about 4.8 m3/s each needs, fans alike."""
        length, depth, _ = self.size_m
        need = self.n_racks * RACK_W * 75.5e-6 * self.supply_over_demand
        per_wall = max(1, ceil(need / (2 * 0.9 * UNIT_M3_S)))
        fan_frac = need / (2 * per_wall * UNIT_M3_S)
        step = depth / per_wall
        found = []
        for i in range(per_wall):
            # Turned by a quarter about its middle, a unit is as deep along x as it was along y.
            y_m = (i + 0.5) * step - UNIT_DEPTH_M / 2
            shift = (UNIT_WIDTH_M - UNIT_DEPTH_M) / 2
            for wall, x_m, angle in (("W", -shift, 90.0), ("E", length - UNIT_WIDTH_M + shift, 270.0)):
                unit = PlacedCooler(
                    id=f"{wall}{i}",
                    x_m=x_m,
                    y_m=y_m,
                    angle_deg=angle,
                    type=UNIT,
                    loop="CHW",
                    supply_c=18.0,
                    fan_frac=min(1.0, fan_frac),
                )
                found.append(unit)
        return found


def warm() -> None:
    """Compile, or load from the cache, everything an edit runs through, in both precisions."""
    from twin.plant.airflow import RoomAir

    layout = SampleHall(1, 2, (6.0, 6.0, 3.0)).layout()
    for is_exact in (False, True):
        air = RoomAir.of(layout, 0.6, is_exact=is_exact)
        air.solve()
        air.matrix()
        air.flow().settled(air.heat_w, air.supply_c)
