"""Reads how often each point is to be repeated: an axis of seeds, the innermost one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from simastra.config.messages import show, unknown_key
from simastra.suggestions import unknown_name

from .axes import AxisError
from .documents import StudyInput
from .key_paths import KeyPath
from .mistakes import Mistakes
from .statistic import STATISTICS

SEED = "seed"
"""The axis of repeats, and the key by which an input says what chance it takes."""

_KEY = "repeat"
_KEYS = ("seeds", "of", "by")
_MOST = 10_000
_Written: TypeAlias = Mapping[str, object]


def with_repeats(
    axes: _Written, written: object, base: Mapping[str, StudyInput], mistakes: Mistakes
) -> _Written:
    """A study's axes as they are written, and that of repeats behind them.

    Args:
        axes: as the study says them.
        written: of `repeat`; None where nothing is repeated.
        base: inputs, whose seeds are varied where the study doesn't say which.
        mistakes: is told what is wrong.
    """
    asked = written if isinstance(written, Mapping) else {"seeds": written}
    if written is None or ("of" not in asked and mistakes.found):  # an input may be among them
        return axes
    with mistakes.telling(_KEY):
        if SEED in axes:
            raise AxisError("is beside an axis called seed; leave one of them out")
        for key in asked:
            if key not in _KEYS:
                raise AxisError(unknown_key(key, _KEYS), f".{key}")
        if (by := asked.get("by", "median")) not in STATISTICS:
            raise AxisError(unknown_name("statistic", str(by), STATISTICS), ".by")
        seeds = _seeds(asked.get("seeds"))
        keys = _keys(asked.get("of"), base)
        values = seeds if len(keys) == 1 else [[it] * len(keys) for it in seeds]
        of = {"key": keys[0]} if len(keys) == 1 else {"keys": keys}
        return {**axes, SEED: {**of, "values": values}}
    return axes


def statistic_of(written: object) -> str:
    """By which statistic a study that says so takes its repeats together."""
    return str(written.get("by", "median")) if isinstance(written, Mapping) else "median"


def _seeds(written: object) -> list[object]:
    if isinstance(written, int) and not isinstance(written, bool) and 1 <= written <= _MOST:
        return list(range(1, written + 1))
    if isinstance(written, Sequence) and not isinstance(written, str) and written:
        return list(dict.fromkeys(written))
    wanted = f"a whole number from 1 to {_MOST:,}, or a list of seeds"
    raise AxisError(f"must be {wanted}, not {show(written)}", ".seeds")


def _keys(written: object, base: Mapping[str, StudyInput]) -> list[object]:
    if isinstance(written, str):
        return [written]
    if written is not None:
        if isinstance(written, Sequence) and written:
            return list(written)
        raise AxisError(f"must be a key path, or a list of them, not {show(written)}", ".of")
    found: list[object] = [
        str(KeyPath(root, path))
        for root, given in base.items()
        for path in _paths(given.mapping(), ())
    ]
    if not found:
        example = "repeat: {seeds: 5, of: network.graph.routing.seed}"
        raise AxisError(f"finds no seed in any input; say which key chooses one, as {example}")
    return found


def _paths(value: object, before: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where a value has seeds."""
    if isinstance(value, Mapping):
        for key, it in value.items():
            if key == SEED:
                yield (*before, key)
            else:
                yield from _paths(it, (*before, key))
    elif isinstance(value, list | tuple):
        for at, it in enumerate(value):
            yield from _paths(it, (*before, at))
