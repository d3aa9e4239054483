"""Small parts the window is built of: tiles, segments, speed, dock titles, messages, the event list, the legend."""

from ui.widgets.dock_title import DockTitle
from ui.widgets.event_list import EventItem, EventList, EventModel
from ui.widgets.label import label
from ui.widgets.message_bar import MessageBar
from ui.widgets.scale_legend import ScaleLegend
from ui.widgets.segmented import Segmented
from ui.widgets.speed import SpeedControl
from ui.widgets.tile import Tile, TileStrip
from ui.widgets.tool import tool

__all__ = [
    "DockTitle",
    "EventItem",
    "EventList",
    "EventModel",
    "MessageBar",
    "ScaleLegend",
    "Segmented",
    "SpeedControl",
    "Tile",
    "TileStrip",
    "label",
    "tool",
]
