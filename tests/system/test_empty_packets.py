"""Packets of 0 bytes on the shared bus, by the LogGP formula and in whole collectives.

The numbers of whole collectives are ASTRA-sim's own answers.
"""

from typing import Any

import pytest
from support.machines import network, one_collective, system

from simastra.engine import Environment
from simastra.simulation import Options, Simulation
from simastra.system.shared_bus import LogGP, Request, SharedBus
from simastra.trace import CollectiveType

RS = CollectiveType.REDUCE_SCATTER


def moved(parameters: LogGP, *sizes: int, at: int = 0) -> list[int]:
    """When packets of some sizes, asked for at one time, have crossed a bus without inner bus."""
    env, times = Environment(), []
    bus = SharedBus(env.agenda(0), parameters, has_inner=False)

    def ask() -> None:
        for size in sizes:
            bus.memory_side.request(
                Request(size, processed=False, send_back=False, then=lambda: times.append(env.now))
            )

    env.call_later(at, ask)
    env.run()
    return times


@pytest.mark.parametrize(
    ("size", "overhead", "gap_per_byte", "time"),
    [
        (1, 3, 0.5, 3 + 0 + 20 + 3),
        (101, 3, 0.5, 3 + 50 + 20 + 3),
        (102, 3, 0.5, 3 + 50 + 20 + 3),  # truncated
        (0, 3, 0.5, 3 - 1 + 20 + 3),  # one byte less than one: truncated too
        (0, 3, 2.0, 3 - 2 + 20 + 3),
        (0, 3, 10.0, 3 - 10 + 20 + 3),
        (0, 3, 100.0, 0),  # and no time runs backwards
    ],
)
def test_a_packet_pays_overheads_latency_and_a_gap_for_each_byte_but_one(
    size: int, overhead: int, gap_per_byte: float, time: int
) -> None:
    parameters = LogGP(20, overhead, 0, gap_per_byte, reduction_delay=1)
    assert moved(parameters, size, at=1000) == [1000 + time]


def test_packets_leave_one_after_the_other() -> None:
    """The sender is free again after overhead and bytes; the gap is longer than the overhead."""
    parameters = LogGP(latency=20, overhead=3, gap=7, gap_per_byte=1.0, reduction_delay=1)
    sent_first = 3 + 10
    sent_second = sent_first + 7 + 4
    sent_third = sent_second + 7 - 1  # 0 bytes
    assert moved(parameters, 11, 5, 0) == [
        sent_first + 20 + 3,
        sent_second + 20 + 3,
        sent_third + 20 + 3,
    ]


BUS = {"model_shared_bus": 1, "L": 0.5, "o": 3.3, "g": 2.0, "G": 0.0038}


@pytest.mark.parametrize(
    ("changes", "cycles"),
    [
        ({}, 3182),
        ({"G": 0.5}, 3183),
        ({"G": 1.0}, 3187),
        ({"G": 2.5}, 3191),
        ({"o": 0}, 3100),
        ({"o": 0, "G": 0.99}, 3102),
        ({"o": 0, "G": 2.5}, 3111),  # ASTRA-sim would go back in time, and aborts
    ],
)
def test_the_packet_after_the_last_message_of_halving_doubling_has_no_bytes(
    changes: dict[str, Any], cycles: int
) -> None:
    """Its size is half of the last message's, and that is 1 byte."""
    config = system(["halvingDoubling"], preferred_dataset_splits=1, **{**BUS, **changes})
    result = Simulation(one_collective(RS, 7), config, network(("Switch", 8))).run()
    assert result.makespan == cycles


@pytest.mark.parametrize(("size", "cycles"), [(100, 3377), (1000, 3385)])
def test_packets_without_bytes_among_others_in_three_dimensions(size: int, cycles: int) -> None:
    config = system(["halvingDoubling"] * 3, active_chunks_per_dimension=4, **BUS)
    shape = network(("Ring", 4), ("Ring", 2), ("FullyConnected", 4))
    options = Options(backend="congestion-unaware")
    simulation = Simulation(one_collective(RS, size), config, shape, options=options)
    assert simulation.run().makespan == cycles
