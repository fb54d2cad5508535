"""How a shortcut says that it doesn't apply."""

from simastra.paths import Shortcut


class Refused(Exception):  # noqa: N818  # not an error: it says which way is not open
    """A shortcut doesn't apply, or turns out not to while it is tried; nothing has come of it.

    Attributes:
        reason: why, for people.
        shortcut: which.
    """

    def __init__(self, reason: str, shortcut: Shortcut = Shortcut.FOLD) -> None:
        super().__init__(reason)
        self.reason = reason
        self.shortcut = shortcut
