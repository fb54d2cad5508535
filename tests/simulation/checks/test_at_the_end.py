"""What is in doubt once all NPUs have finished: messages that nobody has received."""

from pathlib import Path

import pytest
from four_npus import NPUS, builders, simulated
from support.machines import network, system

from simastra.simulation import Options, Simulation, dialect_named
from simastra.simulation.checks.end import LAST_EXACT_DOUBLE, end_notices, late_notices
from simastra.trace import Trace, TraceBuilder, write_trace
from simastra.units import KiB


def told(simulation: Simulation) -> tuple[str, str] | None:
    """Where and what, of a run that ends; nothing if nothing is in doubt."""
    run = simulation.start()
    run.run()
    notices = end_notices(simulation.experiment, run.processes, run.mailbox)
    assert {notice.code for notice in notices} <= {"unreceived-messages"}
    return (notices[0].where, notices[0].message) if notices else None


@pytest.mark.parametrize(
    ("count", "what"), [(1, "1 message was never"), (2, "2 messages were never")]
)
def test_messages_that_nobody_received_are_counted(count: int, what: str) -> None:
    npus = builders()
    for _ in range(count):
        npus[0].send("lost", size=KiB, to=2, tag=7)
    assert told(simulated(npus)) == (
        "NPU 2",
        f"{what} received, though all NPUs have finished; the first is of 1024 bytes from NPU 0 "
        "with tag 7",
    )


def test_all_received_is_no_doubt() -> None:
    npus = builders()
    npus[0].send("send", size=KiB, to=2, tag=7)
    npus[2].recv("receive", size=KiB, source=0, tag=7)
    assert told(simulated(npus)) is None


@pytest.mark.parametrize("splits", [1, 4])
def test_a_message_of_an_et_has_its_ets_tag_and_the_chunk_that_plays_it(
    splits: int, tmp_path: Path
) -> None:
    ranks = [TraceBuilder(rank) for rank in range(NPUS)]
    for rank in ranks:
        rank.compute("work", micros=1)
    ranks[1].send("lost", size=KiB, to=3, tag=9)
    write_trace(tmp_path / "play", Trace.of(ranks))
    trace = TraceBuilder()
    before = trace.all_gather("first", size=KiB)
    trace.all_reduce("reduce", size=KiB, after=before)
    simulation = Simulation(
        trace,
        system(
            all_reduce_implementation_custom=[str(tmp_path / "play")],
            preferred_dataset_splits=splits,
        ),
        network(("Ring", NPUS)),
        options=Options(dialect=dialect_named("master")),
    )
    assert told(simulation) == (
        "NPU 3",
        "1 message was never received, though all NPUs have finished; the first is of 1024 bytes "
        f"from NPU 1 with tag 9, of the ET that plays chunk {splits}",
    )


def test_from_when_on_astra_sim_loses_events() -> None:
    assert late_notices(LAST_EXACT_DOUBLE, "t.0.et") == ()
    (notice,) = late_notices(LAST_EXACT_DOUBLE + 1, "t.0.et")
    assert (notice.code, notice.where) == ("late-times", "t.0.et")
    assert notice.message.startswith("the run ended at 9007199254740993 ns;")
