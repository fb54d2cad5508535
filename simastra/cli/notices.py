"""What happens with notices: they are shown, kept to oneself, or their warnings refused."""

import argparse
from collections.abc import Sequence

from simastra.errors import InputError
from simastra.notices import Notice, Severity

from .output import tell


def heed(notices: Sequence[Notice], arguments: argparse.Namespace, *, with_infos: bool) -> None:
    """Refuse warnings under ``--strict``, and tell notices unless ``--quiet``.

    Raises:
        InputError: if there are warnings, and none are wanted.
    """
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=with_infos)


def refuse_warnings(notices: Sequence[Notice]) -> None:
    """Be strict.

    Raises:
        InputError: if there are warnings; it lists them all.
    """
    warnings = [notice for notice in notices if notice.severity is Severity.WARNING]
    if warnings:
        count = f"{len(warnings)} {'warning' if len(warnings) == 1 else 'warnings'}"
        raise InputError(
            "\n  ".join([f"--strict allows no warnings; {count}:", *map(str, warnings)])
        )


def tell_notices(notices: Sequence[Notice], *, with_infos: bool) -> None:
    """Tell each notice on a line; those that only inform, only if they are wanted."""
    for notice in notices:
        if with_infos or notice.severity is Severity.WARNING:
            tell(f"notice: {notice}")
