"""A data set: written in parts, gone on with, and kept from others."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simastra.errors import ConfigError
from simastra.sweep.dataset import Field, FieldKind, Identity, Row, kind_of, opened, read_table

FIELDS = (
    Field("number", FieldKind.INT),
    Field("point", FieldKind.TEXT),
    Field("axis", FieldKind.TEXT, "", "what is varied"),
    Field("status", FieldKind.TEXT),
    Field("makespan_ns", FieldKind.INT, "ns", "how long it takes"),
    Field("mfu", FieldKind.FLOAT),
)


def identity(*values: object, digest: str = "d") -> Identity:
    axes = [{"name": "axis", "keys": ["axis"], "values": list(values)}]
    return Identity({"title": "Mine", "axes": axes, "mode": {"grid": {}}}, digest)


def row(number: int, **changes: object) -> Row:
    made = {"number": number, "point": f"{number:016x}", "axis": number, "status": "ok"}
    return {**made, "makespan_ns": 2**62 + number, "mfu": 0.5, **changes}


def test_rows_come_back_sorted_and_exact(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1), FIELDS) as data:
        for number in (3, 1, 2):
            data.add(row(number, axis=[number, {"b": None}], mfu=None))
            data.flush()
    table = read_table(tmp_path)
    assert table.values("number") == [1, 2, 3]
    assert table.values("makespan_ns") == [2**62 + 1, 2**62 + 2, 2**62 + 3]
    assert table.values("axis")[0] == '[1, {"b": null}]'
    assert table.values("mfu") == [None, None, None]
    assert (table.fields["makespan_ns"].unit, table.fields["axis"].meaning) == (
        "ns",
        "what is varied",
    )
    assert table.fields["mfu"].kind is FieldKind.FLOAT


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], FieldKind.INT),
        ([1, 2.5], FieldKind.FLOAT),
        ([2**70], FieldKind.FLOAT),
        (["a"], FieldKind.TEXT),
        ([1, "a"], FieldKind.TEXT),
        ([[1, 2]], FieldKind.TEXT),
        ([True, False], FieldKind.BOOL),
        ([True, 1], FieldKind.TEXT),
    ],
)
def test_a_column_is_of_the_kind_that_all_values_are_of(
    values: list[object], kind: FieldKind
) -> None:
    assert kind_of(values) is kind


def test_what_is_written_is_found_again(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1), FIELDS) as data:
        data.add(row(7))
    with opened(tmp_path, identity(1), FIELDS) as data:
        assert data.find(f"{7:016x}", 7) == ({**row(7), "axis": "7"}, True)
        other = data.find(f"{7:016x}", 8)
        assert other is not None
        assert (other[0]["number"], other[1]) == (8, False)
        assert data.find(f"{8:016x}", 8) is None


def test_rows_of_a_study_with_other_values_are_put_aside_and_come_back(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1, 2), FIELDS) as data:
        data.add(row(0))
    with opened(tmp_path, identity(1, 2, 3), FIELDS) as data:
        found = data.find(f"{0:016x}", 0)
        assert found is not None
        assert not found[1]
        data.add(row(5))
    assert read_table(tmp_path).values("number") == [5]
    with opened(tmp_path, identity(1, 2), FIELDS) as data:
        found = data.find(f"{0:016x}", 0)
        assert found is not None
        assert found[1]
    assert read_table(tmp_path).values("number") == [0]


def test_another_studys_rows_are_kept_from_this_one(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1), FIELDS) as data:
        data.add(row(0))
    other = Identity({"axes": [{"name": "size"}]}, "e")
    message = r"has rows of another study, 'Mine'; what differs: axes \(axis there\); name another"
    with pytest.raises(ConfigError, match=message), opened(tmp_path, other, FIELDS):
        pass
    assert read_table(tmp_path).values("number") == [0]


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with (
        opened(tmp_path, identity(1), FIELDS),
        pytest.raises(ConfigError, match=f"another sweep is writing to it .process {os.getpid()}"),
        opened(tmp_path, identity(1), FIELDS),
    ):
        pass
    with opened(tmp_path, identity(1), FIELDS):
        pass


def test_what_else_lies_there_is_ignored(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1), FIELDS) as data:
        data.add(row(0))
    (tmp_path / "points" / ".simastra-1234").write_bytes(b"half of a part")
    (tmp_path / "points" / "notes.txt").write_text("mine")
    with opened(tmp_path, identity(1), FIELDS) as data:
        data.add(row(1))
    assert read_table(tmp_path).values("number") == [0, 1]


def test_a_broken_part_is_named(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1), FIELDS) as data:
        data.add(row(0))
    (part,) = (tmp_path / "points").glob("*.parquet")
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(ConfigError, match=part.name):
        read_table(tmp_path)


def test_a_bit_that_has_changed_is_told(tmp_path: Path) -> None:
    with opened(tmp_path, identity(1), FIELDS) as data:
        for number in range(20):
            data.add(row(number))
    (part,) = (tmp_path / "points").iterdir()
    whole, rows = part.read_bytes(), list(read_table(tmp_path).rows())
    told = 0
    for at in range(4, 900):  # where values are; what comes after says how they are laid out
        part.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            assert list(read_table(tmp_path).rows()) == rows
        except ConfigError:
            told += 1
    assert told > 450


@pytest.mark.parametrize("study", [3, {"title": "x"}, {"axes": [{}]}])
def test_a_file_that_says_of_no_study_is_told(tmp_path: Path, study: object) -> None:
    said = {"study": study, "digest": "x", "prunes": False}
    (tmp_path / "sweep.json").write_text(json.dumps(said))
    with pytest.raises(ConfigError, match="isn't what a sweep writes"):
        Identity.read(tmp_path)


def test_a_folder_that_is_no_sweeps_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no sweep\.json in it"):
        read_table(tmp_path)
    (tmp_path / "sweep.json").write_text("[]")
    with pytest.raises(ConfigError, match="isn't what a sweep writes"):
        read_table(tmp_path)


_WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_data_set import FIELDS, identity, row
from simastra.sweep.dataset import opened
with opened(Path(sys.argv[1]), identity(1), FIELDS) as data:
    for number in range(int(sys.argv[2]), 1_000_000):
        data.add(row(number))
        data.flush()
        print(number, flush=True)
"""


def test_a_writer_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    script = _WRITER.format(tests=str(Path(__file__).parent))
    first = 0
    for _ in range(3):
        words = [sys.executable, "-c", script, str(tmp_path), str(first)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            last = [int(writer.stdout.readline()) for _ in range(20)][-1]
            writer.send_signal(signal.SIGKILL)
        numbers = read_table(tmp_path).values("number")
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > last
        first = len(numbers)
    assert {it.suffix for it in (tmp_path / "points").iterdir()} == {".parquet"}
