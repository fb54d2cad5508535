"""Events: what a record of each kind says, of whom, and what sends and receives agree in."""

import pytest

from simastra.engine import (
    Envelope,
    LinkUsed,
    MessageArrived,
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
