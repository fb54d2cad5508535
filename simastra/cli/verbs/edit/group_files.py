"""Files of process groups beside traces."""

from __future__ import annotations

import json
from pathlib import Path

from simastra.config import CommGroups, load_comm_groups
from simastra.trace.edit import Groups
from simastra.trace.files import GROUPS_ENDING


def groups_beside(prefix: str) -> CommGroups | None:
    """The groups of the file beside a trace; None if there is none.

    Raises:
        ConfigError: it can't be read or is wrong.
    """
    beside = Path(prefix + GROUPS_ENDING)
    return load_comm_groups(beside) if beside.is_file() else None


def groups_document(groups: Groups) -> bytes:
    """The content of the file with these groups."""
    listed = {str(number): list(members) for number, members in sorted(groups.items())}
    return (json.dumps(listed) + "\n").encode()


def same_document(groups: CommGroups) -> bytes:
    """The content of the file with groups as a file had them."""
    listed = {group.name: list(group.members) for group in groups.groups}
    return (json.dumps(listed) + "\n").encode()
