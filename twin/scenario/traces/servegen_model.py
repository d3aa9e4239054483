"""ServeGen client models as their two files hold them: arrivals by the window, and lengths as dict literals."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import numpy as np

from twin.errors import DocumentError
from twin.scenario.traces.columns import CLIENT_COLUMNS
from twin.scenario.traces.csv_rows import numbered_rows
from twin.scenario.traces.json_rows import mapping, numbered_lines, token_id
from twin.scenario.traces.opening import open_text

# Numbers and what holds them together in a dict literal; nothing that nests or runs.
_DICT = re.compile(r"\{[0-9eE+\-.,:\s]*\}", re.ASCII)
_MAX_TOKENS = 2**31
_SUM_TOLERANCE = 0.01
_PATTERNS = ("Gamma", "Weibull")
_LINE_HINT = 'write {"client_id": ID, "windows": {"START": {"input_tokens": "{TOKENS: PROBABILITY, ...}", ...}}}'


@dataclass(frozen=True, slots=True)
class ClientWindow:
    """How one client sends during one window."""

    client: int
    start_s: int
    rate_per_s: float
    pattern: str  # Gamma or Weibull
    shape: float  # of the gaps' distribution; its scale follows from the rate


@dataclass(frozen=True, slots=True)
class Clients:
    """The arrival side of a client model."""

    source: str
    windows: tuple[ClientWindow, ...]  # those in which something is sent, by time and client
    n_clients: int
    window_s: int
    n_windows: int  # the profile begins again after them


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Token counts and how likely each is."""

    tokens: np.ndarray  # (m,) int64
    cumulative: np.ndarray  # (m,) float64, rising to 1

    def drawn(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """(n,) int64."""
        i = np.searchsorted(self.cumulative, rng.random(n), side="right")
        return self.tokens[np.minimum(i, len(self.tokens) - 1)]


@dataclass(slots=True)
class Lengths:
    """The length side of a client model; the text of a window is parsed when it is needed."""

    path: Path
    texts: dict[int, dict[int, dict[str, str]]]  # client -> start of window, s -> field -> dict literal
    lines: dict[int, int]  # client -> line
    parsed: dict[tuple[int, int, str], Distribution | None] = field(default_factory=dict)

    def start_s(self, client: int, at_s: int) -> int | None:
        """Start of the client's window that holds `at_s`; None before its first."""
        return max((start for start in self.texts[client] if start <= at_s), default=None)

    def distribution(self, client: int, start_s: int, name: str) -> Distribution | None:
        """One field of a window; None when it is empty, as of an idle client. Errors: DocumentError with the place."""
        key = client, start_s, name
        if key not in self.parsed:
            what, where = f"client {client}, window {start_s} s: {name}", f"{self.path}:{self.lines[client]}"
            text = self.texts[client][start_s].get(name)
            if text is None:
                hint = "a window has input_tokens, or text_tokens with image_, audio_, video_ tokens and counts"
                raise DocumentError(f"{what} is missing", where, f"{hint}, and output_tokens")
            self.parsed[key] = distribution(text, what, where)
        return self.parsed[key]


def read_clients(path: Path) -> Clients:
    """The arrivals file: `client_id,timestamp,rate,cv,pattern,param1,param2`; a window without pattern is idle.

    Errors: DocumentError with file and line for a row that is not understood, or windows that do not follow evenly.
    """
    windows: list[ClientWindow] = []
    starts: set[int] = set()
    clients: set[int] = set()
    with open_text(path) as text:
        rows = numbered_rows(text, path)
        line, names = next(rows, (1, [""]))
        missing = [name for name in CLIENT_COLUMNS if name not in names]
        if missing:
            what = f"no ServeGen client model: {', '.join(map(repr, missing))} missing among the column names"
            raise DocumentError(what, f"{path}:{line}", f"the first line must be {','.join(CLIENT_COLUMNS)}")
        at = [names.index(name) for name in CLIENT_COLUMNS]
        for line, fields in rows:
            if len(fields) != len(names):
                what = f"{len(fields)} fields under {len(names)} column names"
                raise DocumentError(what, f"{path}:{line}", "mend the row")
            window = _client_window([fields[i].strip() for i in at], f"{path}:{line}")
            starts.add(window.start_s)
            clients.add(window.client)
            if window.pattern and window.rate_per_s > 0:
                windows.append(window)
    window_s = _even_window_s(sorted(starts), str(path))
    windows.sort(key=lambda window: (window.start_s, window.client))
    return Clients(path.name, tuple(windows), len(clients), window_s, len(starts))


def _client_window(fields: list[str], where: str) -> ClientWindow:
    client, start, rate, _, pattern, shape, _ = fields
    try:
        window = ClientWindow(int(client), int(float(start)), float(rate or 0), pattern, float(shape or 0))
    except (ValueError, OverflowError):
        raise DocumentError(f"not numbers: {', '.join(fields)}"[:200], where, "mend the row") from None
    if window.client < 0 or window.start_s < 0 or not (isfinite(window.rate_per_s) and window.rate_per_s >= 0):
        raise DocumentError(f"client {client}, start {start} s, rate {rate}/s: below 0", where, "mend the row")
    if pattern and (pattern not in _PATTERNS or not (isfinite(window.shape) and window.shape > 0)):
        what = f"pattern {pattern!r} with param1 {shape}"
        raise DocumentError(what, where, "patterns are Gamma and Weibull with a shape above 0, or empty when idle")
    return window


def _even_window_s(starts: list[int], where: str) -> int:
    if len(starts) < 2:
        raise DocumentError(f"{len(starts)} windows", where, "a client model needs at least 2 to know their length")
    window_s = starts[1] - starts[0]
    if starts != list(range(0, window_s * len(starts), window_s)):
        odd = next(i for i, start in enumerate(starts) if start != i * window_s)
        what = f"window {odd} begins at {starts[odd]} s, not {odd * window_s} s"
        raise DocumentError(what, where, "windows follow each other evenly from 0 s on")
    return window_s


def read_lengths(path: Path) -> Lengths:
    """The lengths file, one client per line. Errors: DocumentError with file and line for a line not understood."""
    lengths = Lengths(path, {}, {})
    with open_text(path) as text:
        for line, content in numbered_lines(text, path):
            where = f"{path}:{line}"
            tree = mapping(content) or {}
            client, windows = token_id(tree.get("client_id")), tree.get("windows")
            if client is None or not isinstance(windows, dict):
                raise DocumentError("not the lengths of a client", where, _LINE_HINT)
            if client in lengths.lines:
                raise DocumentError(f"client {client} stands in line {lengths.lines[client]} too", where, "keep one")
            lengths.lines[client] = line
            lengths.texts[client] = {_start_s(key, where): _texts(value, where) for key, value in windows.items()}
    return lengths


def _start_s(key: str, where: str) -> int:
    if not (key.isdigit() and key.isascii() and len(key) < 12):
        raise DocumentError(f"window {key[:40]!r} is no start in whole seconds", where, _LINE_HINT)
    return int(key)


def _texts(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise DocumentError("a window without texts of dicts", where, _LINE_HINT)
    return value


def distribution(text: str, what: str, where: str) -> Distribution | None:
    """A dict literal `{tokens: probability}`; None for `{}`. Errors: DocumentError saying `what` at `where`."""
    hint = "write {TOKENS: PROBABILITY, ...} with whole numbers of tokens and probabilities that add up to 1"
    shown = text if len(text) <= 60 else text[:57] + "..."
    no_dict = DocumentError(f"{what}: {shown!r} is no dict of numbers", where, hint)
    if _DICT.fullmatch(text.strip()) is None:
        raise no_dict
    try:
        pairs = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        raise no_dict from None
    if not isinstance(pairs, dict):
        raise no_dict
    if not pairs:
        return None
    if not all(isinstance(tokens, int) and 0 <= tokens < _MAX_TOKENS for tokens in pairs):
        raise DocumentError(f"{what}: token counts are not whole numbers from 0 to 2^31", where, hint)
    if not all(0 <= probability <= 1 + _SUM_TOLERANCE for probability in pairs.values()):
        raise DocumentError(f"{what}: a probability is not between 0 and 1", where, hint)
    tokens = np.array(list(pairs), dtype=np.int64)
    cumulative = np.cumsum(np.array(list(pairs.values()), dtype=np.float64))
    if abs(cumulative[-1] - 1) > _SUM_TOLERANCE:
        raise DocumentError(f"{what}: probabilities add up to {cumulative[-1]:g}", where, hint)
    return Distribution(tokens, cumulative / cumulative[-1])
