"""The scenario document, version 1: layout, workloads, weather, prices, policies, faults and what to record."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from twin.catalogue.compute import Precision
from twin.catalogue.device import Fraction, Id, NotNegative, Positive, Sheet
from twin.files import Tree, check_format, read_yaml, validated
from twin.scenario.arrivals import Arrivals, ArrivalTimes, HourlyFactor
from twin.scenario.held_load import HeldLoad
from twin.scenario.policies import AdmissionChoice, Autoscale, ControlChoice, Router
from twin.scenario.power import Element, Fault, PeakShave, Restart
from twin.scenario.service import Batching, check_service

FORMAT = "twin-scenario"
VERSION = 1
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$")
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=64)]


class TraceColumns(Sheet):
    """Which columns of a CSV hold what; none: found out from the header."""

    arrival: str | None = Field(None, description="none: the file has lengths alone, and `arrivals` must be given")
    prompt: str | None = Field(None, description="none, with no output either: arrivals alone, for a service")
    output: str | None = None
    arrival_unit: Literal["s", "ms", "us", "ns", "datetime"] = "s"

    @model_validator(mode="after")
    def _both_lengths(self) -> TraceColumns:
        if (self.prompt is None) != (self.output is None):
            raise ValueError("prompt and output columns go together; name both, or none for arrivals alone")
        if self.prompt is None and self.arrival is None:
            raise ValueError("names no column; a trace needs arrival, or prompt and output, or all three")
        return self


class TraceFile(Sheet):
    """Real requests from a file."""

    file: str = Field(description="CSV or JSON lines, plain or packed; relative to the scenario")
    format: Literal["auto", "azure", "vidur", "burstgpt", "mooncake", "ragpulse"] = Field(
        "auto", description="layout of the file; auto: told by its first line"
    )
    columns: TraceColumns | None = None
    rate_factor: Positive = Field(1.0, description="arrivals this many times as dense")
    limit: Annotated[int, Field(ge=1)] | None = Field(None, description="only the first so many requests")
    spread_arrivals: Literal["none", "even", "random"] = Field(
        "none", description="spreads requests that share a tick of a coarse clock until the next tick"
    )
    segment: Annotated[int, Field(ge=0)] | Literal["joined"] = Field(
        "joined", description="JSON lines whose clock starts again: which part to play, from 0; or all in a row"
    )
    segment_gap_s: NotNegative = Field(0.0, description="silence between segments in a row")
    block_tokens: Annotated[int, Field(ge=1)] = Field(512, description="Mooncake: prompt tokens behind one hash id")
    arrivals: Arrivals | None = Field(None, description="draws arrival times for a CSV of lengths alone")

    @model_validator(mode="after")
    def _arrivals_from_one_place(self) -> TraceFile:
        if self.columns is not None and self.columns.prompt is None and self.arrivals is not None:
            raise ValueError("columns has arrivals alone and `arrivals` draws new ones; leave out one of the two")
        if self.arrivals is None:
            if self.columns is not None and self.columns.arrival is None:
                raise ValueError("columns names no arrival column; name it, or give arrivals: {rate_per_s: N}")
            return self
        if self.spread_arrivals != "none" or self.segment != "joined" or self.rate_factor != 1.0:
            raise ValueError(
                "spread_arrivals, segment and rate_factor change arrivals of the file; `arrivals` draws new"
            )
        return self


class Generator(Sheet):
    """Seeded requests shaped like a named public trace."""

    table: Id = Field("azure_conv_2023", description="statistics table in assets/traces")
    rate_per_s: Positive = Field(description="mean arrivals per second")
    hourly_factor: HourlyFactor | None = Field(
        None, description="rate of each hour of the local day, 24 numbers; only their ratios count, the mean rate stays"
    )

    @model_validator(mode="after")
    def _some_hour_is_busy(self) -> Generator:
        if self.hourly_factor is not None and not any(self.hourly_factor):
            raise ValueError("hourly_factor is 0 in all 24 hours; give at least one hour a rate")
        return self


class ServeGen(Sheet):
    """Seeded requests of the clients in a pair of ServeGen files."""

    clients: str = Field(description="CSV of rates and burstiness by client and window; relative to the scenario")
    lengths: str = Field(description="JSON lines with the lengths of each client's requests")
    rate_factor: Positive = Field(1.0, description="requests of each client, times this")
    start_s: NotNegative = Field(0.0, description="where in the clients' day the run begins")


class Slo(Sheet):
    """Service level a request attains when it keeps every limit given."""

    ttft_s: Positive | None = Field(None, description="time to first token")
    tpot_s: Positive | None = Field(None, description="time per output token")
    e2e_s: Positive | None = Field(None, description="arrival to last token")


class Engine(Sheet):
    """Settings of the serving engine of one replica; what is not given comes from the preset, if one is named."""

    preset: Id | None = Field(None, description="release of an engine in the catalogue; brings its host time")
    max_batch_tokens: Annotated[int, Field(ge=1, description="token budget of one iteration")] = 2048
    max_batch: Annotated[int, Field(ge=1, description="requests running together")] = 256
    block_tokens: Annotated[int, Field(ge=1)] = 16
    prefix_cache: bool = Field(False, description="keep prompt blocks for prompts that begin alike; needs hash ids")
    memory_frac: Fraction = Field(0.9, description="share of memory the engine takes")
    kv_blocks: Annotated[int, Field(ge=1)] | None = Field(None, description="overrides the computed number of blocks")


class Replicas(Sheet):
    """Where a model runs: servers chosen by type or tag, and how it is spread over chips."""

    count: Annotated[int, Field(ge=1)] | Literal["all"] = Field(
        "all", description="how many; `all` fills the servers chosen"
    )
    tensor_parallel: Annotated[int, Field(ge=1, description="chips that share every layer of a stage")] = 1
    pipeline_parallel: Annotated[int, Field(ge=1, description="stages of consecutive layers")] = 1
    data_parallel: Annotated[int, Field(ge=1)] = Field(
        1, description="attention ranks in step over one group of experts; for dense models raise `count` instead"
    )
    expert_parallel: bool = Field(
        False, description="deal experts whole over the tensor x data chips of a stage instead of slicing them"
    )
    pim_mapping: Literal["auto", "attention", "fc", "dynamic", "pim_only", "none"] = Field(
        "auto",
        description="what runs in computing memory: decode attention, products, the shortest of all each iteration, "
        "everything, nothing; auto: what the accelerator's sheet says",
    )
    on: tuple[str, ...] = Field((), description="server types, tags, rack or row names; empty: any server that fits")


class Transfer(Sheet):
    """How keys and values go from prefill replicas to decode replicas."""

    bytes_s: Positive | None = Field(
        None,
        description="rate at which a replica sends, bytes/s; none: its share of its server's network ports, or of the "
        "links inside a server",
    )
    latency_s: NotNegative = Field(
        0.001,
        description="set-up of each transfer, s. Estimate: hand-over by a proxy and registration of the blocks, about "
        "a millisecond",
    )


class Workload(Sheet):
    """One language model, or one service of fixed cost, for one stream of requests."""

    id: Name
    model: Id | None = Field(None, description="language model; none where `service` is given")
    service: Id | None = Field(None, description="service of fixed cost, such as vision, by its sheet")
    batching: Batching = Field(Batching(), description="service: how requests gather into batches")
    weights: Precision = "fp16"
    kv: Precision = "fp16"
    trace: TraceFile | None = None
    generator: Generator | None = None
    servegen: ServeGen | None = None
    arrivals: ArrivalTimes | None = Field(None, description="service: requests that have an arrival time and no more")
    replicas: Replicas = Replicas()
    engine: Engine = Engine()
    router: Router = Field(
        "least_outstanding", description="policy that chooses a replica: its name, or {name: NAME, parameters…}"
    )
    autoscale: Autoscale | None = Field(None, description="replicas that sleep and wake; none: all are always awake")
    admission: AdmissionChoice | None = Field(None, description="which requests are let in; none: all")
    prefill: Replicas | None = Field(
        None,
        description="replicas that compute prompts only and send keys and values to `replicas`, which then only decode",
    )
    prefill_engine: Engine | None = Field(None, description="engine of the prefill replicas; none: as `engine`")
    decode_router: Router | None = Field(
        None, description="with `prefill`: policy that chooses a decode replica; none: least_outstanding"
    )
    transfer: Transfer | None = Field(None, description="with `prefill`: how keys and values are sent")
    slo: Slo = Slo()
    on_failure: Literal["retry", "lose"] = Field("retry", description="requests of a replica that lost power")

    @model_validator(mode="after")
    def _one_source(self) -> Workload:
        if (self.model is None) == (self.service is None):
            raise ValueError("give either `model` (a language model) or `service` (vision and the like)")
        check_service(self)
        sources = (self.trace, self.generator, self.servegen, self.arrivals)
        if sum(source is not None for source in sources) != 1:
            also = "" if self.service is None else ", or arrivals"
            raise ValueError(f"give either a trace or a generator or servegen{also}")
        return self

    @model_validator(mode="after")
    def _prefill_is_whole(self) -> Workload:
        if self.prefill is None:
            alone = [
                name for name in ("prefill_engine", "decode_router", "transfer") if getattr(self, name) is not None
            ]
            if alone:
                raise ValueError(f"{', '.join(alone)} goes with `prefill`; say there where prompts are computed")
        elif self.autoscale is not None:
            raise ValueError(
                "autoscale is not simulated with `prefill`: all replicas stay awake; leave one of them out"
            )
        elif self.engine.prefix_cache:
            raise ValueError(
                "prefix_cache in `engine` has no meaning for replicas that only decode; "
                "set it in `prefill_engine`, for those that compute prompts"
            )
        return self

    @property
    def served(self) -> str:
        """Id of the sheet it serves: a language model or a service."""
        return self.model or self.service or ""


class WeatherSpec(Sheet):
    """Outdoor air: fixed, the seeded Seoul year, or a file (EPW or Open-Meteo)."""

    kind: Literal["fixed", "seoul_year", "file"] = "seoul_year"
    dry_bulb_c: float | None = None
    humidity_frac: Fraction | None = None
    file: str | None = None
    offset_k: float = Field(
        0.0, description="added to every dry bulb, relative humidity kept: heat-wave stress, usual +2 and +4 K"
    )
    day: Literal["all", "hottest", "most_humid"] = Field(
        "all",
        description="all: days as they come; a design day: every day is the one with the highest dry bulb, or wet bulb",
    )

    @model_validator(mode="after")
    def _complete(self) -> WeatherSpec:
        if self.kind == "fixed" and (self.dry_bulb_c is None or self.humidity_frac is None):
            raise ValueError("fixed weather needs dry_bulb_c and humidity_frac")
        if self.kind == "file" and not self.file:
            raise ValueError("weather from a file needs `file`")
        return self


class TariffSpec(Sheet):
    """Price of energy: flat, by time of use, or hourly from a file; and of the highest demand of a month."""

    currency: str = "KRW"
    per_kwh: NotNegative | None = None
    file: str | None = None
    time_zone: str | None = Field(None, description="clock of the file, such as Europe/Paris; none: that of the site")
    table: Id | None = Field(None, description="time-of-use table in assets/tariffs")
    demand_per_kw_month: NotNegative | None = Field(
        None, description="price of a kW of billed demand and month; none: that of the table, else 0"
    )
    contract_kw: Positive | None = Field(
        None, description="contract power, kW; a table may bill a share of it at least"
    )
    past_peak_kw: NotNegative = Field(0.0, description="demand of the year before the run that still binds, kW")

    @model_validator(mode="after")
    def _one_price(self) -> TariffSpec:
        if sum(price is not None for price in (self.per_kwh, self.file, self.table)) != 1:
            raise ValueError("a price is needed from one place; give one of per_kwh, table or file")
        if self.time_zone and not self.file:
            raise ValueError("time_zone is the clock of a file, and no file is given")
        return self


class CarbonSpec(Sheet):
    """Carbon intensity of the grid: flat, by month, or hourly from a file (UTC)."""

    g_per_kwh: NotNegative | None = None
    file: str | None = None
    table: Id | None = Field("korea_monthly", description="monthly table in assets/carbon")
    scope: Literal["direct", "life_cycle"] = Field("direct", description="emissions of the plants alone, or of all")


class SetPoint(Sheet):
    """A set point changed at a time."""

    kind: Literal["set_point"] = "set_point"
    at_s: NotNegative
    element: Name
    field: Literal["supply_c", "fan_frac", "pump_frac"]
    value: float


class PowerCap(Sheet):
    """Clocks that go down so that servers and switches draw no more than a limit, from a time on."""

    kind: Literal["power_cap"]
    at_s: NotNegative = 0.0
    element: Element = Field("hall", description="`hall`, or the id of a row, rack or server RACK/uNN")
    limit_w: Positive | None = Field(description="watts at the cords; null lifts the cap again")


def _policy_kind(given: object) -> str:
    """A policy without a kind is a set point, as in the first scenarios."""
    kind = given.get("kind", "set_point") if isinstance(given, dict) else getattr(given, "kind", "set_point")
    return str(kind)


Policy = Annotated[
    Annotated[SetPoint, Tag("set_point")]
    | Annotated[PowerCap, Tag("power_cap")]
    | Annotated[PeakShave, Tag("peak_shave")],
    Discriminator(_policy_kind),
]


class Record(Sheet):
    """What the result keeps."""

    every_s: Positive | None = Field(None, description="telemetry step, s; none: every pulse")
    racks: bool = Field(True, description="one row per rack and step")
    requests: bool = Field(True, description="one row per request")


class Scenario(Sheet):
    """The whole story of one run."""

    format: Literal["twin-scenario"] = "twin-scenario"
    version: Literal[1] = 1
    name: str
    note: str = ""
    layout: str = Field(description="layout file, relative to the scenario")
    workloads: tuple[Workload, ...] = Field((), description="models served; may be absent where loads are held")
    loads: tuple[HeldLoad, ...] = Field((), description="loads held on servers that no workload uses")
    start: str = Field("2026-07-15T14:00", description="local time at 0 s, as 2026-07-15T14:00")
    hours: Positive = 1.0
    seed: Annotated[int, Field(ge=0)] = 1
    pulse_s: Positive = 1.0
    grain: Literal["request", "flow"] = Field(
        "request", description="request: every request; flow: rates by the hour, for days to years"
    )
    air: Literal["settled", "instant", "mixed"] = Field(
        "settled",
        description="air of the room: settled: by its momentum, solved once per flow and kept on disk; instant: by its "
        "potential, weak in open aisles; mixed: one temperature, as always with grain: flow",
    )
    weather: WeatherSpec = WeatherSpec()
    tariff: TariffSpec = TariffSpec(per_kwh=180.0)
    carbon: CarbonSpec = CarbonSpec()
    policies: tuple[Policy, ...] = Field((), description="set points changed and power caps set on the way")
    controls: tuple[ControlChoice, ...] = Field((), description="what moves the set points of the cooling plant")
    faults: tuple[Fault, ...] = ()
    restart: Restart = Restart()
    record: Record = Record()
    catalogues: tuple[str, ...] = Field((), description="folders of the user's own sheets, relative to the scenario")
    sheets: dict[Id, Tree] = Field(
        default_factory=dict, description="values that replace those of a sheet, by device id"
    )

    @field_validator("start")
    @classmethod
    def _is_local_time(cls, start: str) -> str:
        try:
            is_good = _TIME.match(start) is not None and datetime.fromisoformat(start).tzinfo is None
        except ValueError:
            is_good = False
        if not is_good:
            raise ValueError("no such time; write date and local time without a zone, such as 2026-07-15T14:00")
        return start

    @model_validator(mode="after")
    def _something_runs(self) -> Scenario:
        ids = [part.id for parts in (self.workloads, self.loads) for part in parts]
        if not ids:
            raise ValueError("neither workloads nor loads are given; give one of either")
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(
                f"id {', '.join(map(repr, twice))} is given to {ids.count(twice[0])} workloads; rename one"
            )
        return self


def scenario_from(tree: Tree, where: str) -> Scenario:
    """A scenario from its mapping."""
    check_format(tree, where, FORMAT, VERSION)
    return validated(Scenario, tree, where)


def read_scenario(path: Path) -> Scenario:
    """A scenario file."""
    return scenario_from(read_yaml(path), str(path))
