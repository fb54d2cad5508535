"""Hangs in collectives that are played from ETs: named with both ETs, the node, tags and sizes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from support.machines import network, system

from simastra.errors import Cause, DeadlockError
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import CollectiveType, Node, NodeType, Trace, TraceBuilder, write_trace
from simastra.units import KiB

Ranks = list[list[Node]]
"""The ET of each rank."""


def sound(random: Random) -> Ranks:
    """Rounds of messages to the next rank: each rank sends, receives, and only then goes on."""
    count, rounds = random.choice([2, 3, 4, 8]), random.randint(2, 5)
    ranks = []
    for rank in range(count):
        builder = TraceBuilder(rank)
        before: tuple[Node, ...] = ()
        for number in range(rounds):
            size, to, source = KiB * (1 + number % 2), (rank + 1) % count, (rank - 1) % count
            sent = builder.send(f"send {number}", size=size, to=to, tag=number, after=before)
            got = builder.recv(f"get {number}", size=size, source=source, tag=number, after=before)
            before = (sent, got)
        ranks.append(list(builder.nodes))
    return ranks


def simulation(ranks: Ranks, folder: Path, *, rendezvous: bool = False) -> Simulation:
    write_trace(folder / "play", Trace.of(ranks))
    trace = TraceBuilder()
    first = trace.compute("before", micros=3)
    trace.all_reduce("reduce", size=KiB, after=first)
    return Simulation(
        trace,
        system(all_reduce_implementation_custom=[str(folder / "play")]),
        network(("Ring", len(ranks))),
        options=Options(dialect=dialect_named("master"), rendezvous=rendezvous),
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What was planted: what is told of it, and the rank that was spoilt."""

    causes: frozenset[Cause]
    rank: int


def _half(ranks: Ranks, random: Random, kind: NodeType) -> tuple[int, int]:
    rank = random.randrange(len(ranks))
    return rank, random.choice([i for i, it in enumerate(ranks[rank]) if it.type is kind])


def _without(nodes: list[Node], place: int) -> list[Node]:
    gone = nodes[place]
    left = [it for it in nodes if it is not gone]
    return [replace(it, data_deps=tuple(d for d in it.data_deps if d != gone.id)) for it in left]


def no_send(ranks: Ranks, random: Random) -> Fault:
    rank, place = _half(ranks, random, NodeType.COMM_SEND)
    ranks[rank] = _without(ranks[rank], place)
    return Fault(frozenset({Cause.MISSING_SEND}), rank)


def no_receive(ranks: Ranks, random: Random) -> Fault:
    rank, place = _half(ranks, random, NodeType.COMM_RECV)
    ranks[rank] = _without(ranks[rank], place)
    return Fault(frozenset({Cause.MISSING_RECEIVE}), rank)


def another_tag(ranks: Ranks, random: Random) -> Fault:
    rank, place = _half(ranks, random, NodeType.COMM_SEND)
    ranks[rank][place] = replace(ranks[rank][place], comm_tag=70)
    return Fault(frozenset({Cause.TAG_MISMATCH}), rank)


def another_size(ranks: Ranks, random: Random) -> Fault:
    rank, place = _half(ranks, random, NodeType.COMM_SEND)
    ranks[rank][place] = replace(ranks[rank][place], comm_size=7)
    return Fault(frozenset({Cause.SIZE_MISMATCH}), rank)


def one_more_receive(ranks: Ranks, random: Random) -> Fault:
    rank, place = _half(ranks, random, NodeType.COMM_RECV)
    ranks[rank].append(replace(ranks[rank][place], id=900))
    return Fault(frozenset({Cause.MISSING_SEND}), rank)


def another_sender(ranks: Ranks, random: Random) -> Fault:
    rank, place = _half(ranks, random, NodeType.COMM_RECV)
    ranks[rank][place] = replace(ranks[rank][place], comm_tag=88, comm_size=3)
    return Fault(frozenset({Cause.MISSING_SEND, Cause.MISSING_RECEIVE}), rank)


FAULTS: Mapping[str, Callable[[Ranks, Random], Fault]] = {
    "no send": no_send,
    "no receive": no_receive,
    "another tag": another_tag,
    "another size": another_size,
    "one more receive": one_more_receive,
    "another tag and size": another_sender,
}


@pytest.mark.parametrize("rendezvous", [False, True])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", FAULTS)
def test_the_planted_fault_is_told_first(
    name: str,
    seed: int,
    rendezvous: bool,  # noqa: FBT001  # pytest gives it
    tmp_path: Path,
) -> None:
    if name == "no receive" and not rendezvous:
        pytest.skip("a message that nobody receives holds nobody up")
    random = Random(f"{name} {seed}")
    ranks = sound(random)
    fault = FAULTS[name](ranks, random)
    with pytest.raises(DeadlockError) as raised:
        simulation(ranks, tmp_path, rendezvous=rendezvous).run()
    first = raised.value.waits[0]
    assert first.cause in fault.causes, raised.value
    assert fault.rank in {first.npu, *first.peers}
    assert f"play.{first.npu}.et, node " in first.explanation


