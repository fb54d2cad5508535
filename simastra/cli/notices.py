"""What happens with notices: they are shown, kept to oneself, or refused."""

from collections.abc import Sequence

from simastra.errors import InputError
from simastra.notices import Notice

from .output import tell


def report_notices(notices: Sequence[Notice], *, quiet: bool, strict: bool) -> None:
    """Tell each notice on a line, unless `quiet`.

    Raises:
        InputError: if `strict` and there are any; it lists them all, quiet or not.
    """
    if strict and notices:
        count = f"{len(notices)} {'notice' if len(notices) == 1 else 'notices'}"
        raise InputError("\n  ".join([f"--strict allows no notices; {count}:", *map(str, notices)]))
    if not quiet:
        for notice in notices:
            tell(f"notice: {notice}")
