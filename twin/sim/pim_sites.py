"""From a sheet with computing memory and a scenario's mapping to the law and the cache of a replica."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from twin.catalogue.compute import Accelerator
from twin.catalogue.pim import PimChoice, PimMapping, PimMemory
from twin.errors import CatalogueError, ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pim_iteration import PimIterationLaw
from twin.physics.pim_memory import PimLaw
from twin.physics.stage import StageLink
from twin.scenario.model import Engine, Replicas
from twin.sim.kv_blocks import EngineConfig
from twin.sim.spreading import iteration_law, spread_of


def law_on(
    accelerator: Accelerator,
    shape: ModelShape,
    chip: ChipLaw,
    spec: Replicas,
    engine: Engine,
    link: StageLink | None = None,
) -> IterationLaw:
    """The law of a replica, with the computing memory its sheet has; tried once at its full token budget.

    link: between stages, none: the one between sister chips.
    Raises CatalogueError for a mapping the device cannot run, ModelRangeError for what it cannot do.
    """
    pim, spread = accelerator.pim, spread_of(spec)
    if pim is None:
        if spec.pim_mapping not in ("auto", "none"):
            raise CatalogueError(
                f"{accelerator.id} has no computing memory for pim_mapping {spec.pim_mapping}",
                "pim_mapping",
                "use auto or none, or choose another device",
            )
        return iteration_law(shape, chip, spread, engine, link)
    if not spread.is_tensor_only:
        raise ModelRangeError(
            f"{accelerator.id} has computing memory, which is simulated for tensor_parallel alone",
            "replicas",
            "set pipeline_parallel: 1, data_parallel: 1 and expert_parallel: false",
        )
    law = PimIterationLaw(
        shape, chip, pim_law(accelerator, pim), candidates(accelerator, pim, spec), spec.tensor_parallel
    )
    tokens = engine.max_batch_tokens
    law.iteration_load(tokens, 0.5 * tokens * (tokens + 1.0), 0, 0)
    return law


def candidates(accelerator: Accelerator, pim: PimMemory, spec: Replicas) -> tuple[PimMapping, ...]:
    """The mappings an iteration may take; CatalogueError names those the sheet knows."""
    choice = None if spec.pim_mapping == "auto" else cast(PimChoice, spec.pim_mapping)
    found = pim.candidates(choice)
    if found is None:
        raise CatalogueError(
            f"{accelerator.id} cannot run pim_mapping {spec.pim_mapping}",
            "pim_mapping",
            f"it knows {', '.join(pim.mappings)}, {'dynamic, ' if pim.link_bytes_s is None else ''}none",
        )
    return found


def pim_law(accelerator: Accelerator, pim: PimMemory) -> PimLaw:
    """The scalars of a sheet's computing memory."""
    assert accelerator.pim_bw_bytes_s is not None
    return PimLaw(
        inner_bw_bytes_s=accelerator.pim_bw_bytes_s,
        eff_inner_frac=pim.eff_inner_frac,
        mac_flops=pim.mac_flops,
        n_channels=pim.n_channels,
        placement=pim.placement,
        queries_per_row=pim.queries_per_row,
        tokens_per_row=pim.tokens_per_row,
        is_dual=pim.row_buffers == "dual",
        link_bw_bytes_s=pim.link_bytes_s or 0.0,
        link_latency_s=pim.link_latency_s,
        overlap=pim.overlap,
        shares_ffn=pim.shares_ffn,
    )


def with_own_memory(config: EngineConfig, law: IterationLaw, accelerator: Accelerator, engine: Engine) -> EngineConfig:
    """The cache in a memory of its own where keys and values lie there: weights and activations stay outside."""
    if not isinstance(law, PimIterationLaw) or accelerator.pim is None or accelerator.pim.memory_bytes is None:
        return config
    if law.candidates == ("none",) or engine.kv_blocks is not None:
        return config
    memory_bytes, memory_frac = accelerator.pim.memory_bytes, engine.memory_frac
    block_bytes = law.shape.kv_bytes_per_token_on_each(law.tensor_parallel) * config.block_tokens
    n_blocks = int(memory_bytes * memory_frac // block_bytes)
    if n_blocks < 1:
        raise ModelRangeError(
            f"one KV block of {block_bytes / 1e9:.3f} GB does not fit {memory_frac:.0%} of {memory_bytes / 1e9:.1f} GB",
            "replica",
            "use more accelerators per replica, a smaller precision or smaller blocks",
        )
    return replace(config, n_blocks=n_blocks)
