"""The records that the compiled loop works on: plain arrays with named fields.

Tables are made once and only read; pools hold what is under way and grow; the rest is kept for each
NPU, node, queue and link. Indices are of 4 bytes, times, sizes and tags of 8.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Records: TypeAlias = NDArray[np.void]
Numbers: TypeAlias = NDArray[np.int32]

NONE = -1
"""No record: the end of a list."""

TICK = -1
"""Owner of the calls of all NPUs that are due at one time."""

NOBODY = -2
"""Owner of a line that is free."""


def _record(**fields: str | np.dtype[np.void]) -> np.dtype[np.void]:
    return np.dtype(list(fields.items()), align=True)


# What a call does; `a` and `b` say to what.
(
    RUN_AGENDA,  # line
    CROSS,  # message
    ARRIVE,  # message
    MATCH,  # message
    RELEASE,  # link
    PASSED,  # stream
    REDUCE,  # stream, action
    RECEIVED,  # stream
    END_PHASE,  # stream
    LEAVE_QUEUE,  # stream
    NODE_DONE,  # node of an NPU, NPU
    ISSUE,  # NPU
    SERVED,  # server
    SEND_NOW,  # message
    RECEIVE_NOW,  # message
    BUS_SENT,  # side
    BUS_RECEIVED,  # side
    BUS_PROCESSED,  # side
    BUS_GO_ON,  # side
    OVER_INNER,  # request, side
    ET_NODE_DONE,  # stream, node of its ET
) = range(21)

# What a node does.
SKIP, DELAY, COLLECTIVE, SEND, RECEIVE, ACCESS = range(6)

# What a score's action does.
DO_ADMIT, DO_SEND, DO_RECEIVE, DO_FINISH = range(4)

# How a score names members: so many places on, by flipped bits of the position, by position.
BY_SHIFT, BY_EXCHANGE, BY_POSITION = range(3)

# How a leg picks a queue (simastra.collectives.queues.Pick); none is picked for ETs.
PICK_NEXT, PICK_FIRST, PICK_LAST, PICK_NONE = range(4)

# What one end of a bus does.
FREE, SENDING, RECEIVING = range(3)

# Where a packet goes on a bus; bits.
TOWARD_MEMORY, SEND_BACK = 1, 2

# Ends of an NPU's two buses, of which the last bit says which end it is.
NPU_SIDE, MEMORY_SIDE, INNER_NPU_SIDE, INNER_MEMORY_SIDE = range(4)
SIDES = 4

# What becomes of a request that has passed the inner bus.
IS_SENT, IS_PROCESSED, IS_OVER = range(3)

# Scheduling policies.
LIFO, FIFO, EXPLICIT = range(3)

# Pools.
CALLS, LINES, MESSAGES, MATCHES, STREAMS, PARTS, REQUESTS, WAYS = range(8)

# Why the loop has come back.
DONE, SHORT, PAUSED = range(3)

# Why it has failed: a single call has needed more records than there were; the way of a message
# can't be told; something would happen later than time goes.
NO_ROOM, NO_WAY, TOO_LATE = range(1, 4)

POOL = _record(address="i8", record="i8", free="i4", top="i4", used="i4", size="i4")
"""address, record: where its records are, and bytes of each. free: the first that has been given
back. top: the first that has never been used. size: how many there are."""

WAITING = _record(head="i4", tail="i4")
"""What waits, first come first served: the first and the last of some records of a pool, which have
each other as `next`. The last says nothing where there is no first."""

NUMBER = _record(value="i4")
TIME = _record(value="i8")

STATE = _record(
    now="i8", tick="i4", agenda="i4", times="i4", next_npu="i4", stack="i4", finished="i4",
    links_used="i4", relink="i4", short="i4", failure="i4", early="i8",
)  # fmt: skip
"""now: the time. tick, agenda: the lines that are being run. times: how many are in the heap.
next_npu: the first that has not begun. stack: calls to be made in place. finished: NPUs that have.
relink: whether buckets are new and empty. short: whether some pool is more than half in use.
failure: why the loop has failed, if it has.
early: messages that came before their receives and have not been received."""

RULES = _record(
    npus="i4", dimensions="i4", queues_per_dimension="i4", running_per_queue="i4", policy="i4",
    queues_at_links="i4", multipath="i4", at_once="i4", separate_tags="i4", rendezvous="i4",
    tag_offset="i8",
)  # fmt: skip
"""What is the same throughout a run."""

CALL = _record(
    next="i4", kind="i4", a="i4", b="i4",
)  # fmt: skip

LINE = _record(
    next="i4", owner="i4", time="i8", due=WAITING,
)  # fmt: skip
"""What is due at a time: a tick, or an NPU's agenda for it. next: in its bucket, or free.
due: calls."""

MESSAGE = _record(
    next="i4", pair="i4", tag="i8", size="i8", hop="i4", then="i4", a="i4", b="i4",
)  # fmt: skip
"""pair: of sender and receiver. hop: index in the routes. then, a, b: the sender's call on arrival.
next: behind it at a link, or free."""

MATCH_RECORD = _record(
    next="i4", pair="i4", tag="i8", size="i8", posted=WAITING, early="i4",
)  # fmt: skip
"""early: messages that nobody expects yet. posted: calls of receives that nothing came for."""

STREAM = _record(
    next="i4", tag="i8", priority="i8", npu="i4", node="i4", part="i4", queue="i4", score="i4",
    ring="i4", position="i4", step="i4", arrivals="i4", admissions="i4",
)  # fmt: skip
"""A chunk in flight, and its part in its present phase. node: of the NPU, whose collective it is.
part: the first of the phases that follow. score: or an ET, as its number inverted. step: the
score's next; or where an ET's progress is counted. next: in its queue, or free."""

PART = _record(
    next="i4", score="i4", ring="i4", position="i4", queue="i4",
)  # fmt: skip
"""A phase of a chunk that it has still to go through."""

PAIR = _record(dst="i4", src="i4", first="i4", latency="f8", bytes_per_ns="f8")
"""A sender and a receiver. first: of the links between them, after which comes a `NONE`.
latency, bytes_per_ns: of the whole way, where nobody queues."""

WAY = _record(next="i4", pair="i4", tag="i8", first="i4", latency="f8", bytes_per_ns="f8")
"""The same of a pair's messages of one tag, where the tag matters."""

