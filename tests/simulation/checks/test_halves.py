"""Which halves of messages fit each other, and which of the others were probably meant to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.network import Envelope
from simastra.simulation.checks.halves import (
    Half,
    half_notices,
    half_of,
    halves_in,
    left_over,
    nearest,
)
from simastra.system.tags import Tags
from simastra.trace import Node, NodeType
from simastra.workload import ReceiveOperation, ReplayOperation, SendOperation

NODE = Node(7, "n", NodeType.COMM_SEND)


def send(tag: int = 0, src: int = 0, dst: int = 1, size: int = 8) -> Half:
    return Half(Envelope(tag, src, dst, size), NODE, tag, sends=True)


def receive(tag: int = 0, src: int = 0, dst: int = 1, size: int = 8) -> Half:
    return replace(send(tag, src, dst, size), sends=False)


kinds = st.lists(
    st.builds(Envelope, st.integers(0, 1), st.integers(0, 1), st.integers(0, 1), st.integers(1, 2)),
    max_size=8,
)


def of(envelopes: Sequence[Envelope], *, sends: bool) -> list[Half]:
    return [Half(it, NODE, it.tag, sends=sends) for it in envelopes]


@given(kinds, kinds)
def test_what_is_left_over_is_the_last_of_its_kind(
    ours: list[Envelope], theirs: list[Envelope]
) -> None:
    sends, receives = of(ours, sends=True), of(theirs, sends=False)
    left = list(left_over(sends, receives))
    assert Counter(it.envelope for it in left) == Counter(ours) - Counter(theirs)
    for kind, count in Counter(it.envelope for it in left).items():
        alike = [it for it in sends if it.envelope == kind]
        kept = [it for it in left if it.envelope == kind]
        assert all(one is two for one, two in zip(alike[-count:], kept, strict=True))


@given(kinds, kinds)
def test_each_half_is_told_of_once_or_has_its_other_half(
    ours: list[Envelope], theirs: list[Envelope]
) -> None:
    notices = half_notices([*of(ours, sends=True), *of(theirs, sends=False)], ["x", "y"])
    told = {it.code: int(it.message.split()[0]) for it in notices}
    sends = (Counter(ours) - Counter(theirs)).total()
    receives = (Counter(theirs) - Counter(ours)).total()
    pairs = told.get("unlike-halves", 0)
    assert told.get("missing-receive", 0) == sends - pairs
    assert told.get("missing-send", 0) == receives - pairs
    ends_of_sends = Counter(it[1:3] for it in (Counter(ours) - Counter(theirs)).elements())
    ends_of_receives = Counter(it[1:3] for it in (Counter(theirs) - Counter(ours)).elements())
    assert pairs <= (ends_of_sends & ends_of_receives).total()


def test_of_the_halves_that_nearly_fit_the_one_of_the_same_tag_is_nearest() -> None:
    size, tag, neither = receive(4, size=9), receive(5), receive(5, size=9)
    sent = send(4)
    assert nearest(sent, [neither, tag, size]) is size
    assert nearest(sent, [neither, tag]) is tag
    assert nearest(sent, [neither]) is None
    assert nearest(sent, [receive(4, src=2), receive(4, dst=2)]) is None


def test_halves_that_were_meant_for_each_other_are_told_together_the_same_tag_first() -> None:
    (notice,) = half_notices([send(4), receive(5), receive(4, size=9)], ["x", "y"])[:1]
    assert (notice.code, notice.where) == ("unlike-halves", "x")
    assert notice.message == (
        "1 send differs in size or tag from the receive that is left for it: NPU 0's node 7 ('n') "
        "sends 8 bytes with tag 4 to NPU 1, whose node 7 ('n') waits for 9 bytes with tag 4"
    )
    halves = [send(1), send(2), receive(1, size=9), receive(2, size=9)]
    (notice,) = half_notices(halves, ["x", "y"])
    assert notice.message.startswith("2 sends differ in size or tag")
    assert "with tag 1 to NPU 1" in notice.message


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (
            1,
            "1 send has no receive: NPU 0's node 7 ('n') sends 8 bytes with tag 3 to NPU 1, which ",
        ),
        (2, "2 sends have no receive: NPU 0's node 7 ('n') sends 8 bytes with tag 3 to NPU 1, "),
    ],
)
def test_sends_without_receive_are_counted(count: int, message: str) -> None:
    (notice,) = half_notices([send(3)] * count, ["x", "y"])
    assert (notice.code, notice.where) == ("missing-receive", "x")
    assert notice.message.startswith(message)


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (1, "1 receive has no send and waits for ever: NPU 1's node 7 ('n') expects 8 bytes with "),
        (
            3,
            "3 receives have no send and wait for ever: NPU 1's node 7 ('n') expects 8 bytes with ",
        ),
    ],
)
def test_receives_without_send_are_counted(count: int, message: str) -> None:
    (notice,) = half_notices([receive(3)] * count, {1: "y"})
    assert (notice.code, notice.where) == ("missing-send", "y")
    assert notice.message.startswith(message)
    assert notice.message.endswith("tag 3 from NPU 0, which doesn't send them")


def test_an_operation_is_a_half_with_the_tag_that_the_network_has() -> None:
    separate = Tags(separate=True)
    sent = half_of(2, NODE, SendOperation(3, 9, 500_000_004), separate)
    assert sent == Half(Envelope(4, 2, 3, 9), NODE, 500_000_004, sends=True)
    assert (sent.npu, sent.peer, sent.verb, sent.wanted, sent.toward) == (
        2,
        3,
        "send",
        "receive",
        "to",
    )
    got = half_of(2, NODE, ReceiveOperation(3, 9, 4), Tags(separate=False))
    assert got == Half(Envelope(4, 3, 2, 9), NODE, 4, sends=False)
    assert (got.npu, got.peer, got.verb, got.wanted, got.toward) == (
        2,
        3,
        "receive",
        "send",
        "from",
    )
    assert half_of(2, NODE, ReplayOperation(1), separate) is None


def test_nodes_of_a_file_are_halves_if_they_name_the_other_end() -> None:
    nodes = [
        Node(1, "a", NodeType.COMM_SEND, comm_dst=0, comm_size=5, comm_tag=6),
        Node(2, "b", NodeType.COMM_RECV, comm_src=0),
        Node(3, "c", NodeType.COMM_SEND, comm_src=0),
        Node(4, "d", NodeType.COMM_RECV, comm_dst=0),
        Node(5, "e", NodeType.COMP, comm_src=0, comm_dst=0),
    ]
    assert list(halves_in(nodes, 4, "rank")) == [
        Half(Envelope(6, 4, 0, 5), nodes[0], 6, sends=True, place="rank"),
        Half(Envelope(0, 0, 4, 0), nodes[1], 0, sends=False, place="rank"),
    ]