@pytest.mark.parametrize("seed", range(6))
def test_sound_ets_end(seed: int, tmp_path: Path) -> None:
    ranks = sound(Random(seed))
    assert len(simulation(ranks, tmp_path).run().finishes) == len(ranks)


def hang(ranks: Ranks, folder: Path, **options: bool) -> str:
    with pytest.raises(DeadlockError) as raised:
        simulation(ranks, folder, **options).run()
    return str(raised.value).replace(str(folder), "")


def pair() -> tuple[TraceBuilder, TraceBuilder]:
    return TraceBuilder(0), TraceBuilder(1)


def test_tags_and_sizes_that_are_there_are_told(tmp_path: Path) -> None:
    one, other = pair()
    for tag in (4, 5):
        one.send("sent", size=KiB, to=1, tag=tag)
        other.recv("got", size=KiB, source=0, tag=tag)
    other.recv("alone", size=64, source=0, tag=9)
    told = hang([list(one.nodes), list(other.nodes)], tmp_path)
    assert (
        "/play.1.et, node 3 ('alone'), waits to receive 64 bytes from rank 0 (NPU 0) with tag 9: "
        "/play.0.et has only sends with tag 4 of 1,024 bytes, tag 5 of 1,024 bytes to rank 1 "
        "[missing send]"
    ) in told


def test_another_tag_is_told_with_the_node_that_has_it(tmp_path: Path) -> None:
    one, other = pair()
    one.send("sent", size=KiB, to=1, tag=4)
    other.recv("got", size=KiB, source=0, tag=5)
    told = hang([list(one.nodes), list(other.nodes)], tmp_path)
    assert "with tag 5: /play.0.et's send, node 1 ('sent'), has tag 4 [tag mismatch]" in told


def test_receives_before_sends_are_a_circle(tmp_path: Path) -> None:
    ranks = []
    for rank, builder in enumerate(pair()):
        got = builder.recv("get", size=KiB, source=1 - rank)
        builder.send("send", size=KiB, to=1 - rank, after=got)
        ranks.append(list(builder.nodes))
    told = hang(ranks, tmp_path)
    assert "/play.1.et's send, node 2, hasn't got so far [partner waits]" in told
    assert "they wait in a circle: NPU 0 -> NPU 1 -> NPU 0" in told


def test_a_send_without_a_receive_waits_for_a_handshake(tmp_path: Path) -> None:
    one, other = pair()
    one.send("sent", size=KiB, to=1, tag=4)
    other.compute("idle", micros=1)
    told = hang([list(one.nodes), list(other.nodes)], tmp_path, rendezvous=True)
    assert (
        "/play.0.et, node 1 ('sent'), waits to send 1,024 bytes to rank 1 (NPU 1) with tag 4: "
        "/play.1.et has no receive from rank 0 [missing receive]"
    ) in told


def test_a_node_that_isnt_played_from_the_ets_of_the_others_is_told(tmp_path: Path) -> None:
    """The file that names ETs goes by ids of nodes, which differ on one NPU."""
    write_trace(tmp_path / "play", Trace.of(sound_pair()))
    (tmp_path / "per.yml").write_text(f"7: {tmp_path / 'play'}\n")
    kind = CollectiveType.ALL_REDUCE
    npus = [[Node(node, "x", NodeType.COMM_COLL, comm_type=kind, comm_size=KiB)] for node in (7, 8)]
    spoilt = Simulation(
        Trace.of(npus),
        system(per_node_custom_implementation=str(tmp_path / "per.yml")),
        network(("Ring", 2)),
        options=Options(dialect=dialect_named("master")),
    )
    assert "unlike-collectives" in {notice.code for notice in spoilt.notices}
    with pytest.raises(DeadlockError) as raised:
        spoilt.run()
    told = str(raised.value).replace(str(tmp_path), "")
    assert (
        "NPU 0's node 7 asks for ALL_REDUCE of 1,024 bytes played from '/play', this one for "
        "ALL_REDUCE of 1,024 bytes [collectives in different order, kind or size]"
    ) in told


def sound_pair() -> Ranks:
    ranks = []
    for rank, builder in enumerate(pair()):
        builder.send("send", size=KiB, to=1 - rank)
        builder.recv("get", size=KiB, source=1 - rank)
        ranks.append(list(builder.nodes))
    return ranks
