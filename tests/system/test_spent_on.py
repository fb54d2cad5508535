"""What the delays of an NPU's units are spent on, as they say where they schedule their ends."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.agendas import NotingAgenda
from support.machines import network, one_collective, system

from simastra.collectives import Packet
from simastra.engine import Category, Environment
from simastra.simulation import Options, Simulation, dialect_named
from simastra.system.compute import ComputeUnit
from simastra.system.endpoint import (
    Endpoint,
    FixedDelayEndpoint,
    LocalMemory,
    PacketOwner,
    SharedBusEndpoint,
)
from simastra.system.shared_bus import LogGP
from simastra.trace import CollectiveType, Trace, TraceBuilder, write_trace
from simastra.units import NpuId

SIZE = 1000
MEMORY = LocalMemory(bytes_per_ns=10)


@dataclass
class Owner(PacketOwner):
    passed: int = 0
    tag: int = 0

    def packet_passed(self) -> None:
        self.passed += 1


@pytest.fixture
def agenda() -> NotingAgenda:
    return NotingAgenda(Environment())


def test_a_replay_and_a_roofline_are_spent_on_computing(agenda: NotingAgenda) -> None:
    unit = ComputeUnit(agenda, system(), si_rates=True)
    unit.replay(70)
    unit.roofline(0, 500)
    assert [category for _, category in agenda.spent] == [Category.COMPUTE] * 2
    assert agenda.spent[0][0] == 70


def spent(endpoint: Endpoint, agenda: NotingAgenda, *, reduces: bool) -> list[tuple[int, Category]]:
    """What a packet's delays are spent on; it passes once."""
    owner = Owner()
    endpoint.admit(Packet(SIZE, reduces=reduces, toward_memory=True), owner)
    agenda.env.run()
    assert owner.passed == 1
    return agenda.spent


def test_a_packet_passes_the_endpoint_and_is_then_reduced(agenda: NotingAgenda) -> None:
    endpoint = FixedDelayEndpoint(agenda, MEMORY, delay=15)
    expected = [(15, Category.ENDPOINT), (300, Category.REDUCTION)]
    assert spent(endpoint, agenda, reduces=False) == expected[:1]
    agenda.spent.clear()
    assert spent(endpoint, agenda, reduces=True) == expected


@pytest.mark.parametrize("reduces", [False, True])
def test_on_a_bus_a_packet_is_reduced_by_the_bus_and_by_memory(
    agenda: NotingAgenda, *, reduces: bool
) -> None:
    parameters = LogGP(latency=7, overhead=3, gap=0, gap_per_byte=0.5, reduction_delay=4)
    told = spent(SharedBusEndpoint(agenda, MEMORY, parameters), agenda, reduces=reduces)
    reduced = [delay for delay, category in told if category is Category.REDUCTION]
    assert reduced == ([50 + 4 * (SIZE // 100), 300] if reduces else [])
    assert {category for _, category in told} <= {Category.ENDPOINT, Category.REDUCTION}


class NotingEnvironment(Environment):
    """Has agendas that note."""

    def __init__(self) -> None:
        super().__init__()
        self.agendas: list[NotingAgenda] = []

    def agenda(self, npu: NpuId) -> NotingAgenda:
        self.agendas.append(NotingAgenda(self))
        return self.agendas[-1]


def test_a_computation_in_an_et_that_is_played_is_spent_on_computing(tmp_path: Path) -> None:
    parts = [TraceBuilder(npu) for npu in range(2)]
    for part in parts:
        part.compute("reduce", micros=3)
    write_trace(tmp_path / "alone", Trace.of(parts))
    env = NotingEnvironment()
    simulation = Simulation(
        one_collective(CollectiveType.ALL_REDUCE),
        system(all_reduce_implementation_custom=[str(tmp_path / "alone")]),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named("master")),
    )
    simulation.start(env=env).run()
    assert [agenda.spent for agenda in env.agendas] == [[(3000, Category.COMPUTE)]] * 2
