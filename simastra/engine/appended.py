"""A list of which snapshots share the beginning."""

from typing import TypeVar

_Item = TypeVar("_Item")


class Appended(list[_Item]):
    """A list that is only ever appended to: its beginning, of any length, never changes."""
