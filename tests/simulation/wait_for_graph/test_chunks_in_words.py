"""What is told of chunks that wait, of handshakes and of tags, word for word."""

import pytest
from support.machines import network, system

from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Simulation
from simastra.trace import Trace, TraceBuilder
from simastra.units import KiB


def cube_of_latecomers() -> Simulation:
    """2 x 2 x 2 NPUs that come to an all-reduce of two chunks at different times: with one active
    chunk, NPUs 5 and 7 begin the last dimension with different ones (behaviour 7.3 #20)."""
    npus = [TraceBuilder(npu) for npu in range(8)]
    for builder, micros in zip(npus, (50, 2, 1, 1, 1, 1, 50, 300), strict=True):
        builder.all_reduce("reduce", size=16 * KiB, after=builder.compute("c", micros=micros))
    return Simulation(
        Trace.of(npus),
        system(
            ["ring"] * 3,
            preferred_dataset_splits=2,
            active_chunks_per_dimension=1,
            scheduling_policy="FIFO",
        ),
        network(("Switch", 2), ("Switch", 2), ("Ring", 2)),
        options=Options(shortcuts="off"),
    )


HELP = "raising active-chunks-per-dimension to preferred-dataset-splits may help"


def test_partners_that_each_keep_what_the_other_runs() -> None:
    with pytest.raises(DeadlockError) as raised:
        cube_of_latecomers().run()
    deadlock = raised.value
    found = {wait.npu: (wait.cause, wait.explanation, wait.peers) for wait in deadlock.waits}
    kept = "which keeps that chunk in queue 1 behind chunk"
    assert found[5] == (
        Cause.STREAM_ORDER,
        f"its chunk 1 runs REDUCE_SCATTER with NPU 7, {kept} 0; {HELP}",
        (7,),
    )
    assert found[7] == (
        Cause.STREAM_ORDER,
        f"its chunk 0 runs ALL_GATHER with NPU 5, {kept} 1; {HELP}",
        (5,),
    )
    assert found[1] == (
        Cause.PARTNER_WAITS,
        "its chunk 1 waits for 1,024 bytes from NPU 5, which has not sent them yet",
        (5,),
    )
    assert deadlock.cycle == (5, 7)


def test_while_others_run_the_chain_goes_from_chunk_to_chunk() -> None:
    run = cube_of_latecomers().start()
    run.env.run(until=306_000)
    told = [(wait.npu, wait.explanation, wait.cause) for wait in run.why(0).chain]
    assert told == [
        (
            0,
            "its chunk 1 waits for 4,096 bytes from NPU 1, which has not sent them yet",
            Cause.PARTNER_WAITS,
        ),
        (
            1,
            "its chunk 1 waits for 1,024 bytes from NPU 5, which has not sent them yet",
            Cause.PARTNER_WAITS,
        ),
        (
            5,
            "its chunk 1 waits for 2,048 bytes from NPU 7, which keeps that chunk in queue 1 "
            "behind chunk 0",
            Cause.PARTNER_WAITS,
        ),
        (7, "its chunk 1 is in queue 1 behind chunk 0", Cause.UNDER_WAY),
    ]
    (_, _, last) = run.why(6).chain
    assert (last.npu, last.explanation) == (5, "its chunk 0 is in queue 1 behind chunk 1")


def test_at_a_standstill_the_chain_ends_at_the_cause() -> None:
    run = cube_of_latecomers().start()
    with pytest.raises(DeadlockError):
        run.run()
    why = run.why(2)
    assert [wait.npu for wait in why.chain] == [2, 3]
    assert why.root is not None
    assert why.root.cause is Cause.STREAM_ORDER


def test_a_receive_that_takes_a_chunks_message() -> None:
    npus = [TraceBuilder(npu) for npu in range(4)]
    npus[2].recv("takes a step", size=KiB, source=1, tag=0)
    for builder in npus:
        builder.all_reduce("reduce", size=16 * KiB)
    with pytest.raises(DeadlockError) as raised:
        Simulation(Trace.of(npus), system(), network(("Ring", 4))).run()
    text = (
        "NPU 2's node 1 ('takes a step') has tag 0, which is also the tag of chunk 0: one can take "
        "the other's message; use tags that no chunk comes to"
    )
    assert {wait.explanation for wait in raised.value.waits} == {text}
    assert {wait.cause for wait in raised.value.waits} == {Cause.TAG_COLLISION}
    assert {wait.peers for wait in raised.value.waits} == {(2,)}


def test_a_handshake_on_its_way_and_the_message_that_it_calls_for() -> None:
    npus = [TraceBuilder(npu) for npu in range(2)]
    npus[0].send("send", size=64 * KiB, to=1)
    npus[1].recv("receive", size=64 * KiB, source=0)
    simulation = Simulation(
        Trace.of(npus), system(), network(("Ring", 2)), options=Options(rendezvous=True)
    )
    run = simulation.start()
    for time, where in (
        (1, "called for by a handshake, which is on its way on link 1 -> 0 until 652 ns"),
        (1500, "on its way on link 0 -> 1 until 2,372 ns"),
    ):
        run.env.run(until=time)
        for npu in (0, 1):
            (wait,) = run.why(npu).chain
            assert wait.explanation == f"the message is {where}"
            assert wait.cause is Cause.UNDER_WAY


def late_all_to_all() -> Simulation:
    """Four NPUs of which NPU 2 comes at 39,000 ns and NPU 3 at 40,000 ns; a message takes 2,000."""
    npus = [TraceBuilder(npu) for npu in range(4)]
    for builder, micros in zip(npus, (1, 1, 39, 40), strict=True):
        builder.all_to_all("a2a", size=4 * KiB, after=builder.compute("c", micros=micros))
    return Simulation(
        Trace.of(npus),
        system(["direct"], preferred_dataset_splits=1),
        network(("FullyConnected", 4), latency=2000),
        options=Options(shortcuts="off"),
    )


@pytest.mark.parametrize(
    ("time", "told", "cause"),
    [
        (38_000, "NPU 2 hasn't come to it and is at node 1 ('c')", Cause.PARTNER_WAITS),
        (39_500, "NPU 3 hasn't come to it and is at node 1 ('c')", Cause.PARTNER_WAITS),
        # NPU 2's message is on its way by now, and is not what is told of.
        (
            40_005,
            "its chunk 0 waits for 1,024 bytes from NPU 3, which has not sent them yet",
            Cause.PARTNER_WAITS,
        ),
        (
            41_900,
            "its chunk 0 waits for 1,024 bytes from NPU 3, and the message is on its way on link 3 "
            "-> 0 until 42,029 ns",
            Cause.UNDER_WAY,
        ),
    ],
)
def test_what_is_furthest_from_coming_is_told(time: int, told: str, cause: Cause) -> None:
    run = late_all_to_all().start()
    run.env.run(until=time)
    wait, *_ = run.why(0).chain
    assert (wait.explanation, wait.cause) == (told, cause)


def test_who_sends_last_and_expects_nothing_passes_its_endpoint() -> None:
    run = late_all_to_all().start()
    run.env.run(until=40_005)
    (*_, last) = run.why(0).chain
    assert (last.npu, last.explanation) == (
        3,
        "its chunk 0 passes the endpoint and expects no message",
    )
