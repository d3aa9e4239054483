"""The look: contrast rules hold, scales are monotone, and a change of theme reaches widgets."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from twin.errors import DocumentError
from ui import theme
from ui.scales import contrast, oklab_of_srgb, scale_color, srgb_of_oklab

TEXT_ROLES = ("text", "text_2", "text_3", "accent", "critical", "warning", "ok", "note", "off")


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("ground", ["panel", "canvas", "floor"])
def test_text_and_status_stand_out_from_every_ground(name: str, ground: str) -> None:
    look = theme.load(name)
    needed = 7.0 if name == "high_contrast" else 4.5
    weak = {role: contrast(look[role], look[ground]) for role in TEXT_ROLES}
    assert {role: ratio for role, ratio in weak.items() if ratio < needed} == {}


@pytest.mark.parametrize("name", theme.NAMES)
def test_lines_one_must_see_reach_three(name: str) -> None:
    look = theme.load(name)
    for role in ("control_border", "rack_line", "guide", "supply", "return", "feed_a", "feed_b", *look.series_order):
        assert contrast(look[role], look["panel"]) >= 3.0, role


def test_contrast_matches_the_published_extremes() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)
    assert contrast(QColor("red"), QColor("white")) == pytest.approx(4.0, abs=0.01)  # WCAG: pure red on white is 3.998


def test_oklab_of_white_and_red_match_the_published_values() -> None:
    # Source: B. Ottosson 2020: white is (1, 0, 0); CSS Color 4 gives red as (0.62796, 0.22486, 0.12585).
    assert oklab_of_srgb([1.0, 1.0, 1.0]) == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)
    assert oklab_of_srgb([1.0, 0.0, 0.0]) == pytest.approx([0.62796, 0.22486, 0.12585], abs=1e-4)


def test_oklab_round_trip_returns_the_colour() -> None:
    rgb = np.random.default_rng(1).uniform(size=(200, 3))
    assert srgb_of_oklab(oklab_of_srgb(rgb)) == pytest.approx(rgb, abs=1e-6)


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("scale_name", ["temperature", "utilisation"])
def test_scale_lightness_never_turns(name: str, scale_name: str) -> None:
    lut = theme.load(name).scales[scale_name].lut
    assert lut.shape == (601, 4)
    lightness = oklab_of_srgb(lut[::10, :3] / 255.0)[:, 0]
    steps = np.diff(lightness)
    assert (steps > -2e-3).all() or (steps < 2e-3).all()
    assert abs(lightness[-1] - lightness[0]) > 0.4


def test_scale_hits_its_stops_and_clamps_outside() -> None:
    scale = theme.load("dark").scales["temperature"]
    assert scale_color(scale, 15.0).name() == "#1b2747"
    assert scale_color(scale, 30.0).name() == "#6f5d95"
    assert scale_color(scale, 99.0) == scale_color(scale, 45.0)
    assert scale_color(scale, -99.0) == scale_color(scale, 15.0)


def test_a_missing_value_on_a_scale_is_transparent() -> None:
    rgba = theme.load("dark").scales["utilisation"].rgba([50.0, np.nan])
    assert rgba[:, 3].tolist() == [255, 0]


def test_roles_are_the_same_in_every_theme() -> None:
    looks = [theme.load(name) for name in theme.NAMES]
    assert len({frozenset(look.roles) for look in looks}) == 1
    assert len({frozenset(look.series) for look in looks}) == 1


def test_an_unknown_theme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DocumentError, match="known themes: dark, light, high_contrast"):
        theme.load("sepia")


def test_apply_sets_palette_and_tells_widgets(qapp: QApplication, qtbot: QtBot) -> None:
    heard: list[str] = []
    theme.changed().changed.connect(lambda look: heard.append(look.name))
    theme.apply(qapp, "light")
    theme.apply(qapp, "dark")
    assert heard[-2:] == ["light", "dark"]
    assert theme.current().name == "dark"
    widget = QWidget()
    qtbot.addWidget(widget)
    assert widget.palette().color(QPalette.ColorRole.Window) == theme.current()["panel"]


def test_no_colour_value_is_written_outside_the_palette(repo_dir: Path) -> None:
    sources = [*(repo_dir / "ui").rglob("*.py"), repo_dir / "ui" / "style.qss.in"]
    found = [
        f"{path.name}: {hit}"
        for path in sources
        for hit in re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
