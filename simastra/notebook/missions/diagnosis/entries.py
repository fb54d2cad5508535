"""Missions that find what is wrong, as entries of the table."""

from simastra.notebook.missions.mission import Mission

from .broken_link import BrokenLink
from .curve import CurveFit
from .deadlocks.absent import Absent
from .deadlocks.disorder import Disorder
from .deadlocks.exchange import MarginExchange
from .deadlocks.wrong_tag import WrongTag
from .nanoseconds import Nanoseconds
from .slow_npu import SlowNpu

DIAGNOSIS = (
    Mission(
        "deadlock-tag",
        "mend a pipeline that hangs by giving one message another tag",
        "messages, tags, DeadlockError",
        "The wait whose cause is 'tag mismatch' names a receiver, its micro-batch and its sender; "
        "the sender's message of that micro-batch gets the micro-batch as its tag.",
        WrongTag,
    ),
    Mission(
        "deadlock-order",
        "mend a step that hangs by swapping two nodes of one NPU",
        "the order of collectives",
        "Compare `program.names(npu)` of all NPUs: one differs from the others in two places; "
        "these two are swapped.",
        Disorder,
    ),
    Mission(
        "deadlock-circle",
        "mend an exchange between neighbours by swapping two nodes of one NPU",
        "blocking sends and receives, circles of waits",
        "Of the two in `cycle`, the lower one waits at a 'receive right' where it should have sent "
        "first: swap it with the 'send right' of that round.",
        MarginExchange,
    ),
    Mission(
        "deadlock-absent",
        "let an NPU take part in the collective that it leaves out",
        "collectives need all members",
        "Compare `program.names(npu)`: the shorter one lacks a name, which the others have before "
        "the name that follows there.",
        Absent,
    ),
    Mission(
        "broken-link",
        "find the link of a leaf-spine network that has lost bandwidth, and how much",
        "routes, store and forward, scenarios",
        "The slow pairs are those whose measured time is above the usual one. One link is passed "
        "by exactly these. A message takes as long at each of its hops; what is more is the slow "
        "link's, and the ratio of one hop to it is the part of its bandwidth.",
        BrokenLink,
    ),
    Mission(
        "slow-npu",
        "find the NPU that computes slowly among some that scatter, and its speed",
        "records of results, statistics",
        "For each NPU, the mean duration of its computations in `measured.nodes[npu]`. The largest "
        "is the slow one; the median of all means over it is its speed.",
        SlowNpu,
    ),
    Mission(
        "fit-the-curve",
        "find latency and bandwidth of a machine from times that were measured",
        "the alpha-beta model, calibration, validation at other sizes",
        "Take off what passes the endpoint, divide by 14 steps, and fit a straight line of the "
        "step's time over size/8 by least squares of relative errors.",
        CurveFit,
    ),
    Mission(
        "every-nanosecond",
        "tell what one NPU has spent its time on, to the nanosecond",
        "attribution, the critical path",
        "`simulation.explain().attribution(npu).times` has them, with idle until the makespan.",
        Nanoseconds,
    ),
)
