"""What happens with notices: they are shown, kept to oneself, or their warnings refused."""

from collections.abc import Sequence

from simastra.errors import InputError
from simastra.notices import Notice, Severity

from .output import tell


def report_notices(notices: Sequence[Notice], *, quiet: bool, strict: bool) -> None:
    """Tell each notice on a line, unless `quiet`.

    Raises:
        InputError: if `strict` and there are warnings; it lists them all, quiet or not.
    """
    warnings = [notice for notice in notices if notice.severity is Severity.WARNING]
    if strict and warnings:
        count = f"{len(warnings)} {'warning' if len(warnings) == 1 else 'warnings'}"
        raise InputError(
            "\n  ".join([f"--strict allows no warnings; {count}:", *map(str, warnings)])
        )
    if not quiet:
        for notice in notices:
            tell(f"notice: {notice}")
