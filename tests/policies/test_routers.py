"""Routers that look at more than load: at the prompt, at power, at air."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from twin.policies.protocols import Router
from twin.policies.routers.inlet_aware import InletAware
from twin.policies.routers.near import SPREAD, near_least
from twin.policies.routers.power_aware import PowerAware
from twin.policies.routers.prefix_aware import PrefixAware


@dataclass
class View:
    """Three replicas, written down."""

    outstanding: list[int]
    is_up: list[bool] = field(default_factory=lambda: [True, True, True])
    input_w: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    inlet_c: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    known: list[int] = field(default_factory=lambda: [0, 0, 0])
    n_held: int = 0

    @property
    def n_down(self) -> int:
        return self.is_up.count(False)

    def kv_free_blocks(self) -> list[int]:
        return [100, 100, 100]

    def least_outstanding(self) -> int:
        return min([i for i, is_up in enumerate(self.is_up) if is_up], key=self.outstanding.__getitem__)

    def prefix_tokens(self, i_request: int) -> dict[int, int]:
        return {i: n_tokens for i, n_tokens in enumerate(self.known) if n_tokens and self.is_up[i]}


def test_a_longer_known_prefix_is_worth_a_little_more_load_but_not_any() -> None:
    router = PrefixAware()
    assert router(0.0, 0, View([3, 3 + SPREAD, 5], known=[512, 2048, 0])) == 1
    assert router(0.0, 0, View([3, 4 + SPREAD, 5], known=[512, 2048, 0])) == 0


def test_watts_are_held_against_the_requests_they_serve() -> None:
    router = PowerAware()
    assert router(0.0, 0, View([5, 5, 5], input_w=[700.0, 300.0, 650.0])) == 1
    assert router(0.0, 0, View([2, 3, 5], input_w=[300.0, 300.0, 650.0])) == 1


def test_the_coolest_rack_is_first_and_a_tenth_of_a_kelvin_is_nothing() -> None:
    router = InletAware()
    assert router(0.0, 0, View([5, 5, 5], inlet_c=[24.0, 27.0, 22.0])) == 2
    assert router(0.0, 0, View([5, 4, 5], inlet_c=[22.05, 22.0, 21.95])) == 1


@pytest.mark.parametrize("router", [PrefixAware(), PowerAware(), InletAware()])
def test_what_has_no_power_is_never_chosen_and_equals_go_by_load(router: Router) -> None:
    assert router(0.0, 0, View([4, 2, 3])) == 1
    dark = View([4, 0, 3], [True, False, True], [0.0, 0.0, 0.0], [30.0, 10.0, 30.0], [0, 4096, 0])
    assert router(0.0, 0, dark) == 2


def test_near_the_least_loaded_is_counted_among_those_with_power() -> None:
    assert near_least(View([20, 0, 23], [True, False, True])) == [0, 2]
    assert near_least(View([20, 0, 24], [True, False, True])) == [0]
