"""`Run.why`: what holds an NPU, at moments of a run that can be drawn."""

import pytest
from support.machines import network, system

from simastra.config import MemoryConfig
from simastra.errors import Cause, OptionError
from simastra.simulation import Options, Run, Simulation, Why, dialect_named
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB, MiB

SIZE = 64 * KiB  # 1,220 ns on the wire, then 500 ns


def started(npus: list[TraceBuilder], **options: object) -> Run:
    return Simulation(
        Trace.of(npus),
        system(preferred_dataset_splits=1),
        network(("Ring", len(npus))),
        options=Options(**options),  # type: ignore[arg-type]
    ).start()


def at(time: int, run: Run, npu: int) -> Why:
    run.env.run(until=time)
    return run.why(npu)


def steps(why: Why) -> list[tuple[int, str, Cause]]:
    return [(wait.npu, wait.name, wait.cause) for wait in why.chain]


def chain_of(npus: int) -> list[TraceBuilder]:
    """0 computes 5 us and sends to 1, which passes it on to 2, and so on."""
    builders = [TraceBuilder(npu) for npu in range(npus)]
    before = builders[0].compute("forward", micros=5)
    for npu, builder in enumerate(builders):
        if npu:
            before = builder.recv("receive", size=SIZE, source=npu - 1)
        if npu + 1 < npus:
            builder.send("send", size=SIZE, to=npu + 1, after=before)
    return builders


def test_a_chain_leads_to_who_computes() -> None:
    why = at(3000, started(chain_of(3)), 2)
    assert steps(why) == [
        (2, "receive", Cause.PARTNER_WAITS),
        (1, "receive", Cause.PARTNER_WAITS),
        (0, "forward", Cause.UNDER_WAY),
    ]
    assert why.root is not None
    assert why.root.what == "computes for 5,000 ns"
    assert why.root.explanation.endswith("ends at 5,000 ns")
    assert why.chain[0].peers == (1,)


def test_a_chain_leads_to_a_message_on_its_way() -> None:
    run = started(chain_of(3))
    why = at(5500, run, 2)
    assert steps(why) == [(2, "receive", Cause.PARTNER_WAITS), (1, "receive", Cause.UNDER_WAY)]
    assert "on its way on link 0 -> 1 until 6,720 ns" in str(why)
    assert "the message is on its way on link 0 -> 1" in str(run.why(0))


def test_a_message_behind_others_says_where_it_is_queued() -> None:
    npus = [TraceBuilder(npu) for npu in range(4)]
    for npu in (0, 1, 2):
        npus[npu].send("send", size=SIZE, to=3)
    for npu in (0, 1, 2):
        npus[3].recv(f"from {npu}", size=SIZE, source=npu)
    run = Simulation(
        Trace.of(npus),
        system(),
        network(("Switch", 4)),
        options=Options(dialect=dialect_named("master")),
    ).start()
    why = at(2000, run, 2)
    assert "queued at link 4 -> 3 behind 2 messages" in str(why)
    assert steps(why) == [(2, "send", Cause.UNDER_WAY)]
    # 3 has three receives under way: one is told first, the others beside it.
    assert [wait.name for wait in run.why(3).others] == ["from 1", "from 2"]


def test_a_unit_that_is_held_leads_to_its_holder() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    npus[1].recv("early", size=KiB, source=0, tag=1)
    npus[1].send("late", size=KiB, to=0, tag=2)
    npus[0].recv("wanted", size=KiB, source=1, tag=2)
    computed = npus[0].compute("long", micros=9)
    npus[0].send("sent", size=KiB, to=1, tag=1, after=computed)
    why = at(100, started(npus), 0)
    assert steps(why)[:2] == [(0, "wanted", Cause.UNIT_HELD), (1, "early", Cause.PARTNER_WAITS)]


def test_a_member_that_has_not_come_is_followed() -> None:
    npus = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(npus):
        before = builder.compute("forward", micros=5) if npu == 2 else ()
        builder.all_reduce("gradients", size=MiB, after=before)
    why = at(1000, started(npus), 0)
    assert steps(why) == [
        (0, "gradients", Cause.PARTNER_WAITS),
        (2, "forward", Cause.UNDER_WAY),
    ]
    assert "NPU 2 hasn't come to it and is at node 1 ('forward')" in str(why)


def test_within_a_collective_the_chain_goes_from_neighbour_to_neighbour() -> None:
    npus = [TraceBuilder(npu) for npu in range(4)]
    for npu, builder in enumerate(npus):
        before = builder.compute("forward", micros=5) if npu == 2 else ()
        builder.all_reduce("gradients", size=64 * KiB, after=before)
    run = started(npus)
    why = at(5001, run, 0)
    assert [wait.npu for wait in why.chain] == [0, 3, 2]
    assert why.root is not None
    assert "passes the endpoint" in why.root.explanation
    later = at(5100, run, 0)
    assert [wait.npu for wait in later.chain] == [0, 3]
    assert "from NPU 2, and the message is on its way on link 2 -> 3" in str(later)


def test_a_memory_access_ends_in_its_time() -> None:
    npus = [TraceBuilder(0), TraceBuilder(1)]
    npus[0].load("weights", tensor_size=10_000)
    memory = MemoryConfig.parse(
        {"memory-type": "PER_NPU_MEMORY_EXPANSION", "remote-mem-latency": 9, "remote-mem-bw": 1}
    )
    run = Simulation(Trace.of(npus), system(), network(("Ring", 2)), memory).start()
    assert steps(at(10, run, 0)) == [(0, "weights", Cause.UNDER_WAY)]


def test_a_circle_is_told_before_and_after_everything_stands_still() -> None:
    npus = [TraceBuilder(npu) for npu in range(3)]
    for npu in (0, 1):
        received = npus[npu].recv("receive", size=KiB, source=1 - npu)
        npus[npu].send("send", size=KiB, to=1 - npu, after=received)
    npus[2].compute("elsewhere", micros=7)
    run = started(npus, dialect=dialect_named("master"))
    why = at(100, run, 0)
    assert why.circle == (0, 1)
    assert "they wait in a circle: NPU 0 -> NPU 1 -> NPU 0" in str(why)
    run.env.run()
    assert run.why(0).circle == (0, 1)
    assert run.why(2).finish_time == 7000


def test_a_hang_is_foretold_while_others_still_run() -> None:
    npus = [TraceBuilder(npu) for npu in range(3)]
    npus[1].recv("receive", size=KiB, source=0, tag=4)
    npus[0].send("send", size=KiB, to=1, tag=3)
    npus[2].compute("elsewhere", micros=7)
    why = at(2000, started(npus), 1)
    assert steps(why) == [(1, "receive", Cause.TAG_MISMATCH)]


def test_before_the_start_and_after_the_end() -> None:
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=MiB)
    run = Simulation(trace, system(), network(("Ring", 4))).start()
    before = run.why(0)
    assert (before.chain, before.finish_time) == ((), None)
    assert str(before) == "at 0 ns NPU 0 has nothing under way"
    makespan = run.run().makespan
    assert str(run.why(0)) == f"NPU 0 finished at {makespan:,} ns"


def test_as_plain_data() -> None:
    document = at(3000, started(chain_of(2)), 1).to_dict()
    assert (document["npu"], document["time"], document["finish_time"]) == (1, 3000, None)
    assert document["chain"][-1]["cause"] == "under way"


@pytest.mark.parametrize("npu", [-1, 2])
def test_an_npu_that_is_not_there_is_refused(npu: int) -> None:
    with pytest.raises(OptionError, match=f"must be from 0 to 1, not {npu}"):
        started(chain_of(2)).why(npu)
