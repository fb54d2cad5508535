"""Events: what a record of each kind says, of whom, and what sends and receives agree in."""

import pytest

from simastra.engine import (
    CollectiveEnded,
    CollectiveMet,
    Envelope,
    Flowed,
    LinkChanged,
    LinkUsed,
    MessageArrived,
    MessageLost,
    MessageQueued,
    MessageSent,
    MessageStep,
    ModelEvent,
    NodeFinished,
    NodeIssued,
    NpuFinished,
    ReceivePosted,
    Transmitting,
)
from simastra.trace import Node, NodeType

NODE = Node(5, "gradients", NodeType.COMM_COLL)
LINKS = ((1, 8), (8, 2))


def flowed(bottleneck: tuple[int, int] | None) -> Flowed:
    envelope = Envelope(8, 1, 2, 4096)
    return Flowed(envelope, 7, 1007, 4.096, LINKS, (1, 0.5), bottleneck, (1,), 7, is_last=True)


def lost(*, on_the_wire: bool, is_rerouted: bool) -> MessageLost:
    began, place = (3, None) if on_the_wire else (None, 0)
    return MessageLost(4, 9, 1, 2, 4096, 8, 7, began, place, is_rerouted, "storm")


class Cable:
    """Stands for a link: a probe may rely on this much."""

    src, dst, busy_time, bytes_carried, messages_carried = 4, 9, 0, 0, 0


@pytest.mark.parametrize(
    ("event", "npus", "text"),
    [
        (NodeIssued(3, NODE, 7), (3,), "NPU 3 issued node 5 ('gradients')"),
        (NodeFinished(3, NODE, 7), (3,), "NPU 3 finished node 5 ('gradients')"),
        (NpuFinished(3, 7), (3,), "NPU 3 has finished its trace"),
        (MessageSent(1, 2, 4096, 8, 7), (1,), "NPU 1 sent 4,096 B to NPU 2, tag 8"),
        (
            MessageSent(1, 2, 4096, 8, 7, MessageStep(NODE, 6, 2, 4)),
            (1,),
            "NPU 1 sent 4,096 B to NPU 2, tag 8, step 4 of phase 2 of stream 6",
        ),
        (ReceivePosted(1, 2, 4096, 8, 7), (2,), "NPU 2 asks for 4,096 B from NPU 1, tag 8"),
        (MessageArrived(1, 2, 4096, 8, 7), (2,), "4,096 B from NPU 1 arrived at NPU 2, tag 8"),
        (
            MessageQueued(4, 9, 1, 2, 4096, 7),
            (),
            "4,096 B from NPU 1 to NPU 2 wait for link 4 -> 9",
        ),
        (Transmitting(4, 9, 4096, 7, 1007), (), "link 4 -> 9 transmits 4,096 B until 1,007 ns"),
        (LinkUsed(Cable(), 7), (), "link 4 -> 9 is used for the first time"),
        (LinkChanged(4, 9, "is down", "storm", 7), (), "link 4 -> 9 is down (storm)"),
        (LinkChanged(4, 9, "is as usual", "", 7), (), "link 4 -> 9 is as usual"),
        (
            lost(on_the_wire=True, is_rerouted=False),
            (),
            "4,096 B from NPU 1 to NPU 2 are lost on link 4 -> 9 (storm), and are sent again over "
            "it",
        ),
        (
            lost(on_the_wire=False, is_rerouted=True),
            (),
            "4,096 B from NPU 1 to NPU 2 leave link 4 -> 9 (storm), and take another way",
        ),
        (flowed(None), (), "4,096 B from NPU 1 to NPU 2 flowed for 1,000 ns at 4.096 B/ns"),
        (flowed((8, 2)), (), f"{flowed(None)}, which link 8 -> 2 allows"),
        (flowed((2, 2)), (), f"{flowed(None)}, which NPU 2's NIC allows"),
        (
            CollectiveMet((3, 1), (NODE, NODE), "ALL_REDUCE of 4,096 B", 7, 107),
            (3, 1),
            "all 2 members have come to ALL_REDUCE of 4,096 B, NPU 1 last; it takes 100 ns",
        ),
        (
            CollectiveEnded((3, 1), (NODE, NODE), "ALL_REDUCE", 1, 1, 2, 3, 0, 7),
            (3, 1),
            "ALL_REDUCE among 2 NPUs has ended, after 6 ns",
        ),
        (
            CollectiveEnded((3, 1), (NODE, NODE), "ALL_REDUCE", 1, 1, 2, 1, 2, 7),
            (3, 1),
            "ALL_REDUCE among 2 NPUs has ended, after 6 ns, 2 of them for sharing links",
        ),
    ],
)
def test_an_event_says_what_happened_and_whom_it_concerns(
    event: ModelEvent, npus: tuple[int, ...], text: str
) -> None:
    assert (event.npus, str(event), event.time) == (npus, text, 7)


@pytest.mark.parametrize("kind", [MessageSent, ReceivePosted, MessageArrived])
def test_what_is_sent_asked_for_and_arrives_has_one_envelope(
    kind: type[MessageSent | ReceivePosted | MessageArrived],
) -> None:
    assert kind(1, 2, 4096, 8, 7).envelope == Envelope(tag=8, src=1, dst=2, size=4096)
