"""All missions by name, and how one is posed."""

from collections.abc import Mapping
from types import MappingProxyType

from simastra.errors import ArgumentError, OptionError
from simastra.suggestions import unknown_name
from simastra.view.table import Table, left

from .diagnosis.entries import DIAGNOSIS
from .mission import Mission
from .planning.entries import PLANNING
from .posed import PosedMission
from .speed.entries import SPEED

MISSIONS: Mapping[str, Mission] = MappingProxyType(
    {it.name: it for it in (*DIAGNOSIS, *SPEED, *PLANNING)}
)
"""All of them by their names, in order of the course."""


def mission(name: str, seed: int = 1) -> PosedMission:
    """Pose a mission.

    Args:
        name: as in `MISSIONS`.
        seed: which of its many forms: another one mostly has another answer.

    Raises:
        OptionError: there is none of that name.
        ArgumentError: the seed is no whole number, or less than 0.
    """
    if name not in MISSIONS:
        raise OptionError("name", unknown_name("mission", f"{name}", MISSIONS))
    asked: object = seed  # by whoever minds no types
    if isinstance(asked, bool) or not isinstance(asked, int) or asked < 0:
        raise ArgumentError("seed", "a whole number, 0 or more", seed)
    return MISSIONS[name].pose(seed)


def overview() -> Table:
    """What there is, as a table."""
    rows = tuple((it.name, it.task, it.practises) for it in MISSIONS.values())
    return Table(left("mission", "task", "practises"), rows)
