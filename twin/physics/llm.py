"""Work and time of language-model inference: parameters, KV cache, floating-point operations, iteration time, watts."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from twin.errors import ModelRangeError
from twin.physics.chip import ChipLaw
from twin.physics.kernels import KernelTimes, at_clock
from twin.physics.operators import Peaks
from twin.physics.roofline import ring_all_reduce_s
from twin.physics.watts import LIMIT_P, watts_at_clock

_ACTIVATION_BYTES = 2.0  # activations travel as 16-bit values on every link modelled here
_ROUNDING = 1.0 + 1e-9
_LIMIT_ROOT = -1.0 / LIMIT_P


@dataclass(frozen=True, slots=True)
class ModelShape:
    """Sizes of a decoder-only transformer with gated feed-forward blocks and grouped-query attention.

    `ffn` is the width of the feed-forward block every token passes (0 when all of it is experts); a mixture of experts
    adds `n_experts` blocks of width `expert_ffn`, `n_active_experts` of them per token.
    """

    n_layers: int
    hidden: int
    n_heads: int
    n_kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    weight_bytes_per_param: float
    kv_bytes_per_value: float
    n_experts: int = 0
    n_active_experts: int = 0
    expert_ffn: int = 0
    is_embedding_tied: bool = False
    has_qk_norm: bool = False  # queries and keys are normalised, by a kernel each

    @property
    def expert_params(self) -> int:
        """Parameters of all experts of all layers."""
        return self.n_layers * self.n_experts * 3 * self.hidden * self.expert_ffn

    @property
    def always_params(self) -> int:
        """Matrix parameters every token passes: attention, dense feed-forward, expert gate; without vocabulary."""
        heads = 2 * self.n_heads + 2 * self.n_kv_heads
        per_layer = self.hidden * (heads * self.head_dim + 3 * self.ffn + self.n_experts)
        return self.n_layers * per_layer

    @property
    def head_params(self) -> int:
        """Parameters of the vocabulary projection."""
        return self.vocab * self.hidden

    @property
    def params(self) -> int:
        """All parameters, with embedding, vocabulary head and the two norms per layer."""
        vocabulary = self.head_params * (1 if self.is_embedding_tied else 2)
        return self.always_params + self.expert_params + vocabulary + (2 * self.n_layers + 1) * self.hidden

    @property
    def weight_bytes(self) -> float:
        """Bytes of all weights."""
        return self.params * self.weight_bytes_per_param

    @property
    def kv_bytes_per_token(self) -> float:
        """Bytes of keys and values of one token: `2 L n_kv d w`."""
        return 2 * self.n_layers * self.n_kv_heads * self.head_dim * self.kv_bytes_per_value

    @property
    def flops_per_token(self) -> float:
        """Operations of the matrix products one token passes, without attention scores and vocabulary head."""
        active_expert_params = 3 * self.hidden * self.expert_ffn * self.n_active_experts * self.n_layers
        return 2.0 * (self.always_params + active_expert_params)

    @property
    def head_flops_per_sample(self) -> float:
        """Operations of the vocabulary head for one sampled token."""
        return 2.0 * self.head_params

    @property
    def attention_flops_per_pair(self) -> float:
        """Operations of one token attending one context token in all layers: `4 L n_q d`."""
        return 4.0 * self.n_layers * self.n_heads * self.head_dim

    def read_weight_bytes(self, n_tokens: float) -> float:
        """Bytes of the weights an iteration over n_tokens reads; experts by their chance of being chosen at all.

        With uniform gating an expert is left out by every token with chance `(1 - k/E)^n`.
        """
        params = float(self.always_params + self.head_params)
        if self.n_experts:
            params += self.expert_params * (1.0 - (1.0 - self.n_active_experts / self.n_experts) ** n_tokens)
        return params * self.weight_bytes_per_param

    def kv_bytes_per_token_on_each(self, tensor_parallel: int) -> float:
        """Bytes of one token's keys and values on each of tensor_parallel devices; heads are copied, never split."""
        return self.kv_bytes_per_token * max(1.0 / tensor_parallel, 1.0 / self.n_kv_heads)


