"""The paged KV cache of a replica: how many blocks it has, and how many a stretch of decode steps takes."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import ModelRangeError
from twin.physics.llm import ModelShape

_LOGIT_BYTES = 4.0
_ACTIVATION_BYTES = 2.0


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Limits of the serving engine of one replica; the defaults are those of vLLM v1 (vllm/config, 0.8)."""

    n_blocks: int
    max_batch_tokens: int = 2048
    max_batch: int = 256
    block_tokens: int = 16

    def __post_init__(self) -> None:
        for name in ("n_blocks", "max_batch_tokens", "max_batch", "block_tokens"):
            if getattr(self, name) < 1:
                raise ModelRangeError(f"{name} is {getattr(self, name)}, must be at least 1", "serving engine")
        if self.max_batch >= self.max_batch_tokens:
            raise ModelRangeError(
                f"max_batch {self.max_batch} leaves no prompt token in a budget of {self.max_batch_tokens} tokens",
                "serving engine",
                "keep max_batch below max_batch_tokens",
            )


def kv_blocks(
    shape: ModelShape,
    memory_bytes: float,
    tensor_parallel: int = 1,
    memory_frac: float = 0.9,
    max_batch_tokens: int = 2048,
    block_tokens: int = 16,
) -> int:
    """Blocks of KV cache a replica has: what weights and activations leave of its usable memory.

    memory_bytes: of one accelerator, memory_frac of it usable (0.9 is vLLM's default). Activations are estimated as the
    widest moment of a layer: four hidden vectors and two feed-forward vectors per token, plus one row of logits for
    each eighth token. Raises ModelRangeError when not one block is left.
    """
    widest = 4 * shape.hidden + 2 * max(shape.ffn, shape.expert_ffn * shape.n_active_experts) / tensor_parallel
    logits_bytes = _LOGIT_BYTES * shape.vocab / 8.0
    activation_bytes = max_batch_tokens * (_ACTIVATION_BYTES * widest + logits_bytes)
    weight_bytes = shape.weight_bytes / tensor_parallel
    left_bytes = memory_bytes * memory_frac - weight_bytes - activation_bytes
    n_blocks = int(left_bytes // (shape.kv_bytes_per_token_on_each(tensor_parallel) * block_tokens))
    if n_blocks < 1:
        raise ModelRangeError(
            f"weights of {weight_bytes / 1e9:.1f} GB and activations of {activation_bytes / 1e9:.1f} GB leave no "
            f"KV cache in {memory_frac:.0%} of {memory_bytes / 1e9:.1f} GB",
            "replica",
            "use more accelerators per replica, a smaller precision or a larger memory",
        )
    return n_blocks


def stretch_blocks(phase_counts: list[int], n_sequences: int, first_step: int, n_steps: int) -> int:
    """Blocks that n_sequences take in n_steps decode steps from first_step.

    phase_counts: per remainder r, the sequences whose context minus step count is r modulo the block size; such a
    sequence opens a block in the steps s with `(r + s) % block_tokens == 0`. Independent of n_steps and n_sequences in
    cost.
    """
    block_tokens = len(phase_counts)
    rounds, left = divmod(n_steps, block_tokens)
    blocks = rounds * n_sequences
    if left:
        high = -first_step % block_tokens + 1
        low = high - left
        if low >= 0:
            blocks += sum(phase_counts[low:high])
        else:
            blocks += sum(phase_counts[:high]) + sum(phase_counts[low:])
    return blocks


def steps_until_full(phase_counts: list[int], n_sequences: int, first_step: int, n_free: int) -> int:
    """Decode steps from first_step whose blocks still fit in n_free blocks."""
    rounds = n_free // n_sequences
    left = n_free - rounds * n_sequences
    block_tokens = len(phase_counts)
    n_steps = rounds * block_tokens
    step = first_step
    while True:
        left -= phase_counts[-step % block_tokens]
        if left < 0:
            return n_steps
        step += 1
        n_steps += 1
