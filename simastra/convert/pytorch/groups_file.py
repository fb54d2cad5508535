"""The communicator-group file of a job: each rank's conversion adds the groups that it knows.

Ranks may be converted in any order, at once, or again; the file comes out the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from simastra.config import CommGroups, load_comm_groups
from simastra.errors import InputError, OptionError

_OPTION = "groups"
_LARGEST_NUMBER = 2**31 - 1
_WAY_OUT = (
    "if the file is of another recording, remove it; if the ranks' traces name their groups "
    "differently, convert all ranks with --group-numbers members"
)

Groups = dict[str, list[int]]
"""Number to members."""
_Numbered = Mapping[str, Sequence[int]]


def merged_groups(path: Path, groups: Mapping[str, Sequence[int]]) -> Groups:
    """Return what the file is to hold: what it holds, if it is there, and these groups.

    Args:
        path: of the file.
        groups: of one rank, number to members.

    Raises:
        OptionError: it holds something else than such groups, or contradicts them.
    """
    return add_groups(_read(path) if path.exists() else {}, groups, str(path), "this trace")


def add_groups(
    known: Mapping[str, Sequence[int]],
    groups: Mapping[str, Sequence[int]],
    where: str,
    here: str,
) -> Groups:
    """Return groups that are known and those of one rank, by ascending number.

    Args:
        known: number to members.
        groups: likewise, of one rank.
        where: the known ones are, for a message.
        here: where the others are.

    Raises:
        OptionError: they contradict each other.
    """
    _check_numbers(known, groups, where, here)
    _check_members(known, groups, where, here)
    merged = {number: list(members) for number, members in {**known, **groups}.items()}
    return dict(sorted(merged.items(), key=lambda item: int(item[0])))


def _read(path: Path) -> Groups:
    try:
        listed = load_comm_groups(path)
    except InputError as error:
        raise OptionError(
            _OPTION, f"{path} is there and holds no process groups ({error}); name another file"
        ) from None
    return _numbered(path, listed)


def _numbered(path: Path, listed: CommGroups) -> Groups:
    for group in listed.groups:
        name = group.name
        fits = name.isascii() and name.isdigit() and len(name) <= len(str(_LARGEST_NUMBER))
        if not fits or str(int(name)) != name or not 0 < int(name) <= _LARGEST_NUMBER:
            raise OptionError(
                _OPTION,
                f"{path} is there and its group {name[:40]!r} has no number as conversions give "
                "them, from 1; name another file",
            )
    return {group.name: list(group.members) for group in listed.groups}


def _check_numbers(known: _Numbered, groups: _Numbered, where: str, here: str) -> None:
    for number, members in groups.items():
        there = known.get(number, members)
        if list(there) != list(members):
            raise OptionError(
                _OPTION,
                f"group {number} is {_listed(there)} in {where}, and {_listed(members)} in {here}; "
                f"{_WAY_OUT}",
            )


def _check_members(known: _Numbered, groups: _Numbered, where: str, here: str) -> None:
    """Members know the same groups: a group that each knows by another number is none."""
    before, now = _by_members(known), _by_members(groups)
    for members in sorted(before.keys() & now.keys()):
        if not (before[members] <= now[members] or before[members] >= now[members]):
            numbers = (min(map(int, found[members])) for found in (before, now))
            raise OptionError(
                _OPTION,
                f"the group {_listed(members)} is {next(numbers)} in {where}, and {next(numbers)} "
                f"in {here}; {_WAY_OUT}",
            )


def _by_members(groups: _Numbered) -> dict[tuple[int, ...], set[str]]:
    found: dict[tuple[int, ...], set[str]] = {}
    for number, members in groups.items():
        found.setdefault(tuple(members), set()).add(number)
    return found


def _listed(members: Sequence[int]) -> str:
    shown = 8
    more = ", ..." if len(members) > shown else ""
    return f"[{', '.join(map(str, members[:shown]))}{more}]"
