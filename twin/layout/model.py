"""The layout document, version 1: site, room, racks, coolers, loops, plant, power and network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.catalogue.device import Fraction, Id, Positive, Sheet
from twin.layout.room import Containment, Room, TileField, Underlay

FORMAT = "twin-layout"
VERSION = 1

Name = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=64, description="unique in the layout")
]
Side = Literal["A", "B"]
Feeds = Annotated[dict[Side, Name], Field(description="power node per cord side")]
Tags = Annotated[tuple[str, ...], Field(description="free words to select by")]


class Site(Sheet):
    """Where the building stands."""

    name: str = ""
    latitude_deg: Annotated[float, Field(ge=-90, le=90)] = 37.57
    longitude_deg: Annotated[float, Field(ge=-180, le=180)] = 126.98
    elevation_m: float = 38.0
    time_zone: str = Field("Asia/Seoul", description="IANA name")


class Place(Sheet):
    """Base of what stands on the floor: the corner nearest the origin before rotation about the centre."""

    x_m: float
    y_m: float
    angle_deg: Annotated[float, Field(ge=0, lt=360, description="counter-clockwise; 0: front looks to -y")] = 0.0


class Fitting(Sheet):
    """A device in a rack."""

    type: Id
    u: Annotated[int, Field(ge=0, description="lowest unit it takes, 1 is the bottom; 0 for side-mounted")]
    id: Name | None = Field(None, description="needed where something refers to it, such as a switch of a fabric")
    face: Literal["front", "rear"] = "front"
    count: Annotated[int, Field(ge=1, description="so many on top of each other")] = 1
    feeds: Feeds | None = Field(None, description="cords that differ from the rack's")
    cards: dict[Id, int] = Field(default_factory=dict, description="accelerator cards put into free slots")
    power_policy: Literal["shared", "active_standby"] = "shared"


class RackBody(Sheet):
    """What a rack and a row of racks have in common."""

    type: Id
    contents: tuple[Fitting, ...] = ()
    feeds: Feeds = Field(default_factory=dict)
    loop: Name | None = Field(None, description="liquid loop its cold plates or rear door hang on")
    rear_door: Id | None = Field(None, description="rear-door cooler fitted to it")
    blanking_frac: Fraction = Field(1.0, description="share of its empty units that is blanked")
    redundancy: Literal["N", "N+1", "2N", "3N/2", "4N/3"] = Field("N", description="what its power path claims")
    phase: Literal["L1", "L2", "L3"] | None = Field(
        None, description="phase of a rack on single-phase strips; none: in turn along the row"
    )
    tags: Tags = ()


class PlacedRack(RackBody, Place):
    """A rack that stands alone."""

    id: Name


class RackRow(RackBody, Place):
    """A row of equal racks; stays a row until someone breaks it."""

    id: Name
    count: Annotated[int, Field(ge=1, le=2000)]
    pitch_m: Positive = Field(description="distance of neighbours along the row, m")
    naming: str = Field("{row}{n:02d}", description="names of its racks from {row} and {n}, counted from 1")
    skip: tuple[int, ...] = Field((), description="places left empty, counted from 1")


class PlacedCooler(Place):
    """An air cooler or CDU in the room."""

    id: Name
    type: Id
    loop: Name | None = Field(None, description="chilled-water or facility-water loop it hangs on")
    serves: Name | None = Field(None, description="liquid loop a CDU supplies")
    supply_c: float | None = Field(None, description="air supply set point, °C")
    fan_frac: Fraction = Field(1.0, description="fan speed set point")
    pump_frac: Fraction = Field(1.0, description="pump speed set point of a CDU")
    feeds: Feeds = Field(default_factory=dict)
    in_row: Name | None = None
    tags: Tags = ()


class Loop(Sheet):
    """A liquid loop."""

    id: Name
    medium: Literal["water", "pg25", "oil"] = "water"
    role: Literal["chilled_water", "condenser_water", "facility_water", "technology_coolant"]
    supply_c: float = Field(description="supply set point, °C")
    return_c: float | None = Field(None, description="design return, °C")
    volume_m3: Positive | None = None
    head_pa: Positive | None = Field(None, description="pressure drop at design flow, Pa")
    tags: Tags = ()


class PlantItem(Sheet):
    """A chiller, tower, dry cooler, pump or tank; with a place when it is drawn in the room."""

    id: Name
    type: Id
    count: Annotated[int, Field(ge=1)] = 1
    loop: Name = Field(description="loop it cools, pumps or buffers")
    rejects_to: Name | None = Field(None, description="condenser loop of a water-cooled chiller")
    bypass: Literal["none", "waterside", "integrated"] = Field("none", description="economiser arrangement")
    feeds: Feeds = Field(default_factory=dict)
    place: Place | None = None
    tags: Tags = ()


class PowerNode(Sheet):
    """An element of the electrical path; drawn when it has a place."""

    id: Name
    type: Id
    inputs: tuple[Name, ...] = Field((), description="nodes upstream; more than one needs a transfer switch or a bus")
    side: Side | None = Field(None, description="which path it belongs to")
    rated_w: Positive | None = Field(None, description="setting that differs from the sheet, W")
    breaker_a: Positive | None = Field(None, description="breaker at its input, A")
    breaker_curve: Literal["B", "C", "D", "SI", "VI", "EI"] | None = Field(
        None, description="trip curve: IEC 60898 types or IEC 60255 relays; none: C up to 125 A, EI above"
    )
    breaker_tms: Positive = Field(1.0, description="time multiplier of a relay")
    battery: Id | None = Field(None, description="battery of a UPS")
    battery_count: Annotated[int, Field(ge=1, description="blocks or cabinets")] = 1
    battery_capacity_frac: Fraction = Field(
        1.0, description="capacity left: 1 when new, the sheet's end_of_life_frac at the end"
    )
    battery_c: Annotated[float, Field(ge=-20, le=60, description="temperature of the battery, °C")] = 25.0
    group: Name | None = Field(None, description="elements that share load in parallel, by their ratings")
    mode: str = Field("", description="operating mode of the sheet, such as eco")
    place: Place | None = None
    tags: Tags = ()


class Link(Sheet):
    """A cable or bundle between two switches or devices."""

    a: Name
    b: Name
    count: Annotated[int, Field(ge=1)] = 1
    bytes_s: Positive | None = Field(None, description="rate of one, one direction; else the slower port's")
    length_m: Positive | None = None


class Fabric(Sheet):
    """A network by rule: servers to leaves, leaves to spines; explicit links are added to it."""

    id: Name
    kind: Literal["leaf_spine", "single_switch", "rail", "explicit"]
    leaves: tuple[Name, ...] = ()
    spines: tuple[Name, ...] = ()
    uplinks_per_leaf: Annotated[int, Field(ge=0, description="links of one leaf, spread over the spines")] = 0
    ports_per_server: Annotated[int, Field(ge=1)] = 1
    serves: dict[Name, tuple[Name, ...]] = Field(
        default_factory=dict, description="leaf -> racks, rows or tags it serves; a leaf not named serves its own rack"
    )
    links: tuple[Link, ...] = ()


class Layer(Sheet):
    """Visibility of a class of things in the window."""

    is_visible: bool = True
    is_locked: bool = False


class Layout(Sheet):
    """The whole drawing."""

    format: Literal["twin-layout"] = "twin-layout"
    version: Literal[1] = 1
    name: str
    note: str = ""
    site: Site = Site()
    room: Room
    tiles: tuple[TileField, ...] = ()
    containments: tuple[Containment, ...] = ()
    rows: tuple[RackRow, ...] = ()
    racks: tuple[PlacedRack, ...] = ()
    coolers: tuple[PlacedCooler, ...] = ()
    loops: tuple[Loop, ...] = ()
    plant: tuple[PlantItem, ...] = ()
    power: tuple[PowerNode, ...] = ()
    fabrics: tuple[Fabric, ...] = ()
    layers: dict[str, Layer] = Field(default_factory=dict)
    underlays: tuple[Underlay, ...] = ()
