"""What is told of a collective that is played from ETs and stands still, word for word."""

from pathlib import Path
from typing import Any

import pytest
from support.machines import network, system

from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Run, Simulation, dialect_named
from simastra.trace import Trace, TraceBuilder, write_trace
from simastra.units import KiB

NPUS = 3


def played(ranks: list[TraceBuilder], folder: Path, **options: Any) -> Simulation:
    write_trace(folder / "et", Trace.of(ranks))
    trace = TraceBuilder()
    before = trace.compute("before", micros=1)
    trace.all_reduce("reduce", size=KiB, after=before)
    return Simulation(
        trace,
        system(all_reduce_implementation_custom=[str(folder / "et")]),
        network(("Ring", NPUS)),
        options=Options(dialect=dialect_named("master"), **options),
    )


def told(ranks: list[TraceBuilder], folder: Path, **options: Any) -> dict[int, tuple[Cause, str]]:
    """By NPU: why it waits, in words without the folder's name."""
    with pytest.raises(DeadlockError) as raised:
        played(ranks, folder, **options).run()
    waits = raised.value.waits
    return {it.npu: (it.cause, it.explanation.replace(f"{folder}/", "")) for it in waits}


def builders() -> list[TraceBuilder]:
    """One of each rank; each has something to do."""
    ranks = [TraceBuilder(rank) for rank in range(NPUS)]
    for rank in ranks:
        rank.compute("work", micros=1)
    return ranks


WAITS = "et.1.et, node 2 ('get'), waits to receive 1,000 bytes from rank 0 (NPU 0) with tag 4"


@pytest.mark.parametrize(
    ("sends", "cause", "reason"),
    [
        ([], Cause.MISSING_SEND, "et.0.et has no send to rank 1"),
        ([(1000, 3)], Cause.TAG_MISMATCH, "et.0.et's send, node 2 ('put 0'), has tag 3"),
        ([(1000, 3), (7, 4)], Cause.SIZE_MISMATCH, "et.0.et's send, node 3 ('put 1'), is of 7 b"),
        (
            [(7, 3)],
            Cause.MISSING_SEND,
            "et.0.et has only sends with tag 3 of 7 bytes to rank 1",
        ),
        (
            [(7, tag) for tag in range(10, 16)],
            Cause.MISSING_SEND,
            "et.0.et has only sends with tag 10 of 7 bytes, tag 11 of 7 bytes, tag 12 of 7 bytes, "
            "tag 13 of 7 bytes, tag 14 of 7 bytes, tag 15 of 7 bytes to rank 1",
        ),
        (
            [(7, tag) for tag in range(10, 17)],
            Cause.MISSING_SEND,
            "et.0.et has only sends with tag 10 of 7 bytes, tag 11 of 7 bytes, tag 12 of 7 bytes, "
            "tag 13 of 7 bytes, tag 14 of 7 bytes, tag 15 of 7 bytes and 1 more to rank 1",
        ),
    ],
)
def test_a_receive_without_its_send(
    sends: list[tuple[int, int]], cause: Cause, reason: str, tmp_path: Path
) -> None:
    ranks = builders()
    ranks[1].recv("get", size=1000, source=0, tag=4)
    for number, (size, tag) in enumerate(sends):
        ranks[0].send(f"put {number}", size=size, to=1, tag=tag)
    ((npu, (told_cause, text)),) = told(ranks, tmp_path).items()
    assert (npu, told_cause) == (1, cause)
    assert text.startswith(f"{WAITS}: {reason}")


def test_a_send_that_another_receive_needs_is_not_the_one(tmp_path: Path) -> None:
    ranks = builders()
    ranks[1].recv("get", size=1000, source=0, tag=4)
    ranks[1].recv("sound", size=1000, source=0, tag=3)
    ranks[0].send("put", size=1000, to=1, tag=3)
    assert told(ranks, tmp_path) == {
        1: (
            Cause.MISSING_SEND,
            f"{WAITS}: et.0.et has only sends with tag 3 of 1,000 bytes to rank 1",
        )
    }


def test_one_send_for_two_receives(tmp_path: Path) -> None:
    ranks = builders()
    ranks[0].send("put", size=1000, to=1, tag=4)
    ranks[1].recv("get", size=1000, source=0, tag=4)
    ranks[1].recv("get again", size=1000, source=0, tag=4)
    assert told(ranks, tmp_path)[1] == (
        Cause.MISSING_SEND,
        f"{WAITS}: et.0.et has only sends with tag 4 of 1,000 bytes to rank 1",
    )


@pytest.mark.parametrize("tag", [0, 4])
def test_a_send_without_its_receive_in_a_rendezvous(tag: int, tmp_path: Path) -> None:
    ranks = builders()
    ranks[0].send("put", size=1000, to=1, tag=tag)
    assert told(ranks, tmp_path, rendezvous=True) == {
        0: (
            Cause.MISSING_RECEIVE,
            f"et.0.et, node 2 ('put'), waits to send 1,000 bytes to rank 1 (NPU 1) with tag {tag}: "
            "et.1.et has no receive from rank 0",
        )
    }


def test_a_circle_in_which_each_receives_before_it_sends(tmp_path: Path) -> None:
    ranks = builders()
    for rank, other in ((0, 1), (1, 0)):
        got = ranks[rank].recv("get", size=1000, source=other, tag=4)
        ranks[rank].send("put", size=1000, to=other, tag=4, after=got)
    late = (
        "et.{0}.et, node 2 ('get'), waits to receive 1,000 bytes from rank {1} (NPU {1}) with tag "
        "4: et.{1}.et's send, node 3, hasn't got so far"
    )
    assert told(ranks, tmp_path) == {
        0: (Cause.PARTNER_WAITS, late.format(0, 1)),
        1: (Cause.PARTNER_WAITS, late.format(1, 0)),
    }


def test_a_cause_is_told_before_a_symptom(tmp_path: Path) -> None:
    ranks = builders()
    for rank, other in ((0, 1), (1, 0)):
        got = ranks[rank].recv("get", size=1000, source=other, tag=4)
        ranks[rank].send("put", size=1000, to=other, tag=4, after=got)
    ranks[1].recv("never", size=5, source=2, tag=8)
    assert told(ranks, tmp_path)[1] == (
        Cause.MISSING_SEND,
        "et.1.et, node 4 ('never'), waits to receive 5 bytes from rank 2 (NPU 2) with tag 8: "
        "et.2.et has no send to rank 1",
    )


def test_while_it_runs_a_message_on_its_way_and_who_is_late_are_told(tmp_path: Path) -> None:
    ranks = builders()
    later = ranks[0].compute("more", micros=5)
    ranks[0].send("put", size=1000, to=1, tag=4, after=later)
    ranks[1].recv("get", size=1000, source=0, tag=4)
    run = played(ranks, tmp_path).start()
    run.env.run(until=3000)
    assert run.why(1).chain[0].explanation.replace(f"{tmp_path}/", "") == (
        f"{WAITS}: et.0.et's send, node 3, hasn't got so far"
    )
    sent = next(time for time in range(3001, 20_000, 100) if _is_on_its_way(run, time))
    assert sent > 5000
    assert run.run().finish_order[0] == 2


def _is_on_its_way(run: Run, time: int) -> bool:
    run.env.run(until=time)
    chain = run.why(1).chain
    return bool(chain) and "and the message is on its way on link 0 -> 1" in str(chain[0])
