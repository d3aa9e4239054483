"""Whether the chips of a replica could talk faster than their links: a finding, for contention is not simulated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twin.physics.llm import IterationLaw
from twin.physics.pipeline import SpreadLaw
from twin.physics.roofline import ring_all_reduce_s
from twin.sim.kv_blocks import EngineConfig

ACTIVATION_BYTES = 2.0
"""Collectives carry activations at 16 bits whatever the weights are."""


@dataclass(frozen=True, slots=True)
class LinkNeed:
    """Traffic of one chip's link in one direction while a full prompt chunk is computed, against the link's rate."""

    needed_bytes_s: float
    link_bytes_s: float
    what: str

    @property
    def is_over(self) -> bool:
        """Whether the chips wait for their links longer than they compute."""
        return self.needed_bytes_s > self.link_bytes_s


def link_needs(law: IterationLaw, config: EngineConfig) -> list[LinkNeed]:
    """What an iteration at its full token budget asks of each kind of link of a replica; none for a single chip.

    A replica spread over stages and ranks is asked stage by stage, at the budget of one micro-batch on one rank: links
    between the chips of a stage, and those to the next stage.
    """
    if not isinstance(law, SpreadLaw):
        need = link_need(law, config)
        return [] if need is None else [need]
    tokens, needs = law.micro_batch_tokens, []
    for stage in law.stages:
        stage_s = stage.cost(tokens, 0.5 * tokens * tokens, 0, 0, tokens * law.spread.data)[0]
        sent_bytes, waited_s = stage.collectives(tokens)
        passed_bytes = stage.handed_over_bytes(tokens)
        busy_s = max(stage_s - waited_s - (stage.hand_over_s(tokens) if passed_bytes else 0.0), 1e-9)
        needs.append(
            LinkNeed(sent_bytes / busy_s, law.chip.link_bw_bytes_s, f"{law.spread.stage_chips} chips of a stage")
        )
        needs.append(
            LinkNeed(passed_bytes / busy_s, stage.link_bw_bytes_s, f"hand-overs between {law.spread.pipeline} stages")
        )
    return [need for need in needs if need.needed_bytes_s > 0.0]


def link_need(law: IterationLaw, config: EngineConfig) -> LinkNeed | None:
    """What the collectives of an iteration at its full token budget ask of the link; none for a single chip.

    A ring all-reduce moves 2 (n - 1) / n of the message over each link, twice per layer. Needed is that traffic over
    the time the chips compute, waiting for the links not counted. Source: ring all-reduce, Patarasuk and Yuan 2009.
    """
    n, tokens = law.tensor_parallel, config.max_batch_tokens
    if n == 1:
        return None
    message_bytes = tokens * law.shape.hidden * ACTIVATION_BYTES
    moved_bytes = 2 * law.shape.n_layers * message_bytes * 2.0 * (n - 1) / n
    link = law.chip.link_bw_bytes_s
    waiting_s = 2 * law.shape.n_layers * float(ring_all_reduce_s(message_bytes, n, link, law.chip.link_latency_s))
    iteration_s = law.iteration(tokens, 0.5 * tokens * tokens, 0, 0)[0]
    return LinkNeed(moved_bytes / max(iteration_s - waiting_s, 1e-9), link, f"{n} chips of a replica")


def link_findings(workloads: Iterable[tuple[str, IterationLaw, EngineConfig]]) -> list[tuple[str, str]]:
    """Key and text for each workload whose replicas ask more of their links than these carry, once per kind."""
    found: dict[str, str] = {}
    for name, law, config in workloads:
        for need in link_needs(law, config):
            if need.is_over:
                found[f"network.links {name} {need.what} {need.link_bytes_s}"] = (
                    f"{name}: {need.what} ask {need.needed_bytes_s / 1e9:,.0f} GB/s of a link that carries "
                    f"{need.link_bytes_s / 1e9:,.0f} GB/s; use fewer chips per replica or faster links"
                )
    return list(found.items())
