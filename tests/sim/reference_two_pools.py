"""Two pools of engines that walk through every iteration, with links between: the measure of the fast ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from reference_serving import ReferenceEngine, Sequence

Choose = Callable[[int, list[int], list[bool]], int]


@dataclass(eq=False)
class Engine(ReferenceEngine):
    """An engine driven from outside: `begin` and `end` of each iteration."""

    is_busy: bool = False
    since_s: float = 0.0
    watts: float = 0.0
    chunks: dict[int, int] = field(default_factory=dict)
    turn: int = 0  # counts up when what is under way is broken off

    @property
    def n_requests(self) -> int:
        return len(self.running) + len(self.waiting)

    def meter(self, now_s: float) -> None:
        if self.is_up:
            self.energy_j += (self.watts if self.is_busy else self.law.idle_w) * (now_s - self.since_s)
        self.since_s = self.now_s = now_s

    def begin(self) -> float | None:
        """Seconds of the next iteration; none if there is nothing to do."""
        self.law = self.next_law
        self.chunks = self.schedule()
        self.is_busy = bool(self.running)
        if not self.is_busy:
            return None
        time_s, self.watts = self.cost(self.chunks)
        return time_s

    def lost(self) -> list[Sequence]:
        """Power fails: everybody who was here."""
        gone = self.running + self.waiting
        self.is_up = self.is_busy = False
        self.turn += 1
        self.running, self.waiting, self.unused = [], [], []
        for sequence in gone:
            sequence.generated, sequence.holds = 0, []
            self.first_token_s.pop(sequence.i, None)
        return gone


@dataclass(eq=False)
class PromptEngine(Engine):
    leaving: list[Sequence] = field(default_factory=list)

    @property
    def n_requests(self) -> int:
        return len(self.running) + len(self.waiting) + len(self.leaving)

    def used_blocks(self) -> int:
        own = sum(self.blocks(sequence.to_prefill) for sequence in self.running + self.leaving)
        held = [block for sequence in self.running + self.leaving for block in sequence.holds]
        return own - self.blocks(self.prefix_tokens) * (len(held) - len(set(held)))

    def is_held(self, block: int) -> bool:
        return any(block in sequence.holds for sequence in self.running + self.leaving)

    def finish(self, chunks: dict[int, int]) -> None:
        super().finish(chunks)
        self.leaving += [sequence for sequence in self.running if sequence.is_decoding]
        self.running = [sequence for sequence in self.running if not sequence.is_decoding]

    def lost(self) -> list[Sequence]:
        self.running, self.leaving = self.leaving + self.running, []
        return super().lost()


@dataclass(eq=False)
class AnswerEngine(Engine):
    ready: set[int] = field(default_factory=set)  # came with keys and values, and have them still
    expected: int = 0

    @property
    def n_requests(self) -> int:
        return len(self.running) + len(self.waiting) + self.expected

    def schedule(self) -> dict[int, int]:
        while self.used_blocks() > self.config.n_blocks:
            victim = self.running.pop()
            self.preemptions[victim.i] = self.preemptions.get(victim.i, 0) + 1
            self.waiting.insert(0, victim)
            self.ready.discard(victim.i)
        budget = self.config.max_batch_tokens - sum(sequence.is_decoding for sequence in self.running)
        chunks: dict[int, int] = {}
        for sequence in self.running:
            if not sequence.is_decoding:
                chunks[sequence.i] = min(budget, sequence.to_prefill - sequence.prefilled)
                budget -= chunks[sequence.i]
        while self.waiting and budget > 0 and len(self.running) < self.config.max_batch:
            head = self.waiting[0]
            is_ready = head.i in self.ready
            tokens = head.prompt + 1 if is_ready else head.prompt + head.generated
            if self.used_blocks() + self.blocks(tokens) > self.config.n_blocks:
                break
            self.running.append(self.waiting.pop(0))
            if is_ready:
                budget -= 1
                continue
            head.to_prefill, head.prefilled = tokens, 0
            chunks[head.i] = min(budget, tokens)
            budget -= chunks[head.i]
        return chunks


@dataclass(eq=False)
class Link:
    queue: list[Sequence] = field(default_factory=list)
    sending: Sequence | None = None
    slot: int = -1
    turn: int = 0
    sent_tokens: int = 0


@dataclass(eq=False)
class TwoPools:
    """Engines, one link for each of the prompt engines, and everything that happens, in order of time."""

    prompts: list[PromptEngine]
    answers: list[AnswerEngine]
    choose: Choose
    send_s: Callable[[int], float]  # of a prompt of so many tokens
    is_retried: bool
    now_s: float = 0.0
    held: list[Sequence] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    rejected: set[int] = field(default_factory=set)
    retries: dict[int, int] = field(default_factory=dict)
    transfer_s: dict[int, float] = field(default_factory=dict)
    through_s: dict[int, float] = field(default_factory=dict)
    due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    order: count = field(default_factory=count)
    links: list[Link] = field(init=False)

    def __post_init__(self) -> None:
        self.links = [Link() for _ in self.prompts]
        for engine in self.engines:
            engine.nominal = engine.next_law = engine.law

    @property
    def engines(self) -> list[Engine]:
        return [*self.prompts, *self.answers]

    def at(self, time_s: float, act: Callable[[], None]) -> None:
        heappush(self.due, (time_s, next(self.order), act))

    def run(self, end_s: float) -> None:
        while self.due:
            self.now_s, _, act = heappop(self.due)
            act()
        for engine in self.engines:
            engine.meter(end_s)

    # Engines

    def wake(self, engine: Engine) -> None:
        if engine.is_up and not engine.is_busy:
            self.at(self.now_s, lambda: self.begin(engine) if engine.is_up and not engine.is_busy else None)

    def begin(self, engine: Engine) -> None:
        engine.meter(self.now_s)
        time_s = engine.begin()
        if time_s is not None:
            turn = engine.turn
            self.at(self.now_s + time_s, lambda: self.end(engine) if turn == engine.turn else None)

    def end(self, engine: Engine) -> None:
        engine.meter(self.now_s)
        before = list(engine.leaving) if isinstance(engine, PromptEngine) else []
        engine.finish(engine.chunks)
        if isinstance(engine, PromptEngine):
            link = self.links[self.prompts.index(engine)]
            for sequence in engine.leaving[len(before) :]:
                self.through_s[sequence.i] = self.now_s
                link.queue.append(sequence)
                self.send(link)
        self.begin(engine)

    # Requests

    def arrive(self, sequence: Sequence) -> None:
        is_up = [engine.is_up for engine in self.prompts]
        if not any(is_up):
            self.held.append(sequence)
            return
        engine = self.prompts[self.choose(sequence.i, [one.n_requests for one in self.prompts], is_up)]
        most = max(one.config.n_blocks for one in self.answers)
        in_all = self.answers[0].blocks(sequence.prompt + sequence.output - 1)
        if engine.blocks(sequence.prompt) > engine.config.n_blocks or (sequence.output > 1 and in_all > most):
            self.rejected.add(sequence.i)
            return
        engine.waiting.append(sequence)
        self.wake(engine)

    def send(self, link: Link) -> None:
        is_up = [engine.is_up for engine in self.answers]
        if link.sending is not None or not link.queue or not any(is_up):
            return
        sequence = link.queue[0]
        slot = self.choose(sequence.i, [one.n_requests for one in self.answers], is_up)
        needed = self.answers[0].blocks(sequence.prompt + sequence.output - 1)
        if needed > self.answers[slot].config.n_blocks:
            able = [i for i, one in enumerate(self.answers) if one.is_up and needed <= one.config.n_blocks]
            if not able:
                return
            slot = min(able, key=lambda i: self.answers[i].n_requests)
        link.sending, link.slot = link.queue.pop(0), slot
        self.answers[slot].expected += 1
        link.turn += 1
        turn = link.turn
        self.at(self.now_s + self.send_s(sequence.prompt), lambda: self.sent(link) if turn == link.turn else None)

    def sent(self, link: Link) -> None:
        sequence, engine = link.sending, self.answers[link.slot]
        assert sequence is not None
        link.sending, link.slot = None, -1
        link.sent_tokens += sequence.prompt
        self.transfer_s[sequence.i] = self.now_s - self.through_s[sequence.i]
        source = self.prompts[self.links.index(link)]
        source.leaving.remove(sequence)
        source.release(sequence)
        engine.expected -= 1
        engine.ready.add(sequence.i)
        engine.waiting.append(sequence)
        self.wake(engine)
        if source.waiting:
            self.wake(source)
        self.send(link)

    # Faults

    def fail(self, slot: int) -> None:
        engine = self.engines[slot]
        engine.meter(self.now_s)
        gone = engine.lost()
        if isinstance(engine, PromptEngine):
            link = self.links[slot]
            if link.sending is not None:
                self.answers[link.slot].expected -= 1
            link.queue, link.sending, link.slot, link.turn = [], None, -1, link.turn + 1
        elif isinstance(engine, AnswerEngine):
            engine.expected = 0
            i_answer = slot - len(self.prompts)
            for link in self.links:
                if link.slot == i_answer:
                    assert link.sending is not None
                    link.queue.insert(0, link.sending)
                    link.sending, link.slot, link.turn = None, -1, link.turn + 1
                    self.send(link)
        for sequence in gone:
            if not self.is_retried:
                self.lost.add(sequence.i)
                continue
            self.retries[sequence.i] = self.retries.get(sequence.i, 0) + 1
            self.arrive(sequence)

    def restore(self, slot: int) -> None:
        engine = self.engines[slot]
        engine.meter(self.now_s)
        engine.is_up = True
        if slot < len(self.prompts):
            held, self.held = self.held, []
            for sequence in held:
                self.arrive(sequence)
        else:
            for link in self.links:
                self.send(link)

    def clock(self, slot: int, frac: float) -> None:
        engine = self.engines[slot]
        engine.next_law = engine.nominal.at_clock(frac)
