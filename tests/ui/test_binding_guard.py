"""The Qt binding must keep its references to None; PySide6 6.12.0 does not under CPython 3.11, and the process dies."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QBrush, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget
from pytestqt.qtbot import QtBot

N_CALLS = 1_000


def setters(item: QGraphicsRectItem, widget: QWidget) -> dict[str, Callable[[], object]]:
    """Calls the window makes all the time, each returning nothing."""
    thing = QObject()
    return {
        "setObjectName": lambda: thing.setObjectName("rack"),
        "setPos": lambda: item.setPos(1.0, 2.0),
        "setBrush": lambda: item.setBrush(QBrush(Qt.GlobalColor.red)),
        "setPen": lambda: item.setPen(QPen(Qt.PenStyle.NoPen)),
        "setFlag": lambda: item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable),
        "update": lambda: widget.update(),
        "parent": lambda: thing.parent(),
    }


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from CPython 3.12 on and cannot be lost")
@pytest.mark.parametrize("name", ["setObjectName", "setPos", "setBrush", "setPen", "setFlag", "update", "parent"])
def test_a_thousand_calls_keep_the_references_to_none(name: str, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    call = setters(QGraphicsRectItem(), widget)[name]
    call()
    before = sys.getrefcount(None)
    for _ in range(N_CALLS):
        call()
    assert sys.getrefcount(None) - before >= -10
