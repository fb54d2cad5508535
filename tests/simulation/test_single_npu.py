"""One NPU alone, and dimensions of one NPU: ASTRA-sim refuses them, and here they run."""

import pytest
from support.machines import network, one_collective, system

from simastra import Options, Simulation, TraceBuilder
from simastra.notices import Severity
from simastra.trace import CollectiveType

ALGORITHMS = ("ring", "direct", "halvingDoubling", "doubleBinaryTree", "oneRing", "oneDirect")
CASCADE = (CollectiveType.REDUCE_SCATTER, CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER)


def step() -> TraceBuilder:
    """A computation, three collectives and a computation, one after the other."""
    trace = TraceBuilder()
    last = trace.compute("forward", micros=5)
    for collective in CASCADE:
        last = trace.collective(collective, collective.name, size=1000, after=[last])
    trace.compute("backward", micros=7, after=[last])
    return trace


@pytest.mark.parametrize("shortcuts", ["off", "always"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("topology", ["Ring", "FullyConnected", "Switch"])
def test_a_single_npu_takes_the_time_of_its_computations(
    topology: str, algorithm: str, shortcuts: str
) -> None:
    options = Options(shortcuts=shortcuts)
    machine = system([algorithm]), network((topology, 1))
    result = Simulation(step(), *machine, options=options).run()
    assert result.cycles == {0: 12000}


@pytest.mark.parametrize("shortcuts", ["off", "always"])
@pytest.mark.parametrize("optimization", ["baseline", "localBWAware"])
@pytest.mark.parametrize("algorithm", ["ring", "direct", "halvingDoubling", "doubleBinaryTree"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_dimension_of_one_npu_changes_nothing(
    place: int, algorithm: str, optimization: str, shortcuts: str
) -> None:
    alone = ("Ring", 4)
    beside = [alone, alone]
    beside[place] = ("Switch", 1)
    options = Options(shortcuts=shortcuts)

    def cycles(*dimensions: tuple[str, int]) -> dict[int, int]:
        config = system([algorithm] * len(dimensions), collective_optimization=optimization)
        trace = one_collective(CollectiveType.ALL_REDUCE)
        return Simulation(trace, config, network(*dimensions), options=options).run().cycles

    assert cycles(*beside) == cycles(alone)


def test_a_dimension_of_one_npu_is_said_and_is_no_doubt() -> None:
    (notice,) = network(("Ring", 4), ("Switch", 1)).notices()
    assert (notice.code, notice.severity) == ("single-npu-dimension", Severity.INFO)
    assert (notice.where, notice.fix) == ("network: npus_count[1]", "leave the dimension out")
    (notice,) = network(("Ring", 1)).notices()
    assert notice.fix == "write 2 or more NPUs"
    assert not network(("Ring", 4)).notices()