LINK = _record(
    latency="f8", bytes_per_ns="f8", busy_time="i8", size="i8", messages="i8", waiting=WAITING,
    is_busy="i4",
)  # fmt: skip
"""waiting: messages."""

NPU = _record(
    finished="i8", first="i4", program="i4", left="i4", running="i4", busy="i4", issued="i4",
    done="i4", plans="i4", server="i4", progress="i4",
)  # fmt: skip
"""finished: when it has. first: of its nodes. program: first node of its program. left: nodes that
have not finished.
running: under way. busy: units, a bit each. issued: collectives so far. done: nodes that have
finished and have a record. plans: first of its collectives' plans. server: of its remote memory.
progress: the first place to count that of an ET which isn't in use."""

HEAP = _record(first="i4", size="i4")
"""Ready nodes of an NPU that need one unit."""

NODE = _record(issued="i8", finished="i8", blocked="i4", chunks="i4", turn="i4")
"""A node of an NPU. blocked: parents that have not finished. chunks: that have not ended.
turn: how many collectives the NPU had issued before."""

OPERATION = _record(
    size="i8", tag="i8", kind="i4", resource="i4", other="i4", first_child="i4", end_child="i4"
)
"""A node of a program. size: bytes; or ns that it takes. other: the other NPU; the plan."""

PLAN = _record(
    priority="i8", chunks="i4", first_leg="i4", end_leg="i4", seats="i4", communicator="i4"
)

LEG = _record(dimension="i4", pick="i4", forth="i4", back="i4", period="i4", positions="i4")
"""A phase of a plan. forth, back: first of its scores, clockwise and not; or an ET and a ring.
period: after how many turns they are the same. positions: for how many positions there is one each,
0 for one for all."""

SEAT = _record(ring="i4", position="i4", back_ring="i4", back_position="i4", turns="i4")
"""An NPU's place along a logical dimension. turns: phases planned along it so far."""

COMMUNICATOR = _record(next_stream="i8")

TURNS = _record(next="i4", first="i4", last="i4")

QUEUE = _record(waiting=WAITING, running="i4")
"""waiting: streams that have not begun."""

RING = _record(delay="i8", first="i4", size="i4")
"""delay: of a packet at an endpoint, NONE for a bus. first, size: of its members."""

SCORE = _record(
    addressing="i4", first_start="i4", end_start="i4", first_arrival="i4", arrivals="i4",
    first_step="i4", end_step="i4",
)  # fmt: skip

