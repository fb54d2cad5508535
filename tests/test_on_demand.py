import pickle
from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import dataclass

import pytest

from simastra.on_demand import OnDemand, kept


@dataclass(frozen=True)
class _Square:
    root: int


class _Squares(OnDemand[_Square]):
    def __init__(self, count: int) -> None:
        self.count = count
        self.made = 0

    def __len__(self) -> int:
        return self.count

    def _make(self, index: int) -> _Square:
        self.made += 1
        return _Square(index)


_MANY = 10_000  # more than are made at once
_TUPLE = tuple(map(_Square, range(_MANY)))


def test_it_stands_for_the_tuple_of_its_items() -> None:
    squares = _Squares(_MANY)
    assert squares == _TUPLE
    assert _TUPLE == squares  # noqa: SIM300  # the other way round is asked of the tuple first
    assert squares == list(_TUPLE)
    assert hash(squares) == hash(_TUPLE)
    assert tuple(squares) == _TUPLE
    assert tuple(reversed(squares)) == _TUPLE[::-1]
    assert squares[7] == squares[7 - _MANY] == _Square(7)
    assert squares[5:9000:7] == _TUPLE[5:9000:7]
    assert squares[::-1] == _TUPLE[::-1]
    assert squares.index(_Square(9_000)) == 9_000
    assert _Square(_MANY) not in squares
    assert repr(_Squares(2)) == repr(_TUPLE[:2])


@pytest.mark.parametrize("other", [_TUPLE[:-1], (*_TUPLE[:-1], _Square(0)), 7, "text", None])
def test_it_is_equal_to_nothing_else(other: object) -> None:
    assert _Squares(_MANY) != other
    assert other != _Squares(_MANY)


@pytest.mark.parametrize("index", [_MANY, -_MANY - 1])
def test_there_is_nothing_beside_it(index: int) -> None:
    squares = _Squares(_MANY)
    with pytest.raises(IndexError):
        squares[index]
    squares.keep()
    with pytest.raises(IndexError):
        squares[index]


def test_items_are_made_anew_until_they_are_kept() -> None:
    squares = _Squares(_MANY)
    assert squares[3] is not squares[3]
    all_of_them = kept(squares)
    assert squares.made == _MANY + 2
    assert squares.keep() is all_of_them
    assert squares[3] is squares[3] is all_of_them[3]
    assert all(one is other for one, other in zip(squares, all_of_them, strict=True))
    assert squares[5:7] == all_of_them[5:7]
    assert squares.made == _MANY + 2
    assert kept(_TUPLE) is _TUPLE


def test_who_stops_early_has_few_made() -> None:
    squares = _Squares(10**9)
    assert next(iter(squares)) == _Square(0)
    assert squares.made < _MANY


@pytest.mark.parametrize("again", [copy, deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_is_a_tuple(again: Callable[[object], object]) -> None:
    made = again(_Squares(_MANY))
    assert type(made) is tuple
    assert made == _TUPLE
