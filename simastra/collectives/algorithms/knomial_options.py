"""What the system file tells `knomial`."""

from pydantic import Field

from simastra.config import PartOptions

from .rooted_tree import KNOMIAL_RADIX, RootedTree


class KnomialOptions(PartOptions):
    """Keys beside `name` in a list of the system file."""

    radix: int = Field(default=KNOMIAL_RADIX, ge=2)
    """in each round a member sends to one less than that"""

    @property
    def tree(self) -> RootedTree:
        """The tree that is told so."""
        return RootedTree(self.radix)
