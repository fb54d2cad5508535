"""What is allowed in any configuration, but probably not meant."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from simastra.notices import Notice

from .messages import show


def no_effect(where: str) -> Notice:
    """A key that files carry although nothing reads it."""
    return Notice(
        code="no-effect-key",
        where=where,
        message="no version of ASTRA-sim reads this key, and neither does simastra",
        fix="delete it",
    )


def truncated(
    source: Path | str, given: Mapping[str, object], used: Mapping[str, object]
) -> Iterator[Notice]:
    """Numbers that have been cut to whole ones.

    Args:
        source: of the configuration.
        given: the values by their keys, as they were given.
        used: as they are used.
    """
    for key, value in given.items():
        whole = used.get(key)
        if isinstance(value, str):  # with its unit, in Python
            continue
        if isinstance(whole, int) and not isinstance(whole, bool) and whole != value:
            yield Notice(
                code="truncated",
                where=f"{source}: {key}",
                message=f"{show(value)} is cut to the whole number {whole}, as in ASTRA-sim",
                fix="write a whole number",
            )
