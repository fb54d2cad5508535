"""Missions that make a step faster, as entries of the table."""

from simastra.notebook.missions.mission import Mission

from .algorithms import Algorithms
from .chunks import ChunkCount
from .hiding import Hiding
from .one_change import OneChange
from .topologies import Topologies

SPEED = (
    Mission(
        "one-change",
        "make a step 20 % faster by one change, at the least price",
        "bottlenecks, bounds",
        "Ask what the time is spent on; try the changes of that kind from the cheapest on, those "
        "of software first, and take the first that is enough.",
        OneChange,
    ),
    Mission(
        "hide-communication",
        "change a step's dependencies so that computations hide all-reduces",
        "dependencies, overlap, exposed communication",
        "Each computation waits for the computation before it only, each all-reduce for its own "
        "computation, the optimizer for all all-reduces.",
        Hiding,
    ),
    Mission(
        "algorithm-per-size",
        "choose an algorithm of all-reduce for each of three sizes",
        "steps against bytes",
        "Simulate each algorithm with each size, and take the fastest of each.",
        Algorithms,
    ),
    Mission(
        "chunks",
        "choose how many chunks a collective over two dimensions is cut into",
        "pipelining of dimensions, latency of each chunk",
        "Simulate 1, 2, 4, ... 64 chunks, and take the fastest.",
        ChunkCount,
    ),
    Mission(
        "topology",
        "choose how the same bandwidth is laid for a given load",
        "topologies, hops, bisection",
        "Simulate all four; of those that are within 2 % of the fastest, take the cheapest.",
        Topologies,
    ),
)
