"""Every formula's own example gives the published value it quotes."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import twin.physics

MODULES = sorted(module.name for module in pkgutil.iter_modules(twin.physics.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_formulas_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"twin.physics.{name}")).failed == 0


def test_the_facility_formulas_carry_examples() -> None:
    for name in ("air", "coil", "electrical", "fan", "psychro", "thermal", "tower"):
        assert doctest.testmod(importlib.import_module(f"twin.physics.{name}")).attempted > 0