class IterationLaw:
    """A model on tensor-parallel accelerators, compiled to scalars: seconds, operations and bytes of an iteration.

    Operations and bytes are per accelerator. An iteration takes
    `host + L t0 + ((F/(ec P))^p + (B/(em BW))^p)^(1/p) + prefill attention + decode attention + 2 L all-reduce`, or, on
    a device whose kernels were measured, `host + sum of its operator groups` (twin.physics.kernels).
    Decode attention is linear in the summed context, everything else constant while the batch is, so the i-th step of a
    pure-decode stretch takes exactly `a + b i`.
    Source: roofline per operator as in AttAcc (Park et al., ASPLOS 2024); host term and soft corner are this project's.
    """

    __slots__ = (
        "_all_reduce_per_token_s",
        "_awake_w",
        "_compute_frac_s",
        "_compute_p",
        "_compute_s",
        "_compute_w",
        "_context_compute_s",
        "_context_memory_s",
        "_corner_p",
        "_corner_root",
        "_decode",
        "_fixed_s",
        "_flops_per_token",
        "_head_flops",
        "_kernels",
        "_kv_bytes",
        "_memory_frac_s",
        "_memory_s",
        "_memory_w",
        "_most_compute_frac",
        "_pair_flops",
        "_tdp_w",
        "_weight_bytes",
        "chip",
        "clock_frac",
        "context_bytes",
        "context_flops",
        "context_s",
        "host_per_seq_s",
        "host_s",
        "idle_w",
        "shape",
        "tensor_parallel",
    )

    def __init__(self, shape: ModelShape, chip: ChipLaw, tensor_parallel: int = 1, clock_frac: float = 1.0) -> None:
        self._check(shape, chip, tensor_parallel, clock_frac)
        self.shape, self.chip, self.tensor_parallel, self.clock_frac = shape, chip, tensor_parallel, clock_frac
        self.idle_w, self.host_s, self.host_per_seq_s = chip.idle_w, chip.host_overhead_s, chip.host_per_seq_s
        self._corner_p, self._corner_root = chip.soft_corner_p, 1.0 / chip.soft_corner_p
        self._compute_s = 1.0 / (chip.eff_compute_frac * chip.peak_flops * clock_frac)
        self._memory_s = 1.0 / (chip.eff_memory_frac * chip.mem_bw_bytes_s)
        self._flops_per_token = shape.flops_per_token / tensor_parallel
        self._head_flops = shape.head_flops_per_sample / tensor_parallel
        self._pair_flops = shape.attention_flops_per_pair / tensor_parallel
        self._kv_bytes = shape.kv_bytes_per_token_on_each(tensor_parallel)
        self.context_flops, self.context_bytes = self._pair_flops, self._kv_bytes
        self.context_s = max(self.context_flops * self._compute_s, self.context_bytes * self._memory_s)
        self._kernels = self._measured_kernels()
        if self._kernels is not None:
            self.context_s = self._kernels.context_s
        self._fixed_s, self._all_reduce_per_token_s = self._overheads_s()
        self._compute_frac_s = 1.0 / chip.peak_flops
        self._memory_frac_s = 1.0 / chip.mem_bw_bytes_s
        self._context_compute_s = self.context_flops * self._compute_frac_s
        self._context_memory_s = self.context_bytes * self._memory_frac_s
        self._compile_watts()
        self._most_compute_frac = clock_frac * _ROUNDING
        # The same weights every time, unless which experts are read depends on the tokens.
        self._weight_bytes = None if shape.n_experts else shape.read_weight_bytes(1) / tensor_parallel
        self._tdp_w = chip.tdp_w
        self.load(self.context_flops, self.context_bytes, self.context_s)
        self._decode: dict[int, tuple[float, float, float, float]] = {}

    @staticmethod
    def _check(shape: ModelShape, chip: ChipLaw, tensor_parallel: int, clock_frac: float) -> None:
        if tensor_parallel < 1 or shape.n_heads % tensor_parallel:
            heads = f"{shape.n_heads} attention heads do not divide over {tensor_parallel} accelerators"
            raise ModelRangeError(heads, "tensor_parallel", "choose a divisor of the heads")
        if tensor_parallel > 1 and chip.link_bw_bytes_s <= 0.0:
            raise ModelRangeError(
                f"{tensor_parallel} accelerators share a model but link_bw_bytes_s is {chip.link_bw_bytes_s}",
                "accelerator",
                "give the link bandwidth of the accelerator",
            )
        if not 0.0 < clock_frac <= 1.0:
            raise ModelRangeError(f"clock is {clock_frac} of nominal, must be above 0 and at most 1", "accelerator")

    def _compile_watts(self) -> None:
        """Watts at the peaks: fitted ones of a device whose power was measured, else shares of (TDP - idle)."""
        chip, clock = self.chip, self.clock_frac
        self._awake_w: float | None = None
        self._compute_p = 1.0
        if chip.watts is None:
            self._compute_w = (chip.tdp_w - chip.idle_w) * chip.compute_w_frac * clock**2
            self._memory_w = (chip.tdp_w - chip.idle_w) * chip.memory_w_frac
            return
        law = watts_at_clock(chip.watts, clock)
        self._awake_w = chip.idle_w + max(0.0, law.awake_w - (law.waiting_w if self.tensor_parallel > 1 else 0.0))
        self._compute_w, self._memory_w, self._compute_p = law.compute_w, law.memory_w, law.compute_p

    def _measured_kernels(self) -> KernelTimes | None:
        chip = self.chip
        if chip.kernels is None:
            return None
        peaks = Peaks(chip.peak_flops, chip.mem_bw_bytes_s, chip.n_processors, chip.cache_bytes)
        laws = at_clock(chip.kernels, self.clock_frac)
        link = (chip.link_bw_bytes_s, chip.link_latency_s)
        return KernelTimes(self.shape, laws, peaks, self.tensor_parallel, link)

    def _overheads_s(self) -> tuple[float, float]:
        """Time that does not depend on the tokens, host included, and collective time per token."""
        layers, chip, n = self.shape.n_layers, self.chip, self.tensor_parallel
        fixed_s = chip.host_overhead_s + layers * chip.kernel_t0_s
        if n == 1:
            return fixed_s, 0.0
        latency_s = float(ring_all_reduce_s(0.0, n, chip.link_bw_bytes_s, chip.link_latency_s))
        token_bytes = self.shape.hidden * _ACTIVATION_BYTES
        per_token_s = float(ring_all_reduce_s(token_bytes, n, chip.link_bw_bytes_s, 0.0))
        return fixed_s + 2 * layers * latency_s, 2 * layers * per_token_s

    def at_clock(self, clock_frac: float) -> IterationLaw:
        """The same model with the core clock at clock_frac of nominal; memory, link and host keep their speed.

        Operations per joule rise as the clock falls: voltage follows the clock, so an operation costs `clock_frac^2`.
        Source: dynamic CMOS power `C V^2 f` with V proportional to f, an estimate until calibrated.
        """
        return IterationLaw(self.shape, self.chip, self.tensor_parallel, clock_frac)

    def iteration(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int
    ) -> tuple[float, float, float]:
        """Seconds, operations and bytes of one iteration.

        chunk_tokens: prompt tokens in it; chunk_attention_pairs: (token, context token) pairs they attend;
        n_decode: sequences generating one token; context_sum: context tokens those attend, their own included.
        """
        n_tokens = float(chunk_tokens + n_decode)
        n_sampled = float(n_decode + 1 if chunk_tokens else n_decode)
        flops = self._flops_per_token * n_tokens + self._head_flops * n_sampled
        contexts = float(context_sum)
        weight_bytes = self._weight_bytes
        if weight_bytes is None:
            weight_bytes = self.shape.read_weight_bytes(n_tokens) / self.tensor_parallel
        dense_bytes = weight_bytes + self._kv_bytes * n_tokens
        pair_flops = self._pair_flops * chunk_attention_pairs
        kernels = self._kernels
        if kernels is not None:
            time_s = self.host_s + self.host_per_seq_s * n_sampled
            time_s += kernels.tokens_s(chunk_tokens + n_decode) + kernels.sampled_s(int(n_sampled))
            if chunk_tokens:
                time_s += kernels.mixed_s(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)
            else:
                time_s += kernels.decode_s(n_decode) + self.context_s * contexts
            flops += pair_flops + self.context_flops * contexts
            return time_s, flops, dense_bytes + self.context_bytes * contexts
        p = self._corner_p
        roof_s = ((flops * self._compute_s) ** p + (dense_bytes * self._memory_s) ** p) ** self._corner_root
        time_s = (
            self._fixed_s
            + self.host_per_seq_s * n_sampled
            + roof_s
            + pair_flops * self._compute_s
            + self.context_s * contexts
            + self._all_reduce_per_token_s * n_tokens
        )
        flops += pair_flops + self.context_flops * contexts
        return time_s, flops, dense_bytes + self.context_bytes * contexts

    def iteration_load(
        self, chunk_tokens: int, chunk_attention_pairs: float, n_decode: int, context_sum: int
    ) -> tuple[float, float, float, float, float]:
        """Seconds, watts per accelerator, fractions of peak arithmetic and bandwidth, host share of an iteration."""
        time_s, flops, n_bytes = self.iteration(chunk_tokens, chunk_attention_pairs, n_decode, context_sum)
        compute_frac = flops * self._compute_frac_s / time_s
        memory_frac = n_bytes * self._memory_frac_s / time_s
        if compute_frac > self._most_compute_frac or memory_frac > _ROUNDING:
            raise self._above_peak(compute_frac, memory_frac, time_s)
        host_s = self.host_s + self.host_per_seq_s * (n_decode + 1 if chunk_tokens else n_decode)
        return time_s, self.accel_w(compute_frac, memory_frac), compute_frac, memory_frac, host_s / time_s

    def stretch_load(self, n_decode: int, context_sum: int, n_steps: int) -> tuple[float, float, float, float, float]:
        """What `iteration_load` gives, over n_steps pure-decode steps of the same n_decode sequences, in closed form.

        context_sum: context tokens attended in the first step; each later step attends n_decode more.
        """
        step_s, compute_s, memory_s, host_s = self._decode.get(n_decode) or self._decode_step(n_decode)
        steps = float(n_steps)  # products of floats are several times faster than mixed ones
        contexts = steps * (context_sum + 0.5 * (n_decode * (n_steps - 1)))
        time_s = steps * step_s + self.context_s * contexts
        compute_frac = (steps * compute_s + self._context_compute_s * contexts) / time_s
        memory_frac = (steps * memory_s + self._context_memory_s * contexts) / time_s
        accel_w = self.accel_w(compute_frac, memory_frac)
        return time_s, accel_w, compute_frac, memory_frac, steps * host_s / time_s

    def accel_w(self, compute_frac: float, memory_frac: float) -> float:
        """Watts of one accelerator that achieves these fractions of its peaks: measured law, or linear activity."""
        if self._awake_w is None:
            drawn_w = self.idle_w + self._compute_w * compute_frac + self._memory_w * memory_frac
            return drawn_w if drawn_w < self._tdp_w else self._tdp_w
        drawn_w = self._awake_w + self._compute_w * compute_frac**self._compute_p + self._memory_w * memory_frac
        return (drawn_w**-LIMIT_P + self._tdp_w**-LIMIT_P) ** _LIMIT_ROOT

    def steps_in(self, n_decode: int, context_sum: int, elapsed_s: float) -> float:
        """Decode steps, not rounded, that take elapsed_s; context_sum as in `stretch_load`.

        Solves `k a + b k (k-1) / 2 = elapsed_s` in the form that survives b = 0.
        """
        b_s = self.context_s * n_decode
        step_s = (self._decode.get(n_decode) or self._decode_step(n_decode))[0]
        linear_s = step_s + self.context_s * context_sum - 0.5 * b_s
        return 2.0 * elapsed_s / (linear_s + sqrt(linear_s * linear_s + 2.0 * b_s * elapsed_s))

    def _decode_step(self, n_decode: int) -> tuple[float, float, float, float]:
        """Without context: seconds, seconds of its operations and bytes at peak, host seconds; kept per batch size.

        The fractions of a stretch lie between those of this and those of a context token, so it is enough to hold these
        two against the peak.
        """
        time_s, flops, n_bytes = self.iteration(0, 0.0, n_decode, 0)
        self.load(flops, n_bytes, time_s)
        host_s = self.host_s + self.host_per_seq_s * n_decode
        known = time_s, flops * self._compute_frac_s, n_bytes * self._memory_frac_s, host_s
        self._decode[n_decode] = known
        return known

    def load(self, flops: float, n_bytes: float, time_s: float) -> tuple[float, float, float]:
        """Mean watts per accelerator and achieved fractions of peak arithmetic and bandwidth over time_s.

        Raises ModelRangeError when more than the peak would have been achieved. Watts end at the TDP, as a power
        limiter ends them: the shares of arithmetic and memory may sum to more, and what the limiter costs in time is in
        the efficiencies already, which were reached on boards under the same limit.
        """
        compute_frac = flops * self._compute_frac_s / time_s
        memory_frac = n_bytes * self._memory_frac_s / time_s
        if compute_frac > self._most_compute_frac or memory_frac > _ROUNDING:
            raise self._above_peak(compute_frac, memory_frac, time_s)
        return self.accel_w(compute_frac, memory_frac), compute_frac, memory_frac

    def _above_peak(self, compute_frac: float, memory_frac: float, time_s: float) -> ModelRangeError:
        return ModelRangeError(
            f"{compute_frac:.3f} of the arithmetic and {memory_frac:.3f} of the bandwidth peak would be achieved over "
            f"{time_s:.3e} s at {self.clock_frac:.2f} of the clock",
            "accelerator",
            "check the efficiencies of the sheet",
        )
