"""The parts of which a replacement is made: places, new files, a session of their own, reasons."""

import errno
import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simastra.writing import (
    WriteError,
    check_writable,
    output_replaced,
    place,
    write_file,
    write_files,
)
from simastra.writing.own_session import in_own_session
from simastra.writing.write_error import reason


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_place_is_told_by_what_exists_and_the_names_from_there(tmp_path: Path) -> None:
    there = place(tmp_path)
    status = tmp_path.stat()
    assert (there.anchor, there.rest) == ((status.st_dev, status.st_ino), ())
    assert (there.exists, there.folder) == (True, tmp_path)
    deep = place(tmp_path / "a" / "b" / "c")
    assert (deep.anchor, deep.rest) == (there.anchor, ("a", "b", "c"))
    assert (deep.exists, deep.folder) == (False, tmp_path)
    assert place(f"{tmp_path}/a/./b/../b/c") == deep
    assert place(tmp_path / "a" / "c" / "b") != deep
    (tmp_path / "file").touch()
    assert place(tmp_path / "file" / "x").rest == ("x",)  # whatever can be made of that


@pytest.mark.parametrize(("one", "other"), [("A", "a"), ("Å", "A\u030a"), ("ﬁ", "fi")])
def test_names_that_look_alike_clash_only_where_the_folder_takes_them_for_one(
    tmp_path: Path, one: str, other: str
) -> None:
    (tmp_path / one).touch()
    is_one = (tmp_path / other).exists()
    (tmp_path / one).unlink()
    clash = output_replaced([[tmp_path / one], [tmp_path / other]])
    assert (clash is not None) == is_one
    assert names(tmp_path) == []


def test_of_several_clashes_the_first_is_named(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    clash = output_replaced([[a, a], [b], [a, b]])
    assert clash is not None
    assert (clash.path, clash.first, clash.second) == (a, 0, 2)
    assert output_replaced([[a, a], [b, b]]) is None


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError("just words"), "just words"),
        (ValueError("embedded null byte"), "embedded null byte"),
        (RuntimeError("a loop"), "a loop"),
    ],
)
def test_what_went_wrong_is_told_without_its_number(error: Exception, words: str) -> None:
    assert reason(error) == words


def test_an_error_has_a_sentence_with_the_file() -> None:
    error = WriteError("a/b", "why not")
    assert (str(error), error.path, error.reason) == (
        "a/b can't be written: why not",
        "a/b",
        "why not",
    )
    assert str(WriteError("a", "b", "c")) == "c"


def in_other_words(call: Callable[[], None]) -> WriteError:
    with pytest.raises(WriteError) as raised:
        in_own_session(call, "file")
    return raised.value


def has_one_thread() -> bool:
    """Whether this process has no other; NumPy's, say, start some that Python ignores."""
    return len(list(Path("/proc/self/task").iterdir())) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no such sessions here")
