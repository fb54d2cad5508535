"""Folders to begin in: what is written there is all new, nothing is replaced."""

from collections.abc import Iterable
from pathlib import Path

from .outputs import OutputFolder


class NewFolder(OutputFolder):
    """A folder in which a set of files is made, if none of them is there."""

    def refuse_existing(self, verb: str, others: Iterable[Path] = ()) -> None:
        """Refuse to replace anything.

        Args:
            verb: who would.
            others: files that may be there beside those that are known.

        Raises:
            InputError: if a file of such a set is there.
        """
        both = dict.fromkeys((*self.files(), *others))
        there = [path for path in both if path.is_file()]
        if there:
            more = f" and {len(there) - 1:,} more are" if len(there) > 1 else " is"
            raise self.refusal(
                f"{there[0]}{more} there already, and {verb} replaces nothing; name another folder"
            )
