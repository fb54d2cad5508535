"""What to say when a name isn't known."""

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred

if TYPE_CHECKING:
    import difflib
else:  # for who names what there isn't
    difflib = deferred("difflib")

_SLIP = 0.8  # how much two names are alike, from 0 to 1, that differ by a slip of the fingers


def unknown_name(
    kind: str, name: str, known: Iterable[str], *, spellings: Iterable[str] = ()
) -> str:
    """Say that `name` isn't a known `kind`, and which one was probably meant.

    Args:
        kind: of what.
        name: as it was given.
        known: all names that there are.
        spellings: other ones of these, which may have been meant too.

    >>> unknown_name("topology", "ring", ["Ring", "Switch"])
    "unknown topology 'ring'; did you mean 'Ring'?"
    >>> unknown_name("topology", "Torus9", ["Ring", "Switch"])
    "unknown topology 'Torus9'; known are Ring, Switch"
    >>> unknown_name("command", "exit()", ["next", "quit"], spellings=["exit"])
    "unknown command 'exit()'; did you mean 'exit'?"
    """
    names = list(known)
    meant = _meant(name.casefold(), {each.casefold(): each for each in (*spellings, *names)})
    if meant is not None:
        return f"unknown {kind} {name!r}; did you mean {meant!r}?"
    return f"unknown {kind} {name!r}; known are {', '.join(names)}"


def _meant(name: str, by_folded: Mapping[str, str]) -> str | None:
    """One that is a slip away, or a word of the name, or at least like it, in this order."""
    words = (word for word in re.findall(r"[^\W_]+", name) if word in by_folded)
    slips = difflib.get_close_matches(name, by_folded, n=1, cutoff=_SLIP)
    close = next(chain(slips, words, difflib.get_close_matches(name, by_folded, n=1)), None)
    return None if close is None else by_folded[close]


def meant_path(path: Path, names: Iterable[str]) -> str:
    """What to add where a path leads nowhere: what was probably meant; empty if nothing is like it.

    Args:
        path: as it was given.
        names: what there is instead in its folder.

    >>> meant_path(Path("in/netwrok.yml"), ["network.yml", "system.json"])
    "; did you mean 'in/network.yml'?"
    >>> meant_path(Path("in/network.yaml"), ["network.yml", "network.json"])
    "; did you mean 'in/network.yml'?"
    """
    by_stem: dict[str, list[str]] = {}
    for name in sorted(names):
        by_stem.setdefault(Path(name).stem.casefold(), []).append(name)
    alike = difflib.get_close_matches(path.stem.casefold(), by_stem, n=1, cutoff=_SLIP)
    if not alike:
        return ""
    # An ending that begins alike, first: JSON hardly stands for YAML.
    meant = min(by_stem[alike[0]], key=lambda it: Path(it).suffix[:2] != path.suffix[:2])
    return f"; did you mean {str(path.with_name(meant))!r}?"


def moved(owner: object, name: str, hints: Mapping[str, str]) -> AttributeError:
    """Make (not raise) what is raised for an attribute that isn't there.

    Args:
        owner: what was asked for it.
        name: of the attribute.
        hints: by names that earlier versions had, what to write instead.
    """
    hint = f"; {hints[name]}" if name in hints else ""
    return AttributeError(
        f"{type(owner).__name__!r} object has no attribute {name!r}{hint}", name=name, obj=owner
    )
