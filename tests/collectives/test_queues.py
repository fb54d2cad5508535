"""Queue turns, by hand from behaviour 3.4: ``+`` runs clockwise, ``-`` anticlockwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.collectives import Pick, QueueTurns

TABLE = """
per dimension  NEXT               FIRST        LAST
1              0+ 0+ 0+           0+ 0+ 0+     0- 0- 0-
2              0+ 1- 0+ 1-        0+ 0+ 0+     1- 1- 1-
3              0+ 1- 2- 0+ 1-     0+ 0+ 0+     1- 2- 1- 2-
4              0+ 1+ 2- 3- 0+     0+ 1+ 0+     2- 3- 2- 3-
5              0+ 1+ 2- 3- 4- 0+  0+ 1+ 0+     2- 3- 4- 2-
"""


def rows() -> list[tuple[int, Pick, list[str]]]:
    found = []
    for line in TABLE.strip().splitlines()[1:]:
        per_dimension, *cells = (cell for cell in line.split("  ") if cell.strip())
        for pick, cell in zip((Pick.NEXT, Pick.FIRST, Pick.LAST), cells, strict=True):
            found.append((int(per_dimension), pick, cell.split()))
    return found


@pytest.mark.parametrize(("per_dimension", "pick", "expected"), rows())
def test_turns_by_hand(per_dimension: int, pick: Pick, expected: list[str]) -> None:
    turns = QueueTurns(1, per_dimension)
    taken = [turns.take(0, pick) for _ in expected]
    assert [f"{choice.queue}{'+' if choice.clockwise else '-'}" for choice in taken] == expected


def test_dimensions_have_queues_and_turns_of_their_own() -> None:
    turns = QueueTurns(3, 2)
    taken = [turns.take(dimension, Pick.NEXT).queue for dimension in (0, 2, 0, 1, 2, 0)]
    assert taken == [0, 4, 1, 2, 5, 0]


@given(
    per_dimension=st.integers(1, 8),
    picks=st.lists(st.sampled_from(list(Pick)), max_size=40),
)
def test_the_three_picks_do_not_move_each_others_turns(
    per_dimension: int, picks: list[Pick]
) -> None:
    together = QueueTurns(1, per_dimension)
    apart = {pick: QueueTurns(1, per_dimension) for pick in Pick}
    for pick in picks:
        assert together.take(0, pick) == apart[pick].take(0, pick)


@given(per_dimension=st.integers(2, 8), picks=st.lists(st.sampled_from(list(Pick)), max_size=40))
def test_the_lower_half_runs_clockwise(per_dimension: int, picks: list[Pick]) -> None:
    turns = QueueTurns(1, per_dimension)
    for pick in picks:
        choice = turns.take(0, pick)
        assert choice.clockwise == (choice.queue < per_dimension // 2 or pick is Pick.FIRST)
