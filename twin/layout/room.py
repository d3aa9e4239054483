"""The room of a layout: outline, walls, columns, doors, raised floor, tiles and containment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.catalogue.device import Fraction, Id, NotNegative, Positive, Sheet

Point = tuple[float, float]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=64)]


class Wall(Sheet):
    """A wall inside the room."""

    id: Name
    points_m: tuple[Point, ...] = Field(min_length=2, description="centre line, m")
    thickness_m: Positive = 0.2
    height_m: Positive | None = Field(None, description="none: up to the ceiling")


class Column(Sheet):
    """A column."""

    id: Name
    x_m: float
    y_m: float
    width_m: Positive
    depth_m: Positive


class Door(Sheet):
    """A door in the outline or in a wall."""

    id: Name
    x_m: float = Field(description="hinge or middle, m")
    y_m: float
    width_m: Positive = 0.9
    angle_deg: Annotated[float, Field(ge=0, lt=360)] = 0.0
    leaves: Literal[1, 2] = 1
    is_exit: bool = True


class Room(Sheet):
    """The hall: its outline, height, floor and ceiling."""

    outline_m: tuple[Point, ...] = Field(min_length=3, description="corners of the floor in order, m")
    height_m: Positive = Field(3.0, description="floor to ceiling, m")
    raised_floor_m: NotNegative = Field(0.0, description="plenum depth under the floor, m; 0 for none")
    ceiling_plenum_m: NotNegative = Field(0.0, description="return plenum above the ceiling, m; 0 for none")
    floor_leakage_frac: Fraction = Field(0.05, description="plenum air that escapes beside the tiles")
    floor_limit_kg_m2: Positive | None = Field(None, description="floor load it may carry")
    wall_thickness_m: Positive = 0.2
    walls: tuple[Wall, ...] = ()
    columns: tuple[Column, ...] = ()
    doors: tuple[Door, ...] = ()
    air_mass_factor: Positive = Field(
        1.0, description="heat capacity of furnishing over that of its air, racks not counted"
    )


class TileField(Sheet):
    """A rectangle of perforated tiles on the floor grid."""

    id: Name
    type: Id
    x_m: float
    y_m: float
    columns: Annotated[int, Field(ge=1)] = 1
    rows: Annotated[int, Field(ge=1)] = 1
    open_frac: Fraction | None = Field(None, description="damper setting that differs from the sheet")


class Containment(Sheet):
    """An aisle closed off from the room."""

    id: Name
    kind: Literal["cold_aisle", "hot_aisle", "chimney", "curtain"]
    x_m: float
    y_m: float
    width_m: Positive
    depth_m: Positive
    height_m: Positive | None = Field(None, description="none: rack height")
    leakage_frac: Annotated[float, Field(ge=0.01, le=1)] = Field(0.05, description="open share of its surface")
    has_roof: bool = True
    has_doors: bool = True


class Underlay(Sheet):
    """A picture or drawing under the plan."""

    file: str
    x_m: float
    y_m: float
    m_per_pixel: Positive
    angle_deg: Annotated[float, Field(ge=0, lt=360)] = 0.0
    opacity_frac: Fraction = 0.4
