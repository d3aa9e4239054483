"""Where everything of a rack elevation is, in pixels: columns, units, faces, bars; and back from a point to a unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from twin.layout.racking import Face

Show = Literal["front", "rear", "both"]

HEAD_PX, BAR_PX, N_BARS = 28, 19, 4
FRAME_PX = 4
"""From the outline of a rack to its boxes."""
SCALE_PX = 44
"""Room for unit numbers at the left."""
END_PX = 32
SIDE_PX = 8
"""Room at either side of the rear for a power strip."""
GAP_PX = 12
"""Between the bars and what is above and below."""
MIN_U_PX, MAX_U_PX = 6, 40
MIN_COLUMN_PX, MAX_COLUMN_PX = 84, 148
ALONE_COLUMN_PX = 300


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one elevation; places are pixels of the whole drawing, before scrolling."""

    n_racks: int
    u_max: int
    show: Show
    u_px: int
    column_px: int
    is_side_by_side: bool  # one rack: its rear stands beside its front
    left_px: int = SCALE_PX

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces that are drawn."""
        return ("front", "rear") if self.show == "both" else (self.show,)

    @property
    def block_px(self) -> int:
        """Height of a rack."""
        return self.u_max * self.u_px + 2 * FRAME_PX

    @property
    def bars_px(self) -> int:
        """Height of the bars with the space around them."""
        return N_BARS * BAR_PX + 2 * GAP_PX

    @property
    def width_px(self) -> int:
        """Width of the whole drawing."""
        n = self.n_racks * (len(self.faces) if self.is_side_by_side else 1)
        return self.left_px + n * self.column_px + END_PX

    @property
    def height_px(self) -> int:
        """Height of the whole drawing."""
        n_blocks = 1 if self.is_side_by_side else len(self.faces)
        return HEAD_PX + n_blocks * self.block_px + self.bars_px

    def rack(self, i_rack: int, face: Face) -> QRectF:
        """The outline of a rack."""
        i_face = self.faces.index(face) if face in self.faces else 0
        i, y = (i_rack, HEAD_PX + i_face * (self.block_px + self.bars_px))
        if self.is_side_by_side:
            i, y = i_rack + i_face, HEAD_PX
        return QRectF(self.left_px + i * self.column_px + 2, y, self.column_px - 4, self.block_px)

    def inside(self, i_rack: int, face: Face) -> QRectF:
        """The units of a rack."""
        return self.rack(i_rack, face).adjusted(FRAME_PX, FRAME_PX, -FRAME_PX, -FRAME_PX)

    def units(self, i_rack: int, face: Face, u_low: int, u_height: int) -> QRectF:
        """So many units from one upward; units are counted from the bottom."""
        space = self.inside(i_rack, face)
        top = space.bottom() - (u_low - 1 + u_height) * self.u_px
        side = SIDE_PX if face == "rear" else 0
        return QRectF(space.left() + side, top, space.width() - 2 * side, u_height * self.u_px)

    def bars(self, i_rack: int) -> QRectF:
        """The bars of a rack, under its first face."""
        rack = self.rack(i_rack, self.faces[0])
        width = rack.width() * (2 if self.is_side_by_side and self.show == "both" else 1)
        return QRectF(rack.left() + 2, rack.bottom() + GAP_PX, width - 4, N_BARS * BAR_PX)

    def rack_at(self, at: QPointF) -> tuple[int, Face] | None:
        """The rack and face under a point, its name included."""
        i = math.floor((at.x() - self.left_px) / self.column_px)
        for face in self.faces:
            i_rack = i - self.faces.index(face) if self.is_side_by_side else i
            if 0 <= i_rack < self.n_racks:
                outline = self.rack(i_rack, face)
                head = HEAD_PX if outline.top() == HEAD_PX else 0
                if outline.adjusted(-2, -head, 2, 0).contains(at):
                    return i_rack, face
        return None

    def u_at(self, i_rack: int, face: Face, y: float) -> float:
        """The unit at a height, 1.0 at the lower edge of the first."""
        return (self.inside(i_rack, face).bottom() - y) / self.u_px + 1.0


def shape_for(n_racks: int, u_max: int, show: Show, room: tuple[int, int], zoom: float) -> Shape:
    """The shape that fits a room of width and height, px, as far as it stays readable; `zoom` makes it larger."""
    alone = n_racks == 1
    n_blocks = 1 if alone or show != "both" else 2
    n_columns = max(n_racks * (2 if alone and show == "both" else 1), 1)
    bars = N_BARS * BAR_PX + 2 * GAP_PX
    free_px = room[1] - HEAD_PX - bars - n_blocks * 2 * FRAME_PX - 4
    u_px = min(max(free_px // (n_blocks * max(u_max, 1)), MIN_U_PX), MAX_U_PX)
    across = (room[0] - SCALE_PX - END_PX) // n_columns
    column_px = min(max(across, MIN_COLUMN_PX), ALONE_COLUMN_PX if alone else MAX_COLUMN_PX)
    u_px = min(max(round(u_px * zoom), MIN_U_PX), MAX_U_PX)
    column_px = max(round(column_px * zoom), MIN_COLUMN_PX)
    wide_px = SCALE_PX + n_columns * column_px + END_PX
    left_px = SCALE_PX + max(0, (room[0] - wide_px) // 2)
    return Shape(n_racks, u_max, show, u_px, column_px, alone, left_px)
