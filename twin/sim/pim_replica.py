"""A replica on an accelerator with a computing memory: books which mapping ran and how long each unit was busy."""

from __future__ import annotations

from typing import cast

from simpy import Environment
from simpy.events import Timeout

from twin.physics.llm import IterationLaw
from twin.physics.pim_iteration import Booked, PimIterationLaw
from twin.physics.pim_memory import Mapping
from twin.physics.pim_pieces import Work
from twin.sim.kv_blocks import EngineConfig
from twin.sim.listener import LoadListener
from twin.sim.replica_state import DECODE, MIXED
from twin.sim.requests import RequestColumns
from twin.sim.serving import Load, Replica


class PimLedger:
    """Seconds, iterations and work of each accelerator of a replica, by the mapping that ran."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[Mapping, list[float]] = {}

    @property
    def rows(self) -> dict[Mapping, tuple[float, float, Work]]:
        """Seconds, iterations and work by mapping."""
        return {mapping: (row[0], row[1], Work(*row[2:])) for mapping, row in self._rows.items()}

    def add(self, booked: list[Booked], share: float = 1.0) -> None:
        """Book iterations; share: the part of them that was done."""
        for mapping, seconds, iterations, work in booked:
            row = self._rows.get(mapping)
            if row is None:
                row = self._rows[mapping] = [0.0] * (2 + len(work))
            # Written out: a loop would take as long as the rest of the booking.
            npu_s, pim_s, link_s, flops, n_bytes, pim_bytes, macs, link_bytes = work
            row[0] += share * seconds
            row[1] += share * iterations
            row[2] += share * npu_s
            row[3] += share * pim_s
            row[4] += share * link_s
            row[5] += share * flops
            row[6] += share * n_bytes
            row[7] += share * pim_bytes
            row[8] += share * macs
            row[9] += share * link_bytes

    def merge(self, other: PimLedger) -> None:
        """Add what another booked."""
        self.add([(mapping, *row) for mapping, row in other.rows.items()])


class PimReplica(Replica):
    """A replica whose law is a PimIterationLaw; its ledger is exact, also for stretches that are cut or interrupted."""

    __slots__ = ("_mixed", "ledger")

    def __init__(
        self,
        env: Environment,
        law: PimIterationLaw,
        config: EngineConfig,
        requests: RequestColumns,
        listener: LoadListener,
        i_replica: int = 0,
    ) -> None:
        super().__init__(env, law, config, requests, listener, i_replica)
        self._mixed = law.last_booked
        self.ledger = PimLedger()  # up to the end of the last iteration or stretch

    def _boundary(self, wake: Timeout) -> None:
        """Book the iteration or stretch that ended, then go on as any replica."""
        booked = self._under_way(self._n_steps)
        if booked:
            self.ledger.add(booked)
        super()._boundary(wake)

    def _begin_mixed(self, law: IterationLaw) -> Load | None:
        load = super()._begin_mixed(law)
        self._mixed = cast(PimIterationLaw, law).last_booked
        return load

    def fail(self) -> list[int]:
        """Lose power; the iteration in progress counts in proportion to the time it ran."""
        self.ledger.merge(self._begun(self._env.now))
        return super().fail()

    def ledger_at(self, now_s: float) -> PimLedger:
        """What it did until now_s, which lies in what is under way."""
        total = PimLedger()
        total.merge(self.ledger)
        total.merge(self._begun(now_s))
        return total

    def _under_way(self, n_steps: int) -> list[Booked]:
        """The first steps of the stretch under way, or the iteration; empty when idle."""
        if self._mode == DECODE:
            n = len(self._batch.running)
            return cast(PimIterationLaw, self._law).stretch_work(n, self._batch.context_sum + n, n_steps)
        if self._mode == MIXED:
            return [self._mixed]
        return []

    def _begun(self, now_s: float) -> PimLedger:
        """What of it was done by now_s, the step in progress in proportion."""
        done, elapsed_s = PimLedger(), now_s - self._start_s
        if self._mode == MIXED:
            booked = self._under_way(1)
            done.add(booked, min(1.0, elapsed_s / booked[0][1]))
        elif self._mode == DECODE:
            k = self._steps_by(now_s)
            whole = self._under_way(k)
            done.add(whole)
            if k < self._n_steps:
                n = len(self._batch.running)
                law, context_sum = cast(PimIterationLaw, self._law), self._batch.context_sum
                step = law.iteration_work(0, 0.0, n, context_sum + n * (k + 1))
                rest_s = elapsed_s - sum(part[1] for part in whole)
                done.add([step], max(0.0, min(1.0, rest_s / step[1])))
        return done
