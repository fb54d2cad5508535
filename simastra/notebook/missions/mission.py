"""An entry of the table of missions."""

from collections.abc import Callable
from dataclasses import dataclass

from simastra.notebook.course.tasks import tasks

from .posed import PosedMission


@dataclass(frozen=True, slots=True)
class Mission:
    """What is known of a mission whatever its seed.

    Attributes:
        name: by which it is asked for.
        task: what is to be done, in a line.
        practises: what one needs for it, or learns by it.
        way: how the authors find their answer, for whatever seed.
        pose: makes it, of a seed.
    """

    name: str
    task: str
    practises: str
    way: str
    pose: Callable[[int], PosedMission]

    @property
    def hint(self) -> str:
        """How to begin, as its task in the course has it."""
        return next(task.hint for task in tasks().values() if task.mission == self.name)
