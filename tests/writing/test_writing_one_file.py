"""One file is written whole or not at all, under its own name and with its own permissions."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from simastra.writing import WriteError, check_writable, replacing, write_file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_a_block_writes_is_there_when_it_has_ended_and_not_before(tmp_path: Path) -> None:
    with replacing(tmp_path / "x") as file:
        file.write(b"new")
        assert names(tmp_path) == []
    assert (tmp_path / "x").read_bytes() == b"new"
    assert names(tmp_path) == ["x"]


def test_a_block_that_raises_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")

    def write() -> None:
        with replacing(tmp_path / "x") as file:
            file.write(b"new")
            raise KeyError

    with pytest.raises(KeyError):
        write()
    assert (tmp_path / "x").read_bytes() == b"old"
    assert names(tmp_path) == ["x"]


def test_an_error_of_the_block_that_is_no_trouble_with_files_stays_what_it_is(
    tmp_path: Path,
) -> None:
    with pytest.raises(RecursionError), replacing(tmp_path / "x"):
        raise RecursionError


def test_a_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    (tmp_path / "old").chmod(0o640)
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "old", b"")
        write_file(tmp_path / "new", b"")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "old"), mode(tmp_path / "new")) == (0o640, 0o640)
    (tmp_path / "old").chmod(0o604)
    write_file(tmp_path / "old", b"")
    assert mode(tmp_path / "old") == 0o604


def test_links_stay_links_even_those_that_lead_nowhere_yet(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("there", "new"):
        (tmp_path / name).symlink_to(f"deep/{name}")
    (tmp_path / "deep" / "there").write_bytes(b"old")
    for name in ("there", "new"):
        write_file(tmp_path / name, b"written")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "deep" / name).read_bytes() == b"written"
    assert names(tmp_path / "deep") == ["new", "there"]


def test_what_a_writer_left_that_was_killed_in_its_last_step_is_no_hindrance(
    tmp_path: Path,
) -> None:
    (tmp_path / "x").write_bytes(b"old")
    left = f".simastra-{hashlib.blake2b(b'x', digest_size=16).hexdigest()}"
    (tmp_path / left).write_bytes(b"of a writer that was killed")
    write_file(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"new"
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/x", "there is no folder {}/no to put x in; make it first"),
        ("file/x", "{0}/file can't be made a folder: {0}/file is a file"),
        ("folder", "{}/folder isn't a regular file; name a file"),
        ("a\0b", "{}/a\0b can't be written: embedded null byte"),
        (300 * "x", "{}/" + 300 * "x" + " can't be written: File name too long"),
    ],
)
def test_what_cannot_be_written_is_said_before_and_when_it_is_written(
    tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for attempt in (check_writable, lambda path: write_file(path, b"")):
        with pytest.raises(WriteError) as caught:
            attempt(tmp_path / name)
        assert str(caught.value) == said.format(tmp_path)
    assert names(tmp_path) == ["file", "folder"]


def test_asking_makes_nothing_and_a_name_with_a_slash_behind_it_is_no_file(tmp_path: Path) -> None:
    check_writable(tmp_path / "x")
    check_writable(tmp_path / "deep" / "er" / "x", makes_folders=True)
    with pytest.raises(WriteError, match="that names a folder; name a file"):
        check_writable(f"{tmp_path}/x/")
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"deep can't be made a folder: .*file is a file"):
        check_writable(tmp_path / "file" / "deep" / "x", makes_folders=True)
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_write_protected_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "x").chmod(0o444)
    with pytest.raises(WriteError, match="it is write-protected; name another file"):
        write_file(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"old"
