"""Files of process groups beside traces."""

from __future__ import annotations

import json
from pathlib import Path

from simastra.config import CommGroups, load_comm_groups
from simastra.errors import OptionError
from simastra.group_numbers import group_number
from simastra.trace.edit import Groups

GROUPS = ".groups.json"
"""What follows the prefix in the name of the file."""


def groups_beside(prefix: str) -> CommGroups | None:
    """The groups of the file beside a trace; None if there is none.

    Raises:
        ConfigError: it can't be read or is wrong.
    """
    beside = Path(prefix + GROUPS)
    return load_comm_groups(beside) if beside.is_file() else None


def by_number(groups: CommGroups | None) -> Groups:
    """Groups by the numbers that nodes say.

    Raises:
        OptionError: a group has no number.
    """
    found: dict[int, tuple[int, ...]] = {}
    for group in () if groups is None else groups.groups:
        number = group_number(group.name)
        if number is None:
            raise OptionError("comm-groups", f"{group.name!r} isn't the number of a group")
        found[number] = group.members
    return found


def groups_document(groups: Groups) -> bytes:
    """The content of the file with these groups."""
    listed = {str(number): list(members) for number, members in sorted(groups.items())}
    return (json.dumps(listed) + "\n").encode()


def same_document(groups: CommGroups) -> bytes:
    """The content of the file with groups as a file had them."""
    listed = {group.name: list(group.members) for group in groups.groups}
    return (json.dumps(listed) + "\n").encode()