STEP = _record(admissions="i4", arrivals="i4", first="i4", end="i4")

ACTION = _record(size="i8", reduction="i8", kind="i4", other="i4")
"""reduction: ns; negative for a packet that isn't reduced. other: the other member; where a packet
goes on a bus."""

ET = _record(first="i4", nodes="i4")
"""Of a collective that is played from ETs."""

ET_NODE = _record(
    size="i8", tag="i8", kind="i4", other="i4", parents="i4", first_child="i4", end_child="i4"
)
"""As `OPERATION`. other: its rank. parents: how many it waits for."""

PROGRESS = _record(next="i4", left="i4", first="i4")
"""Of an ET that an NPU plays. left: nodes that have not finished. first: of the parents, node by
node, that have not. next: another that is free."""

SERVER = _record(waiting=WAITING, is_busy="i4")
"""waiting: calls of accesses: node, NPU."""

LOGGP = _record(latency="i8", overhead="i8", gap="i8", gap_per_byte="f8", reduction_delay="i8")
"""As of `LogGP`."""

BUS_SIDE = _record(
    sends=WAITING, receives=WAITING, processing=WAITING, last_transfer="i8", reads_in_a_row="i8",
    state="i4", previous="i4", processes="i4",
)  # fmt: skip
"""One end of a bus of an NPU (`BusSide`). sends, receives, processing: requests.
processes: whether it does."""

REQUEST = _record(
    next="i4", then="i4", size="i8", a="i4", b="i4", processed="i4", send_back="i4", after="i4",
)  # fmt: skip
"""Something to move over a bus (`Request`). then, a, b: the call of its end. after: what comes
once it has passed the inner bus."""


# What the loop reaches, by the name of its records: (name, dtype).
ARRAYS: tuple[tuple[str, np.dtype[np.void]], ...] = (
    # When what happens (simastra.engine.environment).
    ("state", STATE),
    ("pools", POOL),
    ("calls", CALL),
    ("lines", LINE),
    ("line_buckets", NUMBER),
    ("times", TIME),
    ("stack", CALL),
    # Messages, links and matching (simastra.network).
    ("rules", RULES),
    ("messages", MESSAGE),
    ("matches", MATCH_RECORD),
    ("match_buckets", NUMBER),
    ("pair_starts", NUMBER),
    ("pairs", PAIR),
    ("routes", NUMBER),
    ("ways", WAY),
    ("way_buckets", NUMBER),
    ("links", LINK),
    ("links_used", NUMBER),
    # What members do in phases, and who they are (simastra.collectives).
    ("scores", SCORE),
    ("arrivals", NUMBER),
    ("steps", STEP),
    ("actions", ACTION),
    ("rings", RING),
    ("members", NUMBER),
    # Chunks and queues (simastra.system).
    ("streams", STREAM),
    ("parts", PART),
    ("queues", QUEUE),
    ("turns", TURNS),
    ("plans", PLAN),
    ("legs", LEG),
    ("seats", SEAT),
    ("communicators", COMMUNICATOR),
    # Who walks which program (simastra.workload).
    ("npus", NPU),
    ("nodes", NODE),
    ("order", NUMBER),
    ("heaps", HEAP),
    ("ready", NUMBER),
    ("freed", NUMBER),
    ("operations", OPERATION),
    ("children", NUMBER),
    ("finishes", NUMBER),
    ("servers", SERVER),
    # Collectives that are played from ETs.
    ("ets", ET),
    ("et_nodes", ET_NODE),
    ("et_children", NUMBER),
    ("progress", PROGRESS),
    ("blocked", NUMBER),
    # The buses to the memory sides.
    ("buses", LOGGP),
    ("sides", BUS_SIDE),
    ("requests", REQUEST),
)

MACHINE = _record(**{name: "i8" for name, _ in ARRAYS}, answer="i8")
"""The addresses of all arrays, and of what answers for ways: what the loop's functions hand on."""


POOLS: tuple[tuple[str, np.dtype[np.void]], ...] = (
    ("calls", CALL),
    ("lines", LINE),
    ("messages", MESSAGE),
    ("matches", MATCH_RECORD),
    ("streams", STREAM),
    ("parts", PART),
    ("requests", REQUEST),
    ("ways", WAY),
)
"""Each pool's records, in order of the pools' numbers."""

RESOURCES = 4
"""Nothing, the CPU, computation and communication."""
