"""A serving engine that walks through every iteration: slow, plain, and the measure of the fast one."""

from __future__ import annotations

from dataclasses import dataclass, field

from twin.physics.llm import IterationLaw
from twin.sim.kv_blocks import EngineConfig


@dataclass
class Sequence:
    """A request as the engine sees it."""

    i: int
    prompt: int
    output: int
    generated: int = 0
    to_prefill: int = 0
    prefilled: int = 0
    prefix: list[int] = field(default_factory=list)  # hashes of the whole blocks of its prompt
    holds: list[int] = field(default_factory=list)

    @property
    def is_decoding(self) -> bool:
        return self.prefilled == self.to_prefill

    @property
    def context(self) -> int:
        return self.prompt + self.generated - 1


Event = tuple[float, str, Sequence | float | None]


@dataclass
class ReferenceEngine:
    """Serves `(time, action, argument)` events in order of time on one replica; requests of a failure begin again."""

    law: IterationLaw
    config: EngineConfig
    prefix_tokens: int = 0  # prompt tokens behind a hash; 0: nothing is kept
    unused: list[int] = field(default_factory=list)  # kept blocks nobody holds, the longest unused first
    hit_tokens: int = 0
    now_s: float = 0.0
    energy_j: float = 0.0
    is_up: bool = True
    waiting: list[Sequence] = field(default_factory=list)
    running: list[Sequence] = field(default_factory=list)
    held: list[Sequence] = field(default_factory=list)
    first_token_s: dict[int, float] = field(default_factory=dict)
    finish_s: dict[int, float] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    preemptions: dict[int, int] = field(default_factory=dict)
    nominal: IterationLaw = field(init=False)
    next_law: IterationLaw = field(init=False)

    def run(self, events: list[Event], end_s: float) -> None:
        """Live through the events, then to end_s."""
        events = sorted(events, key=lambda event: event[0])
        self.nominal = self.next_law = self.law
        while events or (self.is_up and (self.waiting or self.running)):
            if self.is_up and (self.waiting or self.running):
                self.iterate(events)
            else:
                self.stand_still(events[0][0])
                while events and events[0][0] == self.now_s:
                    self.act(*events.pop(0)[1:])
            self.law = self.next_law
        self.stand_still(end_s)

    def iterate(self, events: list[Event]) -> None:
        """One iteration, with what happens during it; a failure ends it at once."""
        chunks = self.schedule()
        time_s, watts = self.cost(chunks)
        until_s = self.now_s + time_s
        while events and events[0][0] <= until_s:
            at_s, action, argument = events.pop(0)
            self.act(action, argument)
            if not self.is_up:
                self.energy_j += watts * (at_s - self.now_s)
                self.now_s = at_s
                return
        self.energy_j += watts * time_s
        self.now_s = until_s
        self.finish(chunks)

    def stand_still(self, until_s: float) -> None:
        self.energy_j += (self.law.idle_w if self.is_up else 0.0) * (until_s - self.now_s)
        self.now_s = until_s

    def act(self, action: str, argument: Sequence | float | None) -> None:
        if isinstance(argument, Sequence):
            self.arrive(argument)
        elif isinstance(argument, float):
            self.next_law = self.nominal.at_clock(argument)
        elif action == "fail":
            self.fail()
        else:
            self.is_up = True
            held, self.held = self.held, []
            for sequence in held:
                self.arrive(sequence)

    def arrive(self, sequence: Sequence) -> None:
        if not self.is_up:
            self.held.append(sequence)
        elif self.blocks(sequence.prompt + sequence.output - 1) > self.config.n_blocks:
            self.rejected.add(sequence.i)
        else:
            self.waiting.append(sequence)

    def fail(self) -> None:
        self.is_up = False
        for sequence in self.running + self.waiting:
            sequence.generated = 0
            self.first_token_s.pop(sequence.i, None)
            self.held.append(sequence)
            sequence.holds = []
        self.running, self.waiting, self.unused = [], [], []

    def blocks(self, tokens: int) -> int:
        return (tokens + self.config.block_tokens - 1) // self.config.block_tokens

    def used_blocks(self) -> int:
        """Blocks in use during an iteration in which everything that decodes adds one token."""
        own = sum(
            self.blocks(sequence.context + 1) if sequence.is_decoding else self.blocks(sequence.to_prefill)
            for sequence in self.running
        )
        held = [block for sequence in self.running for block in sequence.holds]
        return own - self.blocks(self.prefix_tokens) * (len(held) - len(set(held)))

    def is_held(self, block: int) -> bool:
        return any(block in sequence.holds for sequence in self.running)

    def known(self, sequence: Sequence) -> list[int]:
        """Leading blocks that are kept; the last token is computed anyway."""
        found: list[int] = []
        for block in sequence.prefix:
            too_long = (len(found) + 1) * self.prefix_tokens > sequence.prompt + sequence.generated - 1
            if too_long or not (self.is_held(block) or block in self.unused):
                break
            found.append(block)
        return found

    def release(self, sequence: Sequence) -> None:
        holds, sequence.holds = sequence.holds, []
        while holds:
            block = holds.pop()
            if not self.is_held(block) and block not in holds:
                self.unused.append(block)

    def trim(self) -> None:
        """Unused blocks give way to what is in use."""
        while self.unused and (
            len(self.unused) * self.blocks(self.prefix_tokens) > self.config.n_blocks - self.used_blocks()
        ):
            self.unused.pop(0)

    def schedule(self) -> dict[int, int]:
        """Preempt, or else admit; prompt tokens of this iteration by request."""
        has_preempted = False
        while self.used_blocks() > self.config.n_blocks:
            victim, has_preempted = self.running.pop(), True
            self.preemptions[victim.i] = self.preemptions.get(victim.i, 0) + 1
            self.waiting.insert(0, victim)
            self.release(victim)
        self.trim()
        budget = self.config.max_batch_tokens - sum(sequence.is_decoding for sequence in self.running)
        chunks: dict[int, int] = {}
        for sequence in self.running:
            if not sequence.is_decoding:
                chunks[sequence.i] = min(budget, sequence.to_prefill - sequence.prefilled)
                budget -= chunks[sequence.i]
        while self.waiting and budget > 0 and len(self.running) < self.config.max_batch and not has_preempted:
            head = self.waiting[0]
            known = self.known(head)
            shared = sum(self.is_held(block) for block in known) * self.blocks(self.prefix_tokens)
            if self.used_blocks() + self.blocks(head.prompt + head.generated) - shared > self.config.n_blocks:
                break
            head.to_prefill, head.prefilled = head.prompt + head.generated, len(known) * self.prefix_tokens
            head.holds, self.unused = known, [block for block in self.unused if block not in known]
            self.hit_tokens += head.prefilled
            self.running.append(self.waiting.pop(0))
            self.trim()
            chunks[head.i] = min(budget, head.to_prefill - head.prefilled)
            budget -= chunks[head.i]
        return chunks

    def cost(self, chunks: dict[int, int]) -> tuple[float, float]:
        """Seconds and watts of the iteration."""
        decoding = [sequence for sequence in self.running if sequence.is_decoding]
        pairs = 0
        for sequence in self.running:
            for token in range(chunks.get(sequence.i, 0)):
                pairs += sequence.prefilled + token + 1
        contexts = sum(sequence.context + 1 for sequence in decoding)
        time_s, flops, n_bytes = self.law.iteration(sum(chunks.values()), pairs, len(decoding), contexts)
        return time_s, self.law.load(flops, n_bytes, time_s)[0]

    def finish(self, chunks: dict[int, int]) -> None:
        """Every decoding sequence has one more token, every prompt that ended its first (or next) one."""
        ended = []
        for sequence in list(self.running):
            if sequence.i in chunks:
                sequence.prefilled += chunks[sequence.i]
                if not sequence.is_decoding:
                    continue
                self.first_token_s.setdefault(sequence.i, self.now_s)
                self.enter(sequence)
            sequence.generated += 1
            if sequence.generated == sequence.output:
                self.finish_s[sequence.i] = self.now_s
                ended.append(sequence)
        for sequence in sorted(ended, key=lambda one: one.i):
            self.running.remove(sequence)
            self.release(sequence)

    def enter(self, sequence: Sequence) -> None:
        """Keep the blocks of a prompt that was computed, but for those an equal one brought in before."""
        new = sequence.prefix[len(sequence.holds) :]
        sequence.holds += [block for block in new if not self.is_held(block) and block not in self.unused]