def test_what_is_done_in_a_session_of_its_own_is_told_here(tmp_path: Path) -> None:
    seen = tmp_path / "seen"

    def note() -> None:
        seen.write_text(f"{os.getpid()} {os.getsid(0)}")

    in_own_session(note, "file")
    process, session = map(int, seen.read_text().split())
    if has_one_thread():
        assert process == session != os.getpid()

    def refuse() -> None:
        raise WriteError("\udcffx", "a reason", "a sentence")

    refused = in_other_words(refuse)
    assert (str(refused.path), refused.reason, str(refused)) == (
        "\udcffx",
        "a reason",
        "a sentence",
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no such sessions here")
def test_an_unexpected_end_of_that_session_is_an_error_here() -> None:
    if not has_one_thread():
        pytest.skip("with several threads there is no such session")
    killed = in_other_words(lambda: os.kill(os.getpid(), 9))
    assert str(killed) == "file can't be written: its writer was killed"

    def fail() -> None:
        raise KeyError("x")

    assert "KeyError('x')" in str(in_other_words(fail))


def test_a_process_with_threads_does_it_itself(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    waits = threading.Event()
    other = threading.Thread(target=waits.wait)
    other.start()
    try:
        in_own_session(lambda: seen.write_text(str(os.getpid())) and None, "file")
        with pytest.raises(KeyError):
            in_own_session(lambda: {}["x"], "file")
    finally:
        waits.set()
        other.join()
    assert seen.read_text() == str(os.getpid())


def without_unnamed_files(patch: pytest.MonkeyPatch, number: int | None) -> None:
    """Let files without names end in an error, or be unknown."""
    if number is None:
        patch.delattr(os, "O_TMPFILE", raising=False)
        return
    opened, flag = os.open, getattr(os, "O_TMPFILE", 0)

    def refuse(path: Path | str, flags: int, *rest: int, **more: int | None) -> int:
        if flag and flags & flag == flag:
            raise OSError(number, os.strerror(number))
        return opened(path, flags, *rest, **more)

    patch.setattr(os, "open", refuse)


@pytest.mark.parametrize(
    "number",
    [None, errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT, errno.EMFILE],
)
def test_files_have_names_meanwhile_where_they_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "old").chmod(0o604)
    before = os.umask(0o027)
    try:
        with monkeypatch.context() as patch:
            without_unnamed_files(patch, number)
            write_file(tmp_path / "old", b"new")
            write_file(tmp_path / "one", b"1")
            write_files([(tmp_path / "two", b"2"), (tmp_path / "old", b"newer")])
    finally:
        os.umask(before)
    assert names(tmp_path) == ["old", "one", "two"]
    assert [(tmp_path / name).read_bytes() for name in names(tmp_path)] == [b"newer", b"1", b"2"]
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names(tmp_path)]
    assert modes == [0o604, 0o640, 0o640]


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files have names here")
def test_another_error_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        without_unnamed_files(patch, errno.ENOSPC)
        with pytest.raises(WriteError, match="x can't be written: No space left on device"):
            write_file(tmp_path / "x", b"")
    assert names(tmp_path) == []


def test_what_is_left_of_one_who_was_killed_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    for _ in range(2):
        write_file(tmp_path / "x", b"new")
    (tmp_path / ".simastra-anything").touch()
    write_files([(tmp_path / "x", b"1"), (tmp_path / "y", b"2")])
    assert names(tmp_path) == ["x", "y"]


def open_descriptors() -> set[str]:
    return {f"{it.name} {it.readlink()}" for it in Path("/proc/self/fd").iterdir() if it.exists()}


@pytest.mark.parametrize("where", ["one", "another"])
def test_looking_whether_a_file_can_be_written_leaves_nothing_open(
    tmp_path: Path, where: str
) -> None:
    before = open_descriptors()
    check_writable(tmp_path / where)
    assert open_descriptors() == before
    assert not list(tmp_path.iterdir())


def test_a_set_that_breaks_off_leaves_nothing_open(tmp_path: Path) -> None:
    def contents() -> Iterator[tuple[Path, bytes]]:
        yield tmp_path / "a", b"a"
        yield tmp_path / "b", b"b"
        raise KeyError("what comes next can't be made")

    before = open_descriptors()
    with pytest.raises(KeyError):
        write_files(contents())
    assert open_descriptors() == before
    assert not list(tmp_path.iterdir())


def test_what_is_no_regular_file_is_refused_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    reasons = {}
    for name in ("folder", "pipe"):
        with pytest.raises(WriteError) as refused:
            write_file(tmp_path / name, b"x")
        reasons[name] = refused.value.reason
    assert reasons == {"folder": os.strerror(errno.EISDIR), "pipe": "it isn't a regular file"}


def test_a_folder_that_is_there_is_one_that_needn_t_be_made(tmp_path: Path) -> None:
    names = [tmp_path / "new" / "folder" / name for name in "ab"]
    assert write_files([(name, b"x") for name in names], makes_folders=True) == names
    assert write_files([(name, b"y") for name in names], makes_folders=True) == names
    assert [name.read_bytes() for name in names] == [b"y", b"y"]
