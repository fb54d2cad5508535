"""Missions that decide what to buy, and where things go, as entries of the table."""

from simastra.notebook.missions.mission import Mission

from .cheapest import Cheapest
from .checkpoints import Checkpoints
from .experts import Experts
from .parallelism import SharingOut
from .placement import JobPlacement

PLANNING = (
    Mission(
        "cheapest-network",
        "find the cheapest network on which a step meets its deadline",
        "design spaces, cost against time",
        "In order of price, the first one whose simulated time is within the deadline.",
        Cheapest,
    ),
    Mission(
        "tp-pp-dp",
        "share a transformer out to 8 NPUs so that it fits, and is fast",
        "tensor, pipeline and data parallelism, memory",
        "Of the eight ways, those that need no more than `capacity`; the fastest of these.",
        SharingOut,
    ),
    Mission(
        "two-jobs",
        "place two jobs on a cluster so that they don't share uplinks",
        "placement, rings over leafs, congestion",
        "A job that fits on a leaf is placed there alone; the other one's NPUs are listed leaf by "
        "leaf, so that its ring leaves each leaf once.",
        JobPlacement,
    ),
    Mission(
        "expert-placement",
        "share experts out so that no NPU gets far more tokens than others",
        "mixtures of experts, uneven all-to-alls",
        "The most asked expert first, each to the NPU with least so far that has room; then swap "
        "pairs as long as the busier NPU of two gets less.",
        Experts,
    ),
    Mission(
        "checkpoint-interval",
        "choose how long a training goes on between two checkpoints",
        "goodput, Young's rule",
        "Young's rule: the square root of 2 x time to write x mean time between failures.",
        Checkpoints,
    ),
)
