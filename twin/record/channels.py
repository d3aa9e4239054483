"""The names, units and titles of everything a run measures, for the hall and for each rack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """One measured quantity: its column name ends in its unit."""

    name: str
    title: str
    unit: str


HALL: tuple[Channel, ...] = (
    Channel("output_tokens_per_s", "Throughput", "tokens/s"),
    Channel("prompt_tokens_per_s", "Prompt tokens", "tokens/s"),
    Channel("requests_waiting", "Requests waiting", "count"),
    Channel("requests_running", "Requests running", "count"),
    Channel("requests_completed_per_s", "Requests completed", "1/s"),
    Channel("ttft_p50_s", "Time to first token, median of the last minute", "s"),
    Channel("ttft_p99_s", "Time to first token, 99th percentile of the last minute", "s"),
    Channel("tpot_p50_s", "Time per output token, median of the last minute", "s"),
    Channel("tpot_p99_s", "Time per output token, 99th percentile of the last minute", "s"),
    Channel("utilisation_npu_frac", "Utilisation, NPU", "frac"),
    Channel("utilisation_gpu_frac", "Utilisation, GPU", "frac"),
    Channel("utilisation_npu_pim_frac", "Utilisation, NPU+PIM", "frac"),
    Channel("accelerators_w", "Accelerators", "W"),
    Channel("network_w", "Network", "W"),
    Channel("it_w", "IT power", "W"),
    Channel("loss_w", "Power path losses", "W"),
    Channel("cooling_w", "Cooling power", "W"),
    Channel("facility_w", "Facility power", "W"),
    Channel("pue", "PUE", "facility / IT"),
    Channel("inlet_mean_c", "Rack inlet, mean", "°C"),
    Channel("inlet_max_c", "Rack inlet, hottest", "°C"),
    Channel("supply_c", "Supply air", "°C"),
    Channel("chilled_water_c", "Chilled water supply", "°C"),
    Channel("outdoor_c", "Outdoor air", "°C"),
    Channel("water_l_per_h", "Water", "L/h"),
    Channel("carbon_kg_per_h", "Carbon", "kg/h"),
    Channel("cost_per_h", "Energy cost", "currency/h"),
    Channel("items_per_s", "Items of services", "1/s"),
    Channel("service_p50_s", "Latency of services, median of the last minute", "s"),
    Channel("service_p99_s", "Latency of services, 99th percentile of the last minute", "s"),
    Channel("replicas_awake", "Replicas that take requests", "count"),
    Channel("utility_w", "From the utility", "W"),
    Channel("generator_w", "From generators", "W"),
    Channel("battery_w", "From batteries; negative while they are charged", "W"),
    Channel("battery_charge_frac", "Charge of all batteries", "frac"),
    Channel("coolant_supply_c", "Coolant supply, warmest loop", "°C"),
    Channel("coolant_return_c", "Coolant return, warmest loop", "°C"),
    Channel("chip_max_c", "Chips on coolant, hottest", "°C"),
)
"""One value per pulse; facility = utility + generators + batteries.
NaN where the hall has nothing of that kind, such as no PIM."""

RACK: tuple[Channel, ...] = (
    Channel("power_w", "Power", "W"),
    Channel("utilisation_frac", "Utilisation", "frac"),
    Channel("inlet_c", "Inlet", "°C"),
    Channel("exhaust_c", "Exhaust", "°C"),
    Channel("output_tokens_per_s", "Throughput", "tokens/s"),
    Channel("coolant_c", "Coolant that leaves", "°C"),
    Channel("coolant_kg_s", "Coolant flow", "kg/s"),
    Channel("chip_c", "Chips on coolant", "°C"),
)
"""One value per rack and pulse."""

HALL_NAMES: tuple[str, ...] = tuple(channel.name for channel in HALL)
RACK_NAMES: tuple[str, ...] = tuple(channel.name for channel in RACK)
