"""Requests drawn from ServeGen client models: each client with its own rate, burstiness and lengths."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.requests import RequestTable
from twin.scenario.traces.servegen_model import Clients, ClientWindow, Lengths, read_clients, read_lengths

MOST_REQUESTS = 50e6
_MODALITIES = ("image", "audio", "video")
_MAX_ATTACHED = 10_000  # of one kind in one request; more is a mistake in the file and would fill the memory


@dataclass(frozen=True, slots=True)
class Draw:
    """Which part of the profile to draw, and how densely."""

    duration_s: float
    rate_factor: float = 1.0
    start_s: float = 0.0  # in the profile


def draw_requests(clients: Path, lengths: Path, draw: Draw, seed: int) -> RequestTable:
    """Requests of all clients in `clients` (CSV) with lengths from `lengths` (JSON lines), for `draw.duration_s`.

    In each window a client sends its own number of requests (rate x window x factor, a fraction by chance) with gaps
    of its own gamma or Weibull shape, stretched to fill the window. Lengths are drawn from the client's window of
    lengths; a multimodal prompt is its text and each of its images, sounds and videos. The profile repeats.
    What a client sends in a window depends on `seed`, client and window only.
    Requests drawn without usable lengths are counted in `dropped`: client_without_lengths, window_without_lengths,
    no_prompt_tokens, no_output_tokens.
    Errors: DocumentError with file and line for what cannot be read, and when no request is left.
    """
    model, texts = read_clients(clients), read_lengths(lengths)
    windows = _windows(model, draw)
    n_expected = sum(window.rate_per_s for _, window in windows) * model.window_s * draw.rate_factor
    if n_expected > MOST_REQUESTS:
        what = f"{n_expected:,.0f} requests are more than the {MOST_REQUESTS:,.0f} a run can hold"
        raise DocumentError(what, str(clients), "lower rate_factor or the hours of the run")
    drawn = _Drawn()
    for i_window, window in windows:
        rng = np.random.default_rng([seed, window.client, i_window])
        offsets_s = _offsets_s(window, model.window_s, draw.rate_factor, rng)
        arrival_s = i_window * model.window_s - draw.start_s + offsets_s
        is_in = (arrival_s >= 0) & (arrival_s < draw.duration_s)
        drawn.take(arrival_s, is_in, _tokens(texts, window, len(arrival_s), rng))
    return drawn.finished(model, draw, str(clients))


def _windows(model: Clients, draw: Draw) -> list[tuple[int, ClientWindow]]:
    """The windows that overlap the time of `draw`, each with its number since the first start of the profile."""
    by_place: list[list[ClientWindow]] = [[] for _ in range(model.n_windows)]
    for window in model.windows:
        by_place[window.start_s // model.window_s].append(window)
    first = int(draw.start_s // model.window_s)
    last = int(np.ceil((draw.start_s + draw.duration_s) / model.window_s))
    return [(i_window, window) for i_window in range(first, last) for window in by_place[i_window % model.n_windows]]


@dataclass(slots=True)
class _Drawn:
    """Requests of the windows so far, and the count of those that cannot be used."""

    arrival_s: list[np.ndarray] = field(default_factory=list)
    prompt_tokens: list[np.ndarray] = field(default_factory=list)
    output_tokens: list[np.ndarray] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)

    def take(self, arrival_s: np.ndarray, is_in: np.ndarray, tokens: tuple[np.ndarray, np.ndarray] | str) -> None:
        """Keep the requests in time that have lengths; `tokens` is prompt and output, or why there are none."""
        if isinstance(tokens, str):
            self._drop(tokens, int(is_in.sum()))
            return
        prompt, output = tokens
        has_prompt, has_output = prompt > 0, output > 0
        self._drop("no_prompt_tokens", int((is_in & ~has_prompt).sum()))
        self._drop("no_output_tokens", int((is_in & has_prompt & ~has_output).sum()))
        is_kept = is_in & has_prompt & has_output
        self.arrival_s.append(arrival_s[is_kept])
        self.prompt_tokens.append(prompt[is_kept])
        self.output_tokens.append(output[is_kept])

    def _drop(self, reason: str, count: int) -> None:
        if count:
            self.dropped[reason] = self.dropped.get(reason, 0) + count

    def finished(self, model: Clients, draw: Draw, where: str) -> RequestTable:
        """All requests by arrival."""
        n_dropped = sum(self.dropped.values())
        arrival_s = np.concatenate([np.zeros(0), *self.arrival_s])
        if not len(arrival_s):
            reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self.dropped.items())) or "all idle"
            end_s = draw.start_s + draw.duration_s
            what = (
                f"none of {model.n_clients} clients sends a request from {draw.start_s:g} s to {end_s:g} s: {reasons}"
            )
            hint = f"begin at another start_s; the profile lasts {model.n_windows * model.window_s} s"
            raise DocumentError(what, where, hint)
        order = np.argsort(arrival_s, kind="stable")
        return RequestTable(
            arrival_s[order],
            np.concatenate(self.prompt_tokens)[order],
            np.concatenate(self.output_tokens)[order],
            model.source,
            len(order) + n_dropped,
            dict(sorted(self.dropped.items())),
        )


def _offsets_s(window: ClientWindow, window_s: int, rate_factor: float, rng: np.random.Generator) -> np.ndarray:
    """Times of the client's requests within its window, ascending."""
    # Rates are counts divided by the window: rounding brings the whole number back.
    n = int(round(window.rate_per_s * window_s * rate_factor, 6) + rng.random())
    # One gap more than requests: the window does not end with a request.
    gaps = rng.gamma(window.shape, 1.0, n + 1) if window.pattern == "Gamma" else rng.weibull(window.shape, n + 1)
    total = gaps.sum()
    # Gaps of extreme shapes can all be too small for a float, or one too large.
    even = np.full(n + 1, 1.0 / (n + 1))
    shares = gaps / total if 0 < total < np.inf else even
    return np.cumsum(shares[:n]) * window_s


