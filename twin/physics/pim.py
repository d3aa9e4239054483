"""Processing in memory beside or inside an accelerator: bandwidth, overlap and energy of one decode layer."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

# Energy of moving one bit, J. Source: github:scale-snu/attacc_simulator src/config.py (MIT).
DRAM_LEVELS_J_PER_BIT = {
    "activate": 0.11e-12,
    "cell": 0.44e-12,
    "bank_group": 1.01e-12,
    "global_io": 1.23e-12,
    "tsv": 0.50e-12,
    "interposer": 0.30e-12,
}
MAC_J = 0.32e-12
LINK_J_PER_BIT = 1.3e-12
_LEVELS_READ = {"bank": 2, "bank_group": 3, "buffer": 5, "host": 6}


@dataclass(frozen=True, slots=True)
class LayerTimes:
    """Seconds of the parts of one decode layer on each device.

    attention_s: keys and values in the memory. link_s: queries, keys, values and outputs to a separate memory.
    around_s: the two products around attention. ffn_s: feed-forward. rest_s: norms, activation, collectives.
    """

    attention_s: float
    link_s: float
    around_s: float
    ffn_s: float
    rest_s: float


def fill_frac(n_units: float, n_channels: int) -> float:
    """Share of the channels that work when n_units heads are dealt to them: `n / (c ceil(n / c))`.

    >>> fill_frac(24, 16)
    0.75
    """
    return n_units / (n_channels * ceil(n_units / n_channels))


def in_memory_s(kv_bytes: float, inner_bw_bytes_s: float, efficiency: float, rereads: float = 1.0) -> float:
    """Time of attention inside the memory: `g K / (BWi eta)`.

    kv_bytes: keys and values of one layer on one device. efficiency: eta times the channel fill. rereads: times a row
    is read because the units serve fewer queries at once than share it; 1 for multi-head attention.
    """
    return rereads * kv_bytes / (inner_bw_bytes_s * efficiency)


def serial_s(layer: LayerTimes, head_frac: float) -> float:
    """Time of a layer whose parts follow each other; only the link hides, all but one head of it.

    head_frac: one head's share of a device's heads.
    """
    longer, shorter = max(layer.attention_s, layer.link_s), min(layer.attention_s, layer.link_s)
    return layer.around_s + longer + head_frac * shorter + layer.ffn_s + layer.rest_s


def pipelined_s(layer: LayerTimes, head_frac: float) -> float:
    """Time of a layer whose products, transfers and attention overlap head by head.

    Source: AttAcc (Park et al., ASPLOS 2024), head-level pipelining.
    """
    parts = (layer.attention_s, layer.around_s, layer.link_s)
    longest = max(parts)
    return longest + head_frac * (sum(parts) - longest) + layer.ffn_s + layer.rest_s


def shared_ffn_s(traffic_s: float, arithmetic_s: float, rates: tuple[float, float], n_requests: float) -> float:
    """Feed-forward shared between device and memory.

    rates: the memory's inner bandwidth and arithmetic over the device's. Bound by traffic, the memory takes a share
    that shrinks with the batch, because it repeats the weights for every request; bound by arithmetic, its own share.
    Source: AttAcc, feed-forward co-processing.
    """
    if traffic_s > arithmetic_s:
        return traffic_s / (1.0 + rates[0] / n_requests)
    return arithmetic_s / (1.0 + rates[1])


def interleaved_s(half_batch_s: float, attention_s: float, n_layers: float) -> float:
    """Time of a pass in two sub-batches: products of one run beside attention of the other, plus one layer of fill.

    half_batch_s: all products at half the batch. attention_s: attention of the whole batch in memory.
    Source: NeuPIMs (Heo et al., ASPLOS 2024).
    """
    longer, shorter = max(2.0 * half_batch_s, attention_s), min(2.0 * half_batch_s, attention_s)
    return longer + shorter / (2.0 * n_layers)


def in_memory_products_s(weight_bytes: float, inner_bw_bytes_s: float, n_requests: float, reuse: float = 1.0) -> float:
    """Time of matrix products inside the memory: weights once per request and register reuse, `B w P / (BWi r)`."""
    return max(n_requests / reuse, 1.0) * weight_bytes / inner_bw_bytes_s


def read_j(n_bytes: float, placement: str) -> float:
    """Energy of reading bytes up to a placement: `bank`, `bank_group`, `buffer`, or all the way to the `host`.

    >>> round(read_j(1.0, "host") / 8 * 1e12, 2)
    3.59
    """
    return 8.0 * n_bytes * sum(DRAM_LEVELS_J_PER_BIT[level] for level in levels_of(placement))


def levels_of(placement: str) -> tuple[str, ...]:
    """Levels a bit climbs from the cell to a placement.

    >>> levels_of("bank")
    ('activate', 'cell')
    """
    return tuple(DRAM_LEVELS_J_PER_BIT)[: _LEVELS_READ[placement]]
