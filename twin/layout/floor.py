"""The expanded drawing: every rack of every row, every box in a rack, each with its sheet and outline."""

from __future__ import annotations

from dataclasses import dataclass, field

from twin.catalogue.compute import Rack, Server
from twin.catalogue.cooling import AirCooler, Cdu, Chiller, HeatRejection, Pump, Tank, Tile
from twin.catalogue.electrical import Battery, PowerElement
from twin.catalogue.network import Switch
from twin.layout.geometry import Corners, Point
from twin.layout.model import (
    Fitting,
    Layout,
    Loop,
    PlacedCooler,
    PlacedRack,
    PlantItem,
    PowerNode,
    RackRow,
    Side,
)
from twin.layout.room import TileField

Fittable = Server | Switch | PowerElement | Cdu
PlantDevice = Chiller | HeatRejection | Pump | Tank


@dataclass(slots=True)
class FittedDevice:
    """One box in one rack."""

    id: str  # given in the layout, else RACK/uNN
    rack: str
    device: Fittable
    spec: Fitting
    u_low: int  # lowest unit, 1 is the bottom; 0 for side-mounted
    u_height: int  # whole units it takes
    feeds: dict[Side, str]  # its own, else the rack's
    max_w: float  # largest draw; 0 for what only passes power on


@dataclass(slots=True)
class FloorRack:
    """One rack on the floor; a rack of a row has its own id."""

    id: str
    row: str | None
    place: int  # place in the row, counted from 1; 0 for a rack that stands alone
    spec: PlacedRack | RackRow
    device: Rack
    rear_door: AirCooler | None
    centre_m: Point
    angle_deg: float
    outline_m: Corners  # counter-clockwise from the front left
    front: Point  # unit vector its front looks along
    fitted: list[FittedDevice] = field(default_factory=list)

    @property
    def max_w(self) -> float:
        """Sum of the largest draws of its servers and switches, W."""
        return sum(device.max_w for device in self.fitted)

    @property
    def feeds(self) -> dict[Side, str]:
        """Power node per side its contents hang on unless they say otherwise."""
        return self.spec.feeds

    def strips(self, side: Side) -> list[FittedDevice]:
        """Rack PDUs fitted for one side."""
        return [f for f in self.fitted if isinstance(f.device, PowerElement) and side in f.feeds]

    def strip_rating_w(self, side: Side) -> float:
        """What its rack PDUs of one side may carry together, W; 0 when it has none."""
        ratings = (f.device.rated_w for f in self.strips(side) if isinstance(f.device, PowerElement))
        return sum((rated_w or 0.0 for rated_w in ratings), 0.0)


@dataclass(slots=True)
class FloorCooler:
    """An air cooler or CDU."""

    id: str
    spec: PlacedCooler
    device: AirCooler | Cdu
    centre_m: Point
    outline_m: Corners | None  # none when its sheet has no footprint
    front: Point


@dataclass(slots=True)
class FloorPlant:
    """A chiller, tower, dry cooler, pump or tank; `spec.count` of them."""

    id: str
    spec: PlantItem
    device: PlantDevice
    outline_m: Corners | None  # none when not drawn in the room


@dataclass(slots=True)
class FloorPower:
    """An element of the electrical path."""

    id: str
    spec: PowerNode
    device: PowerElement
    battery: Battery | None
    rated_w: float | None  # override, else the sheet's W, else its VA at power factor 1
    outline_m: Corners | None


@dataclass(slots=True)
class FloorTiles:
    """A field of perforated tiles."""

    id: str
    spec: TileField
    device: Tile
    outline_m: Corners
    open_frac: float


@dataclass(slots=True)
class Floor:
    """Everything on the drawing by id, in the order of the layout."""

    layout: Layout
    racks: dict[str, FloorRack] = field(default_factory=dict)
    fitted: dict[str, FittedDevice] = field(default_factory=dict)
    coolers: dict[str, FloorCooler] = field(default_factory=dict)
    plant: dict[str, FloorPlant] = field(default_factory=dict)
    power: dict[str, FloorPower] = field(default_factory=dict)
    tiles: dict[str, FloorTiles] = field(default_factory=dict)
    loops: dict[str, Loop] = field(default_factory=dict)
    row_racks: dict[str, list[str]] = field(default_factory=dict)  # row -> ids of its racks

    def racks_of(self, name: str) -> list[FloorRack]:
        """The racks a name means: one rack, the racks of a row, or all with that tag."""
        if name in self.racks:
            return [self.racks[name]]
        if name in self.row_racks:
            return [self.racks[rack] for rack in self.row_racks[name]]
        return [rack for rack in self.racks.values() if name in rack.spec.tags]

    def has(self, name: str) -> bool:
        """Whether an element of the paths of power and cooling has that id, wherever it stands."""
        return name in self.power or name in self.loops or name in self.plant or name in self.coolers

    def servers(self) -> list[FittedDevice]:
        """All servers, in the order of their racks."""
        return [device for device in self.fitted.values() if isinstance(device.device, Server)]

    def switches(self) -> list[FittedDevice]:
        """All switches, in the order of their racks."""
        return [device for device in self.fitted.values() if isinstance(device.device, Switch)]
