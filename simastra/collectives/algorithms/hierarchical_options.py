"""What the system file tells `hierarchical`."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, WithJsonSchema

from simastra.collectives.algorithm import Algorithm
from simastra.collectives.options import AlgorithmOptions, AlgorithmSetting
from simastra.config.messages import problem
from simastra.suggestions import unknown_name

from .hierarchical import Hierarchical
from .stepwise_algorithms import STEPWISE_ALGORITHMS


def _known(name: str) -> str:
    if name not in STEPWISE_ALGORITHMS:
        raise problem(unknown_name("algorithm", name, STEPWISE_ALGORITHMS))
    return name


_Level: TypeAlias = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"enum": list(STEPWISE_ALGORITHMS)})
]


class HierarchicalOptions(AlgorithmOptions):
    """Keys beside `name` in a list of the system file."""

    node: int | None = Field(default=None, ge=1)
    """members next to each other that are a node; as square as can be, if left out"""

    inner: _Level = "pairwise"
    """the algorithm in each node"""

    outer: _Level = "bidirectionalRing"
    """the algorithm across nodes"""

    def algorithm(self, setting: AlgorithmSetting) -> Algorithm:
        """The algorithm that is told so."""
        inner, outer = STEPWISE_ALGORITHMS[self.inner], STEPWISE_ALGORITHMS[self.outer]
        return Hierarchical(self.node, inner, outer)
