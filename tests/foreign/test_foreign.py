"""Files given as what they aren't: what they are, and what to do with them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from foreign_files import FILES, UNKNOWN
from hypothesis import given
from hypothesis import strategies as st

from simastra.foreign import InputRole, foreign_problem, instead_of, kinds
from simastra.foreign.json_keys import top_keys
from simastra.foreign.kinds import FileKind

ALL_KINDS = {name: kind for name, kind in vars(kinds).items() if isinstance(kind, FileKind)}


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
@pytest.mark.parametrize(("kind", "data"), FILES)
def test_a_file_of_each_kind_is_recognised(
    kind: FileKind, data: bytes, packed: Callable[[bytes], bytes]
) -> None:
    data = packed(data)
    for role in InputRole:
        problem = foreign_problem(data, role, "it")
        if role in kind.roles:
            assert problem is None
        else:
            assert problem is not None
            assert problem.startswith(f"this is {kind.what}, not a {role}: ")
            assert problem.endswith(kind.advice.replace("FILE", "it"))


def test_every_kind_has_a_file_here() -> None:
    assert {kind.what for kind, _ in FILES} == {kind.what for kind in ALL_KINDS.values()}


@pytest.mark.parametrize("data", UNKNOWN)
def test_what_is_nothing_in_particular_is_not_guessed_at(data: bytes) -> None:
    assert foreign_problem(data, InputRole.CUSTOM, "it") is None


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_looked_at_without_harm(data: bytes) -> None:
    for kind, begun in FILES:
        foreign_problem(begun[: len(begun) // 2] + data, InputRole.TRACE, kind.what)
    foreign_problem(data, InputRole.TRACE, "it")


def test_a_letter_that_is_cut_in_two_hides_nothing() -> None:
    data = b'{"traceEvents": ["' + "é".encode() * (1 << 18)
    problem = foreign_problem(data, InputRole.SYSTEM, "it")
    assert problem is not None
    assert "Kineto" in problem


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- a --> " * 20_000,
        b'{"1": [0]' + b' "2": [1]  ' * 20_000,
        b"{" * 200_000,
        b'{"' + b"\\" * 200_000,
        b"a: b\n" * 50_000,
        b"0 " * 100_000,
    ],
)
def test_looking_ends_whatever_the_file(data: bytes) -> None:
    assert foreign_problem(data, InputRole.TRACE, "it") is None


def test_only_regular_files_are_looked_into(tmp_path: Path) -> None:
    assert instead_of(tmp_path, InputRole.SYSTEM) is None
    assert instead_of(tmp_path / "none", InputRole.SYSTEM) is None
    assert instead_of("a\0b", InputRole.SYSTEM) is None
    assert instead_of("/dev/zero", InputRole.SYSTEM) is None
    file = tmp_path / "kineto.json"
    file.write_bytes(b'{"traceEvents": []}')
    assert instead_of(file, InputRole.DEVICE) is None
    assert str(instead_of(file, InputRole.SYSTEM)).startswith("this is a Kineto trace")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"a": {"b": 1}, "c": "d: e", "f": [{"g": 1}]}', {"a", "c", "f"}),
        ('{"a\\"b": 1, "c', {'a\\"b'}),
        ('{"a": 1} {"b": 1}', {"a"}),
        ("{", set()),
        ("", set()),
        ('["a", {"b": 1}]', set()),
    ],
)
def test_keys_are_those_of_the_outermost_object(text: str, keys: set[str]) -> None:
    assert top_keys(text) == keys
