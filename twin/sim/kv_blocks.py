"""The paged KV cache of a replica: how many blocks it has, and what its sequences leave empty in them."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import ModelRangeError
from twin.physics.llm import ModelShape
from twin.physics.spread import Spread

_LOGIT_BYTES = 4.0
_ACTIVATION_BYTES = 2.0


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Limits of one replica's engine; defaults as `vllm serve` on small GPUs (v1, vllm/engine/arg_utils.py)."""

    n_blocks: int
    max_batch_tokens: int = 2048
    max_batch: int = 256
    block_tokens: int = 16
    prefix_cache: bool = False
    n_ranks: int = 1
    """Data-parallel ranks that hold an equal part of the blocks each: a request lives in one of them."""

    def __post_init__(self) -> None:
        for name in ("n_blocks", "max_batch_tokens", "max_batch", "block_tokens", "n_ranks"):
            if getattr(self, name) < 1:
                raise ModelRangeError(f"{name} is {getattr(self, name)}, must be at least 1", "serving engine")
        if self.max_batch >= self.max_batch_tokens:
            raise ModelRangeError(
                f"max_batch {self.max_batch} leaves no prompt token in a budget of {self.max_batch_tokens} tokens",
                "serving engine",
                "keep max_batch below max_batch_tokens",
            )

    @property
    def most_tokens(self) -> int:
        """Tokens one request may have in cache: all of its blocks lie in one rank."""
        return self.n_blocks // self.n_ranks * self.block_tokens


def kv_blocks(
    shape: ModelShape,
    memory_bytes: float,
    spread: Spread | int = 1,
    memory_frac: float = 0.9,
    max_batch_tokens: int = 2048,
    block_tokens: int = 16,
) -> int:
    """Blocks of KV cache a replica has: what weights and activations leave of its usable memory.

    memory_bytes: of one accelerator, memory_frac of it usable (0.9 is vLLM's default). spread: how the model is spread,
    or the number of tensor-parallel accelerators; the accelerator that holds most decides, one with the most layers of
    any stage and one vocabulary matrix, and each data-parallel rank has blocks of its own. Activations are estimated as
    the widest moment of a layer: four hidden vectors and two feed-forward vectors per token, plus one row of logits for
    each eighth token. Raises ModelRangeError when not one block is left.
    """
    spread = Spread(spread) if isinstance(spread, int) else spread
    tensor = spread.tensor
    widest = 4 * shape.hidden + 2 * max(shape.ffn, shape.expert_ffn * shape.n_active_experts) / tensor
    logits_bytes = _LOGIT_BYTES * shape.vocab / 8.0
    activation_bytes = max_batch_tokens * (_ACTIVATION_BYTES * widest + logits_bytes)
    weight_bytes = spread.weight_bytes_on_each(shape)
    left_bytes = memory_bytes * memory_frac - weight_bytes - activation_bytes
    layers_frac = max(spread.stage_layers(shape.n_layers)) / shape.n_layers
    n_blocks = int(left_bytes // (shape.kv_bytes_per_token_on_each(tensor) * layers_frac * block_tokens)) * spread.data
    if n_blocks < 1:
        raise ModelRangeError(
            f"weights of {weight_bytes / 1e9:.1f} GB and activations of {activation_bytes / 1e9:.1f} GB leave no "
            f"KV cache in {memory_frac:.0%} of {memory_bytes / 1e9:.1f} GB",
            "replica",
            "use more accelerators per replica, a smaller precision or a larger memory",
        )
    return n_blocks


def padding_tokens(phase_counts: list[int], step: int) -> int:
    """Empty places in the last blocks of the running sequences at a step.

    phase_counts: per remainder r, the sequences whose context is r + step modulo the block size. With it the blocks in
    use are `(sum of contexts + padding) / block size`, exactly.

    >>> padding_tokens([1, 0, 0, 0], 5)  # one sequence of 5 (or 9, 13, ...) tokens in blocks of 4
    3
    """
    block_tokens = len(phase_counts)
    return sum([n * (-(r + step) % block_tokens) for r, n in enumerate(phase_counts) if n])
