"""`quick_dataclass` makes what the standard library's dataclass makes."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, field, fields, replace
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import quick_dataclass

PLAIN, QUICK = dataclasses.dataclass, quick_dataclass.dataclass


@QUICK(frozen=True, slots=True)
class Quick:
    """With all that a field may be told."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list, hash=False)
    d: int = field(default=3, compare=False, repr=False)
    e: dict[str, int] = field(default_factory=dict, init=False, compare=False)


@PLAIN(frozen=True, slots=True)
class Plain:
    """The same."""

    a: int
    b: str = "b"
    c: list[int] = field(default_factory=list, hash=False)
    d: int = field(default=3, compare=False, repr=False)
    e: dict[str, int] = field(default_factory=dict, init=False, compare=False)


VALUES = st.tuples(
    st.integers(0, 1), st.sampled_from("xy"), st.lists(st.integers(0, 1), max_size=1)
)


@given(VALUES, VALUES, st.integers(0, 1))
def test_it_shows_compares_and_hashes_as_the_other_does(
    one: tuple[int, str, list[int]], two: tuple[int, str, list[int]], d: int
) -> None:
    quick, plain = Quick(*one, d=d), Plain(*one, d=d)
    assert repr(quick) == repr(plain).replace("Plain", "Quick")
    assert hash(quick) == hash(plain)
    assert (quick == Quick(*two)) == (plain == Plain(*two))
    assert quick != plain
    assert quick != one


@given(VALUES)
def test_copies_of_all_kinds_are_equal(values: tuple[int, str, list[int]]) -> None:
    quick = Quick(*values)
    assert pickle.loads(pickle.dumps(quick)) == copy.deepcopy(quick) == replace(quick) == quick
    assert replace(quick, a=5).a == 5


def test_it_has_the_same_fields_and_parameters() -> None:
    assert [it.name for it in fields(Quick)] == [it.name for it in fields(Plain)]
    assert [*inspect.signature(Quick).parameters] == [*inspect.signature(Plain).parameters]
    assert Quick.__match_args__ == Plain.__match_args__


@pytest.mark.parametrize("made", [Quick(1), Plain(1)])
def test_nobody_changes_it(made: Quick | Plain) -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'a'"):
        made.a = 2  # type: ignore[misc]  # the question
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'a'"):
        del made.a


class MoreThanQuick(Quick):
    """What isn't a dataclass itself has attributes of its own."""


@PLAIN(frozen=True)
class Unslotted:
    """With slots, the standard library's own fails here."""

    a: int


class MoreThanPlain(Unslotted):
    """The same."""


@pytest.mark.parametrize("made", [MoreThanQuick(1), MoreThanPlain(1)])
def test_a_class_made_from_it_has_attributes_that_change(made: Any) -> None:
    made.more = 1
    made.more += 1
    assert made.more == 2
    del made.more
    assert not hasattr(made, "more")
    for change in (lambda: setattr(made, "a", 2), lambda: delattr(made, "a")):
        with pytest.raises(FrozenInstanceError, match="field 'a'"):
            change()
    assert made.a == 1


@pytest.mark.parametrize("words", [(), (1, "b", [], 3, {})])
def test_wrong_arguments_are_refused(words: tuple[Any, ...]) -> None:
    for made in (Quick, Plain):
        with pytest.raises(TypeError, match="argument"):
            made(*words)


def test_each_gets_a_default_of_its_own() -> None:
    assert Quick(1).c is not Quick(1).c


def shapes(dataclass: Any) -> Iterator[Any]:
    """Classes of other shapes: a value of each."""

    @dataclass(frozen=True)
    class Empty:
        """Without fields."""

    @dataclass(frozen=True)
    class Checked:
        """With a dictionary, a check and an inherited field below."""

        a: int

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError(self.a)

        @cached_property
        def twice(self) -> int:
            return 2 * self.a

    @dataclass(frozen=True)
    class Below(Checked):
        """Inherits, and shows itself."""

        b: int = 2

        def __repr__(self) -> str:
            return "own"

    @dataclass(frozen=True, eq=False)
    class Itself:
        """Equal to nothing else."""

        a: int

    yield Empty()
    yield Checked(3)
    yield Below(3)
    yield Itself(1)
    with pytest.raises(ValueError, match="-1"):
        Below(-1)


def test_other_shapes_are_as_of_the_standard_library() -> None:
    for quick, plain, again in zip(shapes(QUICK), shapes(PLAIN), shapes(QUICK), strict=True):
        assert repr(quick) == repr(plain)
        assert (hash(quick) == hash(plain)) == (type(quick).__name__ != "Itself")
        assert quick == quick  # noqa: PLR0124  # the question
        assert quick != again  # another class
        assert getattr(quick, "twice", 6) == 6
        for frozen in (quick, plain):
            with pytest.raises(FrozenInstanceError):
                frozen.further = 1


def test_only_frozen_ones_are_made() -> None:
    with pytest.raises(TypeError, match="standard library"):
        QUICK(frozen=False)