def _tokens(
    lengths: Lengths, window: ClientWindow, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | str:
    """Prompt and output of `n` requests, each (n,) int64; or the reason why there are none."""
    client = window.client
    if client not in lengths.texts:
        return "client_without_lengths"
    start_s = lengths.start_s(client, window.start_s)
    if start_s is None:
        return "window_without_lengths"
    fields = lengths.texts[client][start_s]
    is_multimodal = "text_tokens" in fields and "input_tokens" not in fields
    text = lengths.distribution(client, start_s, "text_tokens" if is_multimodal else "input_tokens")
    output = lengths.distribution(client, start_s, "output_tokens")
    if text is None or output is None:
        return "window_without_lengths"
    prompt_tokens, output_tokens = text.drawn(n, rng), output.drawn(n, rng)
    for name in _MODALITIES if is_multimodal else ():
        prompt_tokens = prompt_tokens + _attached(lengths, (client, start_s), name, n, rng)
    return prompt_tokens, output_tokens


def _attached(lengths: Lengths, at: tuple[int, int], name: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """Tokens of the images, sounds or videos of each request, (n,) int64: so many, each with tokens of its own."""
    count = lengths.distribution(*at, f"{name}_count")
    tokens = lengths.distribution(*at, f"{name}_tokens")
    if count is None or tokens is None:
        return np.zeros(n, dtype=np.int64)
    if count.tokens.max() > _MAX_ATTACHED:
        what = f"client {at[0]}, window {at[1]} s: {name}_count goes up to {count.tokens.max()}"
        hint = f"at most {_MAX_ATTACHED} in one request"
        raise DocumentError(what, f"{lengths.path}:{lengths.lines[at[0]]}", hint)
    counts = count.drawn(n, rng)
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, np.repeat(np.arange(n), counts), tokens.drawn(int(counts.sum()), rng))
    return total
