"""The electrical path of a layout as it is drawn, with everything that hangs on it at its most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.catalogue.cooling import AirCooler
from twin.errors import DocumentError
from twin.layout.floor import Floor
from twin.layout.rules.load import plant_w
from twin.physics import FloatArray
from twin.plant.compile import power_feeds
from twin.plant.power import PowerPath
from twin.plant.power_compile import compile_power
from twin.study.live_watts import LiveWatts


@dataclass(frozen=True, slots=True)
class Design:
    """A path and the watts of its consumers: servers first, then switches, coolers and plant."""

    path: PowerPath
    consumer_ids: list[str]
    consumer_w: FloatArray
    n_servers: int
    n_boxes: int  # servers and switches
    rack_of_box: list[str]
    box_w: list[FloatArray]  # watts of each box by its live cords, (n_cords + 1,)

    def live_w(self, i: int) -> FloatArray:
        """Watts of consumer i by how many of its cords live, (n_cords + 1,)."""
        if i < self.n_boxes:
            return self.box_w[i]
        return np.full(len(self.path.feeds[i].nodes) + 1, self.consumer_w[i])


def design_of(floor: Floor) -> Design:
    """The path of a floor; spares of coolers and plant count as running, as in `twin check`.

    DocumentError for feeds in a circle, without a path or servers, and where some have no power to begin with.
    """
    if not floor.power or not floor.servers():
        raise DocumentError(
            f"{len(floor.power)} elements of a power path and {len(floor.servers())} servers, 1 of each is needed",
            "power",
            "draw the path and put servers into racks",
        )
    feeds = power_feeds(floor)
    path = compile_power(floor, feeds)
    boxes = [*floor.servers(), *floor.switches()]
    watts = {box.id: box.max_w for box in boxes}
    for cooler in floor.coolers.values():
        device = cooler.device
        watts[cooler.id] = device.fan_max_w if isinstance(device, AirCooler) else device.pump_max_w or 0.0
    for item in floor.plant.values():
        watts[item.id] = item.spec.count * plant_w(item.device)
    consumer_w = np.array([watts[name] for name in feeds])
    if unfed := [name for name, is_fed in zip(feeds, path.is_fed, strict=True) if not is_fed and watts[name] > 0.0]:
        raise DocumentError(
            f"{len(unfed)} of {len(feeds)} consumers have no power before anything fails, such as {unfed[0]}",
            "power",
            "join them to a live path; `twin check` says where",
        )
    live = LiveWatts()
    box_w = [live.of(box, len(feed.nodes)) for box, feed in zip(boxes, path.feeds, strict=False)]
    n_servers = len(floor.servers())
    return Design(path, list(feeds), consumer_w, n_servers, len(boxes), [box.rack for box in boxes], box_w)


def ride_through_s(floor: Floor) -> dict[str, float]:
    """Seconds each UPS with a battery carries, from full, what it carries when nothing has failed."""
    design = design_of(floor)
    path = design.path
    if not len(path.storage.packs):
        return {}
    flow = path.flow(design.consumer_w)
    given_w = (flow.load_w + flow.loss_w)[path.storage.node]
    with np.errstate(divide="ignore"):
        times_s = np.minimum(path.storage.run_time_s(given_w), 86400.0)
    return {path.ids[i]: float(time_s) for i, time_s in zip(path.storage.node.tolist(), times_s, strict=True)}
