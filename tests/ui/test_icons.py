"""Icons: every symbol draws, tints by role and stays inside its edge."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ui import icons, theme


def pixels(name: str, role: str, size_px: int = 20, ratio: float = 1.0) -> np.ndarray:
    image = icons.pixmap(name, role, size_px, ratio).toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_every_icon_draws_something(qapp: QApplication) -> None:
    blank = [name for name in icons.names() if pixels(name, "text")[..., 3].max() < 128]
    assert len(icons.names()) >= 85
    assert blank == []


@pytest.mark.parametrize("severity", ["critical", "warning", "note", "ok", "off"])
def test_status_shapes_take_their_role_colour(qapp: QApplication, severity: str) -> None:
    theme.apply(qapp, "dark")
    drawn = pixels(severity, severity, 40)
    strongest = drawn[drawn[..., 3] == 255][:, :3]
    colour = theme.current()[severity]
    assert np.abs(strongest.astype(int) - [colour.red(), colour.green(), colour.blue()]).max() <= 2


def test_status_shapes_differ_without_colour(qapp: QApplication) -> None:
    shapes = [pixels(name, "text", 40)[..., 3] > 127 for name in ("critical", "warning", "note", "ok", "off")]
    for i, one in enumerate(shapes):
        for other in shapes[i + 1 :]:
            assert np.count_nonzero(one ^ other) > 40


def test_a_pixmap_has_the_pixels_of_its_ratio(qapp: QApplication) -> None:
    assert pixels("rack", "text", 20, 2.0).shape == (40, 40, 4)


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icons.pixmap("no-such-icon")
