"""An entry of the table of missions."""

from collections.abc import Callable
from dataclasses import dataclass

from .posed import PosedMission


@dataclass(frozen=True, slots=True)
class Mission:
    """What is known of a mission whatever its seed.

    Attributes:
        name: by which it is asked for.
        task: what is to be done, in a line.
        practises: what one needs for it, or learns by it.
        hint: how to begin.
        way: how the authors find their answer, for whatever seed.
        pose: makes it, of a seed.
    """

    name: str
    task: str
    practises: str
    hint: str
    way: str
    pose: Callable[[int], PosedMission]
