"""Bills against sums done by hand: periods, quarters of an hour, months, clocks that jump."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from twin.errors import DocumentError
from twin.scenario.carbon import flat_carbon, read_carbon_file
from twin.scenario.model import TariffSpec
from twin.scenario.tariff import Tariff, flat_tariff, read_price_file, tariff_table
from twin.scenario.weather import fixed_weather
from twin.sim.bill import Bill
from twin.sim.outside import Outside, start_utc
from twin.sim.run import load_documents, simulate, start_run

SEOUL = ZoneInfo("Asia/Seoul")
KEPCO = "kepco_industrial_b_2026"


def bill_from(start: str, tariff: Tariff, hours: float = 24.0, zone: ZoneInfo = SEOUL, **terms: float) -> Bill:
    outdoors = Outside(
        fixed_weather(20.0, 0.5), tariff, flat_carbon(400.0), start_utc(start, zone), zone, hours * 3600.0
    )
    return Bill(outdoors, TariffSpec(table=KEPCO, **terms))


def play(bill: Bill, until_s: float, pulse_s: float, watts_of_hour: list[float]) -> None:
    """Loads that change on the hour since the start; pulses are cut there, as the run cuts them at events."""
    at_s = 0.0
    while at_s < until_s:
        next_s = min(at_s + pulse_s, (at_s // 3600.0 + 1.0) * 3600.0, until_s)
        bill.count(at_s, next_s, watts_of_hour[int(at_s // 3600.0) % len(watts_of_hour)])
        at_s = next_s


@pytest.mark.parametrize("pulse_s", [1.0, 7.0, 60.0, 900.0, 3600.0])
def test_a_square_wave_across_the_summer_peak_pays_each_hour_its_own_price(pulse_s: float) -> None:
    bill = bill_from("2026-07-15T13:00", tariff_table(KEPCO))  # 13-15 h mid 163.8, 15-21 h peak 229.0
    play(bill, 4 * 3600.0, pulse_s, [1e6, 2e6])
    figures = bill.figures(4 * 3600.0)
    assert figures["energy"] == pytest.approx((1000 + 2000) * 163.8 + (1000 + 2000) * 229.0, rel=1e-12)
    periods = figures["by_period"]
    assert isinstance(periods, dict)
    assert list(periods) == ["summer_mid", "summer_peak"]
    assert periods["summer_peak"]["kwh"] == pytest.approx(3000.0, rel=1e-12)


def test_a_pulse_across_a_boundary_is_split_there() -> None:
    bill = bill_from("2026-07-15T14:59", tariff_table(KEPCO))
    cost, carbon_kg = bill.count(0.0, 120.0, 3.6e6)  # 60 kWh before 15:00, 60 kWh after
    assert cost == pytest.approx(60.0 * 163.8 + 60.0 * 229.0, rel=1e-12)
    assert carbon_kg == pytest.approx(0.4 * 120.0, rel=1e-12)


def test_demand_is_the_highest_mean_of_a_quarter_of_the_clock() -> None:
    bill = bill_from("2026-07-15T13:10", flat_tariff(100.0))
    bill.count(0.0, 900.0, 0.0)  # 13:10 to 13:25
    bill.count(900.0, 1500.0, 3e6)  # 13:25 to 13:35: five minutes in each of two quarters
    bill.count(1500.0, 3600.0, 0.6e6)
    figures = bill.figures(3600.0)
    (month,) = figures["demand_by_month"]  # type: ignore[misc]
    assert month["peak_kw"] == pytest.approx((3000 * 5 + 600 * 10) / 15, rel=1e-12)
    assert month["peak_at"] == "2026-07-15T13:30"
    assert figures["demand"] == 0.0


def test_a_whole_month_pays_the_price_of_its_demand_once() -> None:
    bill = bill_from("2026-06-01T00:00", tariff_table(KEPCO), 720.0)
    play(bill, 720 * 3600.0, 3600.0, [500e3] * 17 + [800e3] + [500e3] * 6)
    figures = bill.figures(720 * 3600.0)
    assert figures["demand"] == pytest.approx(800 * 8320, rel=1e-12)
    assert figures["demand_is_prorated"] is False
    assert figures["total"] == pytest.approx(figures["energy"] + 800 * 8320, rel=1e-12)  # type: ignore[operator]


def test_an_hour_pays_its_share_of_the_month_and_says_so() -> None:
    bill = bill_from("2026-06-10T10:00", tariff_table(KEPCO))
    play(bill, 3600.0, 60.0, [900e3])
    figures = bill.figures(3600.0)
    assert figures["demand"] == pytest.approx(900 * 8320 / 720, rel=1e-12)
    assert figures["demand_is_prorated"] is True


def test_a_summer_peak_binds_the_months_after_it_and_a_spring_peak_does_not() -> None:
    bill = bill_from("2026-04-01T00:00", tariff_table(KEPCO), 153 * 24.0)
    loads = {4: 900e3, 5: 500e3, 6: 400e3, 7: 700e3, 8: 300e3}
    at_s = 0.0
    for month, days in ((4, 30), (5, 31), (6, 30), (7, 31), (8, 31)):
        bill.count(at_s, at_s + days * 86400.0, loads[month])
        at_s += days * 86400.0
    billed = [month["billed_kw"] for month in bill.figures(at_s)["demand_by_month"]]  # type: ignore[union-attr, call-overload, index]
    assert billed == pytest.approx([900.0, 500.0, 400.0, 700.0, 700.0])


def test_the_contract_and_the_year_before_set_a_floor() -> None:
    contract = bill_from("2026-06-10T10:00", tariff_table(KEPCO), contract_kw=2000.0)
    past = bill_from("2026-06-10T10:00", tariff_table(KEPCO), contract_kw=2000.0, past_peak_kw=750.0)
    for bill, billed_kw in ((contract, 600.0), (past, 750.0)):
        play(bill, 3600.0, 60.0, [100e3])
        (month,) = bill.figures(3600.0)["demand_by_month"]  # type: ignore[misc]
        assert month["billed_kw"] == pytest.approx(billed_kw)
        assert month["peak_kw"] == pytest.approx(100.0)


def test_energies_of_all_periods_are_the_energy_of_the_year() -> None:
    bill = bill_from("2026-01-01T00:00", tariff_table(KEPCO), 8760.0)
    loads = (500e3 + 3e5 * np.sin(np.arange(97))).tolist()
    play(bill, 8760 * 3600.0, 3600.0, loads)
    figures = bill.figures(8760 * 3600.0)
    kwh = sum(period["kwh"] for period in figures["by_period"].values())  # type: ignore[union-attr]
    assert kwh == pytest.approx(sum(loads[h % 97] for h in range(8760)) / 1e3, rel=1e-12)
    assert len(figures["by_period"]) == 11  # type: ignore[arg-type]  # nine, and the halved noon of Saturdays (mid) and Sundays (off)
    assert sum(period["cost"] for period in figures["by_period"].values()) == pytest.approx(  # type: ignore[union-attr]
        figures["energy"], rel=1e-12
    )


def test_carbon_in_utc_meets_prices_in_korean_time(data_dir: Path) -> None:
    prices = read_price_file(data_dir / "grid" / "kr_price_krw" / "KR_electricity_prices_2024.csv.gz", zone=SEOUL)
    carbon = read_carbon_file(data_dir / "grid" / "kr_carbon" / "KR_2024_hourly.csv.gz")
    outdoors = Outside(fixed_weather(20.0, 0.5), prices, carbon, start_utc("2024-01-01T16:00", SEOUL), SEOUL, 7200.0)
    bill = Bill(outdoors, TariffSpec(file="x"))
    cost, carbon_kg = bill.count(0.0, 3600.0, 1e6)
    assert cost == pytest.approx(1000.0 * 115.860)  # row 2024-01-01 16:00 of the price file, Korean time
    at_seven_utc = float(carbon.at(np.datetime64("2024-01-01T07:00"), 0.0))
    assert carbon_kg == pytest.approx(at_seven_utc)  # row 2024-01-01 07:00 of the carbon file, UTC


def test_a_night_of_25_hours_pays_its_last_hours_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    paris = ZoneInfo("Europe/Paris")
    hours = ["00", "01", "02", "02", "03", "04"]
    path = tmp_path / "price.csv"
    rows = [f"2026-10-25 {hour}:00:00,{100 * i}" for i, hour in enumerate(hours)]
    path.write_text("\n".join(["Datetime,Price (EUR/MWh)", *rows]) + "\n")
    prices = read_price_file(path, "EUR", paris)
    bill = bill_from("2026-10-25T00:00", prices, 6.0, paris)
    costs = [bill.count(3600.0 * hour, 3600.0 * (hour + 1), 1e6)[0] for hour in range(6)]
    assert costs == pytest.approx([0.0, 100.0, 200.0, 300.0, 400.0, 500.0])
    assert bill.outside.local(3.5 * 3600.0).strftime("%H:%M") == "02:30"


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"per_kwh": 100.0, "contract_kw": 500.0}, "contract_kw is given, but demand has no price under flat price"),
        ({"per_kwh": 100.0, "past_peak_kw": 500.0}, "past_peak_kw is given, but demand has no price"),
        (
            {"per_kwh": 100.0, "demand_per_kw_month": 8000.0, "contract_kw": 500.0},
            "contract_kw is 500, but flat price bills no least share",
        ),
    ],
)
def test_terms_that_would_change_nothing_are_refused(
    write_scenario: Callable[..., Path], terms: dict[str, float], message: str
) -> None:
    path = write_scenario(tariff=terms)
    with pytest.raises(DocumentError, match=message):
        start_run(load_documents(path), path)


def test_a_flat_price_may_have_a_charge_for_demand(write_scenario: Callable[..., Path]) -> None:
    path = write_scenario(tariff={"per_kwh": 100.0, "demand_per_kw_month": 8000.0, "past_peak_kw": 400.0})
    cost = simulate(load_documents(path), path).summary["cost"]
    assert isinstance(cost, dict)
    assert cost["demand"] == pytest.approx(400.0 * 8000.0 * 120.0 / (31 * 86400.0), rel=1e-9)


def test_a_start_in_the_hour_that_spring_leaves_out_is_refused() -> None:
    with pytest.raises(DocumentError, match="2026-03-29T02:30 does not exist in Europe/Paris"):
        start_utc("2026-03-29T02:30", ZoneInfo("Europe/Paris"))


def test_a_month_with_a_change_of_the_clock_is_whole_when_all_its_hours_ran() -> None:
    paris = ZoneInfo("Europe/Paris")
    bill = bill_from("2026-03-01T00:00", tariff_table(KEPCO), 743.0, paris)
    bill.count(0.0, 743 * 3600.0, 100e3)
    assert bill.figures(743 * 3600.0)["demand_is_prorated"] is False
