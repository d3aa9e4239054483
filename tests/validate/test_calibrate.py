"""Calibration finds the laws a table was made with, says how far off it is, and writes a sheet the program can read."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from twin import cli
from twin.calibrate import calibrated, served_model, written_sheet
from twin.catalogue.compute import Accelerator
from twin.catalogue.library import read_catalogue
from twin.errors import DocumentError
from twin.files import asset_dir
from twin.physics.operators import DenseLaw, dense_s, product_bytes, product_flops
from twin.validate.devices import peaks_of

DEVICE = "nvidia_h100_sxm"
TRUTH = DenseLaw(4e-6, 0.75, 0.85, 2.5)


@pytest.fixture
def products(tmp_path: Path) -> Path:
    m, n, k = (np.round(2.0 ** np.random.default_rng(7).uniform(low, 13, 300)) for low in (0, 9.1, 9.1))
    seconds = dense_s(TRUTH, peaks_of(DEVICE), product_flops(m, n, k), product_bytes(m, n, k, 2.0))
    path = tmp_path / "products.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["m", "n", "k", "latency"])
        rows.writerows(zip(m, n, k, np.asarray(seconds) * 1e3, strict=True))
    return path


def test_the_law_behind_a_table_is_found_again(products: Path) -> None:
    (fit,) = calibrated(DEVICE, [products])
    assert fit.group == "dense"
    assert fit.held_error_frac < 1e-3
    assert fit.values["memory_frac"] == pytest.approx(TRUTH.memory_frac, rel=1e-3)


def test_the_written_sheet_is_read_back_with_its_laws_and_their_origin(products: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "accelerators"
    folder.mkdir(parents=True)
    fits = calibrated(DEVICE, [products])
    written_sheet(DEVICE, fits, [products], folder / f"{DEVICE}.yaml")
    chip = read_catalogue([asset_dir() / "catalogue", tmp_path / "mine"]).find(DEVICE, Accelerator)
    assert chip.kernels is not None
    assert chip.kernels.dense.compute_frac == pytest.approx(TRUTH.compute_frac, rel=1e-3)
    assert "products.csv" in chip.provenance["kernels"].source


def test_layer_names_need_a_model(tmp_path: Path) -> None:
    path = tmp_path / "dense.csv"
    rows = [f"qkv_proj,{tokens},{30.0 + 0.2 * tokens}" for tokens in range(1, 13)]
    path.write_text("\n".join(["layer,tokens,time_us", *rows]) + "\n")
    with pytest.raises(DocumentError, match="--model"):
        calibrated(DEVICE, [path])
    assert calibrated("nvidia_rtx_pro_6000", [path], served_model("llama-3.1-8b", 1))[0].group == "dense"


def test_a_table_too_short_to_hold_rows_out_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("m,n,k,latency\n1,1024,1024,0.01\n")
    with pytest.raises(DocumentError, match="at least 10"):
        calibrated(DEVICE, [path])


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["calibrate", DEVICE, str(tmp_path / "absent.csv")]) == 1
    assert "absent.csv" in capsys.readouterr().err
