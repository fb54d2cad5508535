"""The communicator-group file: which NPUs talk to each other, and in which order.

(Behaviour 1.6.)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from simastra.deferred import deferred
from simastra.errors import ConfigError
from simastra.group_numbers import group_number
from simastra.quick_dataclass import dataclass
from simastra.units import NpuId

from .base import ConfigModel
from .converted import Converted, kept
from .fields import LARGEST_NUMBER, exactly_whole
from .messages import each_right, problem, show, show_key

if TYPE_CHECKING:
    from simastra.config import shown
else:  # only notebooks ask
    shown = deferred("simastra.config.shown")


@dataclass(frozen=True, slots=True)
class CommGroup:
    """One process group.

    Attributes:
        name: its key in the file; an ET node's pg_name refers to it.
        members: NPUs, in the order of their positions in the group (the order of a ring).
    """

    name: str
    members: tuple[NpuId, ...]


_NUMBER = re.compile(r"\s*\+?[0-9]+(\.0*)?\s*", re.ASCII)


def groups_of_one_number(groups: Iterable[CommGroup]) -> tuple[CommGroup, CommGroup] | None:
    """Return the first two groups whose names begin with the same number; None for none."""
    by_number: dict[int, CommGroup] = {}
    for group in groups:
        number = group_number(group.name)
        if number is not None and by_number.setdefault(number, group) is not group:
            return by_number[number], group
    return None


def _checked_group(name: object, members: object) -> CommGroup:
    if type(name) is int and name > 0:  # from Python: the number that nodes say
        name = str(name)
    if not isinstance(name, str) or not name:
        raise problem(f"a group's name must be a non-empty string, not {show(name)}")
    return CommGroup(name, _checked_members(name, members))


def _checked_members(name: str, members: object) -> tuple[NpuId, ...]:
    if not isinstance(members, Sequence) or isinstance(members, str | bytes):
        raise problem(
            f"must be a list of NPU ids such as [0, 1], not {show(members)}", key=show_key(name)
        )
    if not members:
        raise problem("has no members; list at least one NPU id", key=show_key(name))
    position: dict[NpuId, int] = {}
    for index, member in enumerate(members):
        npu = _npu_id(member)
        if npu is None:
            text = f"must be an NPU id, a whole number from 0, not {show(member)}"
            raise problem(text, key=f"{show_key(name)}[{index}]")
        if npu in position:
            text = f"NPU {npu} is already at position {position[npu]}; list each NPU once"
            raise problem(text, key=f"{show_key(name)}[{index}]")
        position[npu] = index
    return tuple(position)


def _npu_id(value: object) -> NpuId | None:
    if type(value) is int and 0 <= value <= LARGEST_NUMBER:  # the usual case, 9 times faster
        return value
    try:
        npu = exactly_whole(value)
    except PydanticCustomError:
        return None
    return npu if npu >= 0 else None


def _checked_groups(groups: object) -> tuple[CommGroup, ...]:
    """Take a file's mapping of names to members, or CommGroup objects made in Python."""
    checked = _each_checked(groups)
    twice = groups_of_one_number(it for it in checked if _NUMBER.fullmatch(it.name))
    if twice is not None:
        first, second = twice
        text = f"is the same number as {show_key(first.name)}; give each group a number of its own"
        raise problem(text, key=show_key(second.name))
    return checked


def _each_checked(groups: object) -> tuple[CommGroup, ...]:
    if isinstance(groups, Mapping):
        return each_right(groups.items(), lambda it: _checked_group(*it))
    if not isinstance(groups, Sequence) or isinstance(groups, str | bytes):
        raise problem(f"must be a list of CommGroup objects, not {show(groups)}")
    names: set[str] = set()

    def made(group: object) -> CommGroup:
        if not isinstance(group, CommGroup):
            raise problem(f"must be CommGroup objects, not {show(group)}")
        checked = _checked_group(group.name, group.members)
        if checked.name in names:
            raise problem("two groups have this name", key=show_key(checked.name))
        names.add(checked.name)
        return checked

    return each_right(groups, made)


_Groups: TypeAlias = Converted[
    Sequence[CommGroup] | Mapping[str, Sequence[NpuId]] | Mapping[int, Sequence[NpuId]],
    tuple[CommGroup, ...],
]


class CommGroups(ConfigModel):
    """All process groups, in the file's order. An empty file object is a CommGroups without any.

    >>> CommGroups.parse({"1": [0, 1], "2": [3, 2]}).groups[1].members
    (3, 2)
    """

    word: ClassVar[str] = "comm groups"

    groups: Annotated[_Groups, BeforeValidator(_checked_groups)] = kept(())
    """process groups, in the file's order"""

    @classmethod
    def parse(cls, mapping: object, source: Path | str | None = None) -> Self:
        """Validate what a file says: a mapping of group names to lists of NPU ids.

        Raises:
            ConfigError: a group is wrong; the key is its name, with the member's index.
        """
        where = source if source is not None else cls.word
        if not isinstance(mapping, Mapping):
            text = f'must map names to lists of NPU ids, as in {{"1": [0, 1]}}, not {show(mapping)}'
            raise ConfigError(text, source=where)
        return super().parse({"groups": mapping}, where)

    @property
    def by_number(self) -> dict[int, tuple[NpuId, ...]]:
        """Members by the numbers by which nodes name groups.

        >>> CommGroups.parse({"1": [0, 1]}).by_number
        {1: (0, 1)}

        Raises:
            ConfigError: a group's name begins with no number.
        """
        found = {}
        for group in self.groups:
            number = group_number(group.name)
            if number is None:
                raise self.error("isn't the number of a group; give it one from 1", group.name)
            found[number] = group.members
        return found

    def _repr_html_(self) -> str:
        members = {group.name: group.members for group in self.groups}
        return shown.groups_html(shown.ConfigSource(self.word, self.source), members)

    def check_members(self, npus: int) -> None:
        """Check that every member is one of the network's NPUs.

        Args:
            npus: number of NPUs of the network.

        Raises:
            ConfigError: a group lists an NPU that doesn't exist.
        """
        for group in self.groups:
            for index, member in enumerate(group.members):
                if member >= npus:
                    text = f"NPU {member} doesn't exist; the network has NPUs 0 to {npus - 1}"
                    raise self.error(text, key=f"{show_key(group.name)}[{index}]")
