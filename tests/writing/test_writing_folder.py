"""What one writer leaves in a folder, and what the next one makes of it."""

import fcntl
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simastra.writing import finish_interrupted, write_file, write_files
from simastra.writing.folder import make_staging_folder
from simastra.writing.new_file import NewFile


@contextmanager
def lock_on(folder: Path) -> Iterator[None]:
    """Hold the lock that a writer takes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def left_by_a_killed_writer(folder: Path) -> Path:
    """A folder as one leaves it that had decided nothing yet."""
    left = folder / ".simastra-0123456789abcdef"
    left.mkdir()
    (left / "0").write_text("half")
    return left


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left_by_a_killed_writer(tmp_path)
    (tmp_path / ".simastra-of-one").write_text("half")
    write_files([(tmp_path / "a", b"1"), (tmp_path / "b", b"2")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_a_writer_still_uses_stays(tmp_path: Path) -> None:
    used = left_by_a_killed_writer(tmp_path)
    with lock_on(used):
        write_files([(tmp_path / "a", b"1"), (tmp_path / "b", b"2")])
        assert (used / "0").read_text() == "half"


def test_a_decided_set_is_finished_though_its_files_are_new(tmp_path: Path) -> None:
    new = tmp_path / ".simastra-commit" / "new"
    new.mkdir(parents=True)
    (new / "a").write_text("decided")
    finish_interrupted(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "decided"


def test_what_was_written_since_is_younger_than_a_decided_set(tmp_path: Path) -> None:
    new = tmp_path / ".simastra-commit" / "new"
    new.mkdir(parents=True)
    (new / "a").write_text("decided")
    (tmp_path / "a").write_text("since")
    os.utime(tmp_path / "a", ((new / "a").stat().st_ctime + 10,) * 2)
    finish_interrupted(tmp_path)
    assert (tmp_path / "a").read_text() == "since"


def test_only_its_owner_looks_into_a_folder_of_new_files(tmp_path: Path) -> None:
    staging, lock = make_staging_folder(tmp_path)
    os.close(lock)
    assert stat.S_IMODE(staging.stat().st_mode) == 0o700


@pytest.mark.parametrize("names", ["a", "ab"])
def test_a_writer_waits_for_the_folder(tmp_path: Path, names: str) -> None:
    words = "import sys; from pathlib import Path; from simastra.writing import write_files"
    action = (
        "write_files((Path(sys.argv[1], name), b'new') for name in sys.argv[2]); print('after')"
    )
    with lock_on(tmp_path):
        writer = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"{words}; print('begins', flush=True); {action}",
                tmp_path,
                names,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begins\n"
        time.sleep(0.3)
        assert not any(path.name in names for path in tmp_path.iterdir())
    assert writer.communicate(timeout=60)[0] == "after\n"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        names, "new"
    )


def test_a_file_that_cannot_be_put_in_place_leaves_no_name_behind(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    new = NewFile.unnamed(target, target)
    if new is None:
        pytest.skip("this file system has no unnamed files")
    with pytest.raises(IsADirectoryError):
        new.replace_target()
    new.close()
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_one_file_is_written_where_others_are(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"1")
    write_file(tmp_path / "b", b"2")
    write_file(tmp_path / "a", b"3")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"3", "b": b"2"}
