"""WHO sends how much to whom in a collective; no time.

algorithms      a file each; entry: what the table has of each; registry: the table; options: what a
                system file may tell one
selection       where a size decides
kinds           of collectives: which take an algorithm
rooted_registry names of the trees of collectives with a root
machine         what an algorithm says and hears; pipeline: a machine that several share
stepwise        algorithms that list steps; steps: these; stepwise_machine goes through them
in_network      what switches do in a phase; switch_machine: a switch's part
score           what a machine does, as a list
part_sizes      parts that differ in size; uneven: an algorithm that runs them
members         who takes part, in ring order; topology: along which dimensions
holdings        what members hold meanwhile, for who follows the data
plan            chunks and phases; queues: the logical queues that phases run in
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names

from .algorithm import (
    Algorithm,
    CollectiveCall,
    Contender,
    MessageSizes,
    RingSymmetry,
    UnevenRunner,
    runs_instead,
)
from .entry import AlgorithmEntry, FindOptions
from .holdings import REDUCING, Block, Contributions, Holdings, initial_holdings
from .kinds import (
    EXTENDED_COLLECTIVES,
    FOUR_COLLECTIVES,
    ROOTED_COLLECTIVES,
    UNEVEN_COLLECTIVES,
)
from .machine import Exchange, Packet, PhaseMachine
from .members import LogicalRing, line_of
from .plan import Chunks, Leg, LogicalDimension, Phase, legs, plan_phases, split
from .queues import Pick, QueueChoice, QueueState, QueueTurns
from .registry import (
    ALGORITHMS,
    SELECTORS,
    AlgorithmChoice,
    UnknownAlgorithm,
    choose,
    spellings,
)
from .topology import logical_dimensions

if TYPE_CHECKING:
    from .algorithms.ring import RingAlgorithm
    from .algorithms.rooted import Rooted, extended_symmetry
    from .algorithms.rooted_tree import RootedTree
    from .options import AlgorithmOptions, AlgorithmSetting
    from .rooted_registry import ROOTED_TREES, tree_named, tree_options
    from .steps import Step, Transfer, exchange, shift
    from .stepwise import StepwiseAlgorithm
else:  # no run needs all algorithms, and what they are made of
    __getattr__ = deferred_names(
        __name__,
        {
            "algorithms.ring": ("RingAlgorithm",),
            "algorithms.rooted": ("Rooted", "extended_symmetry"),
            "algorithms.rooted_tree": ("RootedTree",),
            "options": ("AlgorithmOptions", "AlgorithmSetting"),
            "rooted_registry": ("ROOTED_TREES", "tree_named", "tree_options"),
            "steps": ("Step", "Transfer", "exchange", "shift"),
            "stepwise": ("StepwiseAlgorithm",),
        },
    )

__all__ = [
    "ALGORITHMS",
    "EXTENDED_COLLECTIVES",
    "FOUR_COLLECTIVES",
    "REDUCING",
    "ROOTED_COLLECTIVES",
    "ROOTED_TREES",
    "SELECTORS",
    "UNEVEN_COLLECTIVES",
    "Algorithm",
    "AlgorithmChoice",
    "AlgorithmEntry",
    "AlgorithmOptions",
    "AlgorithmSetting",
    "Block",
    "Chunks",
    "CollectiveCall",
    "Contender",
    "Contributions",
    "Exchange",
    "FindOptions",
    "Holdings",
    "Leg",
    "LogicalDimension",
    "LogicalRing",
    "MessageSizes",
    "Packet",
    "Phase",
    "PhaseMachine",
    "Pick",
    "QueueChoice",
    "QueueState",
    "QueueTurns",
    "RingAlgorithm",
    "RingSymmetry",
    "Rooted",
    "RootedTree",
    "Step",
    "StepwiseAlgorithm",
    "Transfer",
    "UnevenRunner",
    "UnknownAlgorithm",
    "choose",
    "exchange",
    "extended_symmetry",
    "initial_holdings",
    "legs",
    "line_of",
    "logical_dimensions",
    "plan_phases",
    "runs_instead",
    "shift",
    "spellings",
    "split",
    "tree_named",
    "tree_options",
]
