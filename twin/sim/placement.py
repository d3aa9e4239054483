"""Where replicas stand: servers chosen by the scenario, chips taken in order, laws compiled from sheets."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from twin.catalogue.compute import Accelerator, Precision, Server
from twin.catalogue.device import Device
from twin.catalogue.library import Catalogue
from twin.catalogue.models import LanguageModel
from twin.errors import CatalogueError, DocumentError, ModelRangeError
from twin.layout.floor import FittedDevice, Floor
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.spread import Spread
from twin.plant.compute import Compute, ServerConstants
from twin.scenario.held_load import HeldLoad
from twin.scenario.model import Workload
from twin.sim.engines import with_host_time
from twin.sim.held import Held
from twin.sim.kv_blocks import EngineConfig
from twin.sim.pim_sites import law_on, with_own_memory
from twin.sim.sites import Gathering, ReplicaSite, server_link, stages_per_server
from twin.sim.spreading import engine_config, spread_of

BYTES: dict[Precision, float] = {"fp32": 4.0, "fp16": 2.0, "bf16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": 0.5}
COMPUTES_AS: dict[Precision, tuple[Precision, ...]] = {
    "fp32": ("fp32",),
    "fp16": ("fp16", "bf16"),
    "bf16": ("bf16", "fp16"),
    "fp8": ("fp8", "fp16", "bf16"),
    "int8": ("int8", "fp8", "fp16", "bf16"),
    "int4": ("fp8", "fp16", "bf16"),
}
"""Precision a product is computed in, best first: smaller weights are widened on the way to the arithmetic units."""


def model_shape(model: LanguageModel, weights: Precision, kv: Precision) -> ModelShape:
    """The shape of a sheet at the precisions chosen."""
    return ModelShape(
        n_layers=model.n_layers,
        hidden=model.hidden,
        n_heads=model.n_heads,
        n_kv_heads=model.n_kv_heads,
        head_dim=model.head_dim,
        ffn=0 if model.n_experts else model.ffn,
        vocab=model.vocab,
        weight_bytes_per_param=BYTES[weights],
        kv_bytes_per_value=BYTES[kv],
        n_experts=model.n_experts,
        n_active_experts=model.n_active_experts,
        expert_ffn=model.expert_ffn,
        is_embedding_tied=model.tied_embeddings,
        has_qk_norm=model.qk_norm,
    )


def chip_law(chip: Accelerator, weights: Precision, where: str) -> ChipLaw:
    """The law of a chip at a precision; CatalogueError names what its sheet lacks."""
    missing = chip.missing_for_serving()
    if missing:
        raise CatalogueError(
            f"{chip.id} cannot be loaded with work: its sheet lacks {', '.join(missing)}",
            where,
            "add the values to a sheet of your own, or choose another device",
        )
    peak = next((chip.peak_flops[p] for p in COMPUTES_AS[weights] if p in chip.peak_flops), None)
    if peak is None:
        known = ", ".join(sorted(chip.peak_flops))
        raise CatalogueError(f"{chip.id} has no rate for {weights} weights", where, f"it has {known}")
    law = chip.serving
    assert law is not None
    assert chip.memory_bw_bytes_s is not None
    assert chip.tdp_w is not None
    assert chip.idle_w is not None
    return ChipLaw(
        peak_flops=peak,
        mem_bw_bytes_s=chip.memory_bw_bytes_s,
        eff_compute_frac=law.eff_compute_frac,
        eff_memory_frac=law.eff_memory_frac,
        soft_corner_p=law.soft_corner_p,
        kernel_t0_s=law.kernel_t0_s,
        host_overhead_s=law.host_overhead_s,
        host_per_seq_s=law.host_per_seq_s,
        idle_w=chip.idle_w,
        tdp_w=chip.tdp_w,
        compute_w_frac=law.compute_w_frac,
        memory_w_frac=law.memory_w_frac,
        link_bw_bytes_s=chip_link_bytes_s(chip),
        link_latency_s=law.link_latency_s,
        n_processors=chip.n_processors or 1,
        cache_bytes=chip.sram_bytes or 0.0,
        kernels=chip.kernels,
        watts=chip.watts,
    )


def chip_link_bytes_s(chip: Accelerator) -> float:
    """Rate between sister chips in one direction: scale-up links, else the host link."""
    if chip.scaleup_bytes_s is not None:
        return chip.scaleup_bytes_s / 2.0
    return chip.host_link_bytes_s or 0.0


@dataclass(slots=True)
class Placement:
    """Chips still free on each server while workloads are placed one after another."""

    floor: Floor
    catalogue: Catalogue
    compute: Compute
    free_chips: list[int]

    def place(self, workload: Workload, where: str) -> list[ReplicaSite]:
        """Sites of a workload's replicas, in the order of the racks; DocumentError says how many fit."""
        spec = workload.replicas
        self.check_names(spec.on, f"{where} replicas.on")
        model = self.catalogue.find(workload.served, LanguageModel, f"{where} model")
        shape = model_shape(model, workload.weights, workload.kv)
        spread = spread_of(spec)
        by_type: dict[str, tuple[IterationLaw, EngineConfig] | None] = {}
        gathered: dict[str, Gathering] = {}
        sites: list[ReplicaSite] = []
        for i, box in enumerate(self.floor.servers()):
            constants = self.compute.constants[i]
            if len(sites) == spec.count:
                break
            if constants.chip is None or not self.is_chosen(box, spec.on):
                continue
            if constants.obstacle:
                self.refuse_work(box, constants.obstacle, spec.on, f"{where} replicas")
                continue
            if box.device.id not in by_type:
                by_type[box.device.id] = self._fitted(box.device, constants, shape, workload, where)
                gathered[box.device.id] = Gathering(spread, stages_per_server(spread, constants.n_chips))
            fitted = by_type[box.device.id]
            if fitted is None or not self.compute.is_on[i]:
                continue
            self._take(i, gathered[box.device.id], fitted, spec.count, sites)
        for gathering in gathered.values():
            for i, n in gathering.parts:  # of a replica that found too few servers
                self.free_chips[i] += n
        if not sites or (spec.count != "all" and len(sites) < spec.count):
            raise DocumentError(
                f"{_asked(spec.count)} of {workload.served} on {_chips(spread.n_chips)} each asked for, "
                f"{len(sites)} fit on the chips of `on: [{', '.join(spec.on)}]` that other workloads leave free",
                f"{where} replicas",
                self._way_out(spread, spec.on),
            )
        return sites

    def _take(
        self,
        i: int,
        gathering: Gathering,
        fitted: tuple[IterationLaw, EngineConfig],
        count: int | Literal["all"],
        sites: list[ReplicaSite],
    ) -> None:
        """As many replicas as the free chips of server i hold, or its part of one that spans several."""
        n_chips = gathering.spread.n_chips
        if gathering.n_stages:
            n_taken, parts = gathering.take(i, self.free_chips[i])
            self.free_chips[i] -= n_taken
            if parts:
                sites.append(ReplicaSite(parts[0][0], n_chips, *fitted, parts))
            return
        while self.free_chips[i] >= n_chips and (count == "all" or len(sites) < count):
            self.free_chips[i] -= n_chips
            sites.append(ReplicaSite(i, n_chips, *fitted))

    def _way_out(self, spread: Spread, on: tuple[str, ...]) -> str:
        """What to do about replicas that do not fit."""
        chosen = (i for i, box in enumerate(self.floor.servers()) if self.is_chosen(box, on))
        most = max((self.compute.constants[i].n_chips for i in chosen), default=0)
        if spread.stage_chips > most:
            return (
                f"tensor_parallel x data_parallel = {spread.stage_chips} chips of a stage must stand in one server and "
                f"the largest has {most}: lower them and raise pipeline_parallel, whose stages may stand in several"
            )
        return "name more servers in `on`, or ask for fewer replicas or fewer chips for each"

    def hold(self, load: HeldLoad, where: str) -> Held:
        """The servers a load is held on; those named must be free of workloads, others are passed over if not."""
        self.check_names(load.on, f"{where} on")
        chosen = []
        for i, box in enumerate(self.floor.servers()):
            constants = self.compute.constants[i]
            if not self.is_chosen(box, load.on):
                continue
            if constants.obstacle:
                self.refuse_work(box, constants.obstacle, load.on, where)
            elif self.free_chips[i] == constants.n_chips:
                chosen.append(i)
            elif load.on:
                used = constants.n_chips - self.free_chips[i]
                raise DocumentError(
                    f"{used} of the {constants.n_chips} chips of {box.id} serve a workload",
                    f"{where} on",
                    "take it out of `on`, or out of the workload's",
                )
        if not chosen:
            raise DocumentError(
                "0 servers are left to hold it", where, "workloads use all; place more, or drop the load"
            )
        return Held(load, chosen)

    def check_names(self, on: tuple[str, ...], where: str) -> None:
        """Every name in `on` must be that of something on the floor that computes."""
        if not on:
            return
        known = sorted({name for box in self.floor.servers() for name in self._names(box)})
        for name in on:
            if name not in known:
                near = get_close_matches(name, known, 3, 0.6)
                hint = (
                    f"did you mean {', '.join(near)}?" if near else f"servers here: {', '.join(known[:12]) or 'none'}"
                )
                raise DocumentError(f"no server is called, tagged or stands in {name!r}", where, hint)

    def refuse_work(self, box: FittedDevice, obstacle: str, on: tuple[str, ...], where: str) -> None:
        """A server that cannot be simulated may stand there, but nobody may ask it by name to work."""
        if on:
            raise CatalogueError(
                f"{box.id} ({box.device.id}) cannot be loaded with work: {obstacle}",
                where,
                f"take it out of `on`, or add what is missing to a sheet of your own (`twin devices {box.device.id}`)",
            )

    def is_chosen(self, box: FittedDevice, on: tuple[str, ...]) -> bool:
        """Whether a server is among those named; all are where none is."""
        return not on or not self._names(box).isdisjoint(on)

    def _names(self, box: FittedDevice) -> set[str]:
        """What a server answers to: its type, itself, its rack, row and tags."""
        rack = self.floor.racks[box.rack]
        return {box.device.id, box.id, rack.id, *([rack.row] if rack.row else []), *rack.spec.tags}

    def _fitted(
        self, device: Device, constants: ServerConstants, shape: ModelShape, workload: Workload, where: str
    ) -> tuple[IterationLaw, EngineConfig] | None:
        """Law and settings on one chip type; none where an open choice of servers does not fit."""
        spec, chip = workload.replicas, constants.chip
        assert chip is not None
        try:
            spread = spread_of(spec)
            known = chip_law(chip, workload.weights, f"{where} replicas")
            known = with_host_time(known, workload.engine, self.catalogue, spread.tensor * spread.pipeline)
            n_stages, link = stages_per_server(spread, constants.n_chips), None
            if n_stages and isinstance(device, Server):
                link = server_link(device, known, constants.n_chips, n_stages)
            law = law_on(chip, shape, known, spec, workload.engine, link)
            config = engine_config(shape, chip, workload.engine, spread)
            return law, with_own_memory(config, law, chip, workload.engine)
        except (CatalogueError, ModelRangeError) as error:
            if not spec.on:
                return None
            raise DocumentError(
                f"{workload.served} on {chip.id}: {error.what}", f"{where} replicas", error.hint
            ) from error


def _asked(count: int | Literal["all"]) -> str:
    return "at least 1 replica" if count == "all" else f"{count} replica{'s' if count > 1 else ''}"


def _chips(n: int) -> str:
    return f"{n} chip{'s' if n > 1 else ''}"
