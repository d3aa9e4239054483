"""The rooms of the CFD reference: their grids carry the same air and heat on both cells, and the settled air agrees."""

from __future__ import annotations

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.validate import airflow
from twin.validate.airflow_cases import ROOMS, cfd_room


@pytest.mark.parametrize("name", ROOMS)
@pytest.mark.parametrize("h_m", [0.3, 0.15])
def test_each_room_has_its_racks_tiles_and_returns_on_both_cells(name: str, h_m: float) -> None:
    room = cfd_room(name, h_m)
    kinds = [p.kind for p in room.grid.ports]
    assert (kinds.count("rack_front"), kinds.count("rack_rear"), kinds.count("tile")) == (20, 20, 20)
    assert kinds.count("return") == (1 if name == "crahfail_sd60" else 2)
    bodies_m3 = 20 * 0.6 * 1.2 * 2.1 + 2 * 0.9 * 1.8 * 1.8
    assert np.count_nonzero(room.grid.solid) * h_m**3 == pytest.approx(bodies_m3, rel=1e-9)
    assert sum(p.inward_m3_s for p in room.grid.ports) == pytest.approx(0.0, abs=1e-9)
    assert room.inlet_c.shape == (20, 3)
    assert np.isfinite(room.inlet_c).all()


@pytest.mark.parametrize("h_m", [0.3, 0.15])
def test_containment_leaks_the_same_area_on_both_cells(h_m: float) -> None:
    open_m2 = sum(
        float((g[(g > 0) & (g < 1)]).sum()) if h_m == 0.3 else 0.0
        for g in (cfd_room("cac_sd105", h_m).grid.gx, cfd_room("cac_sd105", h_m).grid.gz)
    )
    walls = cfd_room("cac_sd105", h_m).grid
    free = cfd_room("open_sd100", h_m).grid
    shut = sum(float((a - b).sum()) for a, b in ((free.gx, walls.gx), (free.gz, walls.gz))) * h_m**2
    walls_m2 = 6.0 * 1.2 + 2 * 1.2 * 2.1
    assert shut == pytest.approx(walls_m2 - 12 * 0.15**2, rel=1e-9)
    assert open_m2 == pytest.approx(12 * 0.15**2 / h_m**2 if h_m == 0.3 else 0.0, rel=1e-9)


def test_thirds_of_a_uniform_field_are_that_field() -> None:
    room = cfd_room("open_sd100", 0.3)
    np.testing.assert_allclose(room.thirds_c(np.full(room.grid.shape, 21.0)), 21.0, rtol=1e-12)


def test_settled_inlets_of_the_open_room_agree_with_cfd() -> None:
    room = cfd_room("open_sd100", 0.3)
    error = airflow.room_error(room, airflow.settled_room(room))
    assert error.rms_k <= 0.5
    assert abs(error.largest_k) <= 1.2
    assert error.thirds_rms_k <= 1.0


def test_a_room_that_is_not_there_is_named() -> None:
    with pytest.raises(DocumentError, match=r"nowhere\.json"):
        cfd_room("nowhere", 0.3)
