"""The algorithms that go step by step by their names, alone or as levels of a hierarchical one.

To add one: one file with a `StepwiseAlgorithm`, one line here.
"""

from simastra.collectives.stepwise import StepwiseAlgorithm

from .bidirectional_ring import BidirectionalRing
from .bruck import Bruck
from .in_switches import Nvls, Sharp
from .pairwise import Pairwise
from .pat import Pat
from .rabenseifner import Rabenseifner
from .recursive_doubling import RecursiveDoubling
from .swing import Swing

STEPWISE_ALGORITHMS: dict[str, StepwiseAlgorithm] = {
    "bidirectionalRing": BidirectionalRing(),
    "recursiveDoubling": RecursiveDoubling(),
    "rabenseifner": Rabenseifner(),
    "bruck": Bruck(),
    "pairwise": Pairwise(),
    "pat": Pat(),
    "swing": Swing(),
    "nvls": Nvls(),
    "sharp": Sharp(),
}
