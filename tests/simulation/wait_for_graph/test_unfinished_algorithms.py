"""An algorithm that never says that it has finished: the message names what is missing."""

from collections.abc import Iterable
from itertools import repeat

import pytest
from support.machines import network, system

from simastra.collectives import (
    ALGORITHMS,
    Algorithm,
    AlgorithmEntry,
    Exchange,
    LogicalRing,
    Packet,
    PhaseMachine,
)
from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Simulation, Tables
from simastra.trace import CollectiveType, TraceBuilder


class Endless(Algorithm):
    """Each sends to the next, and has no end."""

    def machine(
        self, collective: CollectiveType, size: int, ring: LogicalRing, turn: int = 0
    ) -> PhaseMachine:
        return _Member(size, ring)

    def problem(self, collective: CollectiveType, npus: int) -> str | None:
        return None


class _Member(PhaseMachine):
    def __init__(self, size: int, ring: LogicalRing) -> None:
        self.size, self.ring = size, ring

    def start(self, exchange: Exchange) -> None:
        exchange.admit(Packet(self.size, reduces=False, toward_memory=True))

    def received(self, exchange: Exchange) -> None:
        """All is there, and `exchange.finish` should be called."""

    def admitted(self, exchange: Exchange) -> None:
        exchange.send(self.ring.peer(1), self.size)
        exchange.receive(self.ring.peer(-1), self.size)

    def blocks(self) -> Iterable[range]:
        return repeat(range(1))


def test_an_algorithm_that_never_finishes_is_told_what_it_lacks() -> None:
    trace = TraceBuilder()
    trace.all_reduce("sum", size=4096)
    tables = Tables(algorithms={**ALGORITHMS, "endless": AlgorithmEntry(Endless())})
    simulation = Simulation(
        trace,
        system(all_reduce_implementation=["endless"]),
        network(("Ring", 4)),
        options=Options(tables=tables, shortcuts="off"),
    )
    with pytest.raises(DeadlockError) as caught:
        simulation.run()
    assert [it.npu for it in caught.value.waits] == [0, 1, 2, 3]
    assert {it.cause for it in caught.value.waits} == {Cause.NEVER_FINISHED}
    told = str(caught.value)
    assert "expects no message any more, and its algorithm hasn't called finish()" in told
    assert told.endswith("likely cause: algorithm doesn't finish")
