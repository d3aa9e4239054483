"""From what a scenario says of a replica to its spread over chips, its law and the limits of its engine."""

from __future__ import annotations

from twin.catalogue.compute import Accelerator
from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.llm import IterationLaw, ModelShape
from twin.physics.pipeline import SpreadLaw
from twin.physics.spread import Spread
from twin.physics.stage import StageLink
from twin.scenario.model import Engine, Replicas
from twin.sim.kv_blocks import EngineConfig, kv_blocks


def spread_of(spec: Replicas) -> Spread:
    """How a replica is spread."""
    return Spread(spec.tensor_parallel, spec.pipeline_parallel, spec.data_parallel, spec.expert_parallel)


def iteration_law(
    shape: ModelShape, chip: ChipLaw, spread: Spread, engine: Engine, link: StageLink | None = None
) -> IterationLaw:
    """The law of a replica, tried once at its full token budget: what a device or link cannot do is found here.

    link: between stages, none: the one between sister chips. Raises ModelRangeError.
    """
    tokens = engine.max_batch_tokens * spread.slots
    spread.check(shape)
    law = (
        IterationLaw(shape, chip, spread.tensor)
        if spread.is_tensor_only
        else SpreadLaw(shape, chip, spread, engine.max_batch_tokens, link=link)
    )
    law.iteration_load(tokens, 0.5 * tokens * (engine.max_batch_tokens + 1.0), 0, 0)
    return law


def engine_config(shape: ModelShape, chip: Accelerator, engine: Engine, spread: Spread) -> EngineConfig:
    """Limits of a replica's engine, the number of KV blocks computed where it is not given.

    `max_batch_tokens` of a scenario is the budget of one micro-batch on one rank, as in the engines themselves, and
    `max_batch` the places of one rank; the replica has those of all its micro-batches and ranks.
    """
    assert chip.memory_bytes is not None
    if engine.prefix_cache and spread.data > 1:
        raise ModelRangeError(
            f"each of {spread.data} data-parallel ranks keeps prefixes of its own, which is not simulated",
            "engine.prefix_cache",
            "set prefix_cache: false, or data_parallel: 1",
        )
    n_blocks = engine.kv_blocks or kv_blocks(
        shape, chip.memory_bytes, spread, engine.memory_frac, engine.max_batch_tokens, engine.block_tokens
    )
    if n_blocks < spread.data:
        raise ModelRangeError(
            f"kv_blocks is {n_blocks}, fewer than {spread.data} data-parallel ranks", "engine.kv_blocks", "give more"
        )
    return EngineConfig(
        n_blocks=n_blocks,
        max_batch_tokens=engine.max_batch_tokens * spread.slots,
        max_batch=engine.max_batch * spread.data,
        block_tokens=engine.block_tokens,
        prefix_cache=engine.prefix_cache,
        n_ranks=spread.data,
    )
