"""Points at random, of those that conditions allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simastra.errors import ConfigError

from .shuffled import shuffled

if TYPE_CHECKING:
    from simastra.sweep.study import Study

_MOST_MISSES = 1_000_000
"""In a row, some ten seconds of them: then there is none, or as good as none."""


def drawn(study: Study, seed: int, most_misses: int = _MOST_MISSES) -> Iterator[int]:
    """Numbers of the points that conditions allow, each once, in an order that the seed decides.

    Args:
        study: whose points.
        seed: of the order.
        most_misses: so many in a row that aren't allowed, and no more are drawn.

    Raises:
        ConfigError: of very many that were drawn, conditions allow none.
    """
    space, misses = study.space, 0
    for number in shuffled(space.size, seed):
        if space.allows(space.setting(number)):
            misses = 0
            yield number
        elif (misses := misses + 1) == most_misses:
            problem = (
                f"of {misses:,} points drawn one after the other, it allows none; leave out values "
                "that it never allows, zip axes that go together, or choose the mode grid, which "
                "asks for conditions axis by axis"
            )
            raise ConfigError(problem, source=study.source, key="where")
