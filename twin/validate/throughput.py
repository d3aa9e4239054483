"""Public throughput claims against the roofline of the data sheet: which precision of keys and values each needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from twin.catalogue.compute import Accelerator
from twin.catalogue.library import shipped_catalogue
from twin.physics.llm import ModelShape
from twin.validate.case import Case, Group

SOURCE = "b-lab.team RNGD page (GPUs: TensorRT-LLM 0.15.0), a maker's claim"
LLAMA_8B = ModelShape(32, 4096, 32, 8, 128, 14336, 128256, 1.0, 2.0)
LLAMA_70B = ModelShape(80, 8192, 64, 8, 128, 28672, 128256, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Claim:
    """Tokens per second a page claims for FP8 weights; n_cards is 0 where the page gives no count."""

    device: str
    model: ModelShape
    prompt: float
    output: float
    tokens_s: float
    n_cards: int = 1


CLAIMS = {
    "RNGD, Llama-3.1-8B 128/4096": Claim("furiosa_rngd", LLAMA_8B, 128, 4096, 3935.25),
    "L40S, Llama-3.1-8B 128/4096": Claim("nvidia_l40s", LLAMA_8B, 128, 4096, 2989.17),
    "H100, Llama-3.1-8B 128/4096": Claim("nvidia_h100_sxm", LLAMA_8B, 128, 4096, 13222.06),
    "8 RNGD, Llama-3.1-70B 2048/128": Claim("furiosa_rngd", LLAMA_70B, 2048, 128, 957.05, 8),
    "L40S, Llama-3.1-70B 2048/128": Claim("nvidia_l40s", LLAMA_70B, 2048, 128, 163.53, 0),
    "H100, Llama-3.1-70B 2048/128": Claim("nvidia_h100_sxm", LLAMA_70B, 2048, 128, 2064.53, 0),
}


def most_tokens_s(claim: Claim, kv_bytes: float) -> float:
    """Tokens per second of cards at their peaks with the memory full of requests at mid-output.

    A request occupies the cards for its share of every decode step and for its own prompt.
    """
    chip = shipped_catalogue().find(claim.device, Accelerator, "validate")
    flops, bandwidth = chip.peak_flops["fp8"] * claim.n_cards, (chip.memory_bw_bytes_s or 0.0) * claim.n_cards
    shape = claim.model
    per_token = 2.0 * shape.n_layers * shape.n_kv_heads * shape.head_dim * kv_bytes
    context = claim.prompt + 0.5 * claim.output
    free = (chip.memory_bytes or 0.0) * claim.n_cards - shape.weight_bytes
    batch = max(free / (per_token * context), 0.0)
    if batch < 1.0:
        return 0.0
    traffic_s = (shape.weight_bytes + batch * per_token * context) / bandwidth
    arithmetic_s = batch * (shape.flops_per_token + shape.attention_flops_per_pair * context) / flops
    prompt_s = claim.prompt * (shape.flops_per_token + 0.5 * shape.attention_flops_per_pair * claim.prompt) / flops
    return batch / (max(traffic_s, arithmetic_s) + batch * prompt_s / claim.output)


def needed_precision(claim: Claim) -> str:
    """What keys and values must be for the claim to lie below the peaks."""
    if claim.tokens_s <= most_tokens_s(claim, 2.0):
        return "possible with 16-bit keys and values"
    if claim.tokens_s <= most_tokens_s(claim, 1.0):
        return "needs 8-bit keys and values"
    return "above the peaks of so many cards"


def fewest_cards(claim: Claim) -> Claim:
    """The claim on the fewest cards whose peaks allow it with 16-bit keys and values, when their count is not given."""
    counted = claim
    while counted.n_cards == 0 or (claim.n_cards == 0 and claim.tokens_s > most_tokens_s(counted, 2.0)):
        counted = replace(counted, n_cards=counted.n_cards + 1)
    return counted


def _cases(_: Path) -> Iterator[Case]:
    for name, published in CLAIMS.items():
        claim = fewest_cards(published)
        highest = {width: most_tokens_s(claim, width) for width in (2.0, 1.0)}
        count = "" if published.n_cards else f"; card count not published, at least {claim.n_cards} needed"
        note = (
            f"{needed_precision(claim)}; at the peaks {highest[2.0]:,.0f} with 16-bit and {highest[1.0]:,.0f} with "
            f"8-bit keys and values{count}; {SOURCE}"
        )
        shown = highest[2.0] if claim.tokens_s <= highest[2.0] else highest[1.0]
        yield Case(f"throughput {name}", claim.tokens_s, shown, "tok/s", None, None, 1, note)


GROUPS = (Group("public throughput", (), _cases),)
