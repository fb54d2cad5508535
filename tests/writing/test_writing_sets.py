"""A set of files is replaced as one or not at all, whatever ends the process that writes it."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simastra.writing import Replacement, WriteError, finish_interrupted, write_files

FILES = 12
WRITER = """
import resource, sys
from pathlib import Path
from simastra.writing import WriteError, write_files
folder, text, size, descriptors, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_NOFILE, (int(descriptors), int(descriptors)))
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
print("begins", flush=True)
while True:
    sizes = [int(size)] * 11 + [2 * int(size)]
    try:
        write_files((Path(folder, f"x.{i}"), text.encode() * it) for i, it in enumerate(sizes))
    except WriteError as error:
        sys.exit(str(error))
    if int(limit):
        sys.exit()
"""
UNNAMED, NAMED = 256, 70  # so many descriptors; of 70, most are kept for others


def start(
    folder: Path, text: str, *, descriptors: int = UNNAMED, limit: int = 0
) -> subprocess.Popen[str]:
    """A process that writes the set, again and again if there is no limit to a file's size."""
    words = [str(folder), text, "600", str(descriptors), str(limit)]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def contents(folder: Path) -> set[str]:
    """What the set's files hold: one letter, if they are of one set."""
    return {letter for path in folder.glob("x.*") for letter in path.read_text()}


def settled(folder: Path) -> list[str]:
    """The names in a folder, once what a kill doesn't stop has ended."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(folder.glob(".simastra-*")):
        time.sleep(0.01)
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a set."""
    write_files((tmp_path / f"x.{i}", b"o" * 600) for i in range(FILES))
    return tmp_path


ALL = sorted(f"x.{i}" for i in range(FILES))


@pytest.mark.parametrize("writers", ["a", "ab"])
def test_killed_at_any_moment_it_leaves_one_set_and_nothing_beside_it(
    old: Path, writers: str
) -> None:
    moments = random.Random(1)
    for _ in range(12):
        processes = [start(old, letter) for letter in writers]
        time.sleep(moments.random() / 20)
        for process in processes:
            process.kill()
            process.communicate()
        assert settled(old) == ALL
        assert len(contents(old)) == 1


def test_what_needs_names_meanwhile_is_swept_by_the_next_writer(old: Path) -> None:
    for _ in range(4):
        process = start(old, "n", descriptors=NAMED)
        time.sleep(0.03)
        process.kill()
        process.communicate()
        time.sleep(0.2)
        assert len(contents(old)) == 1
    write_files((old / f"x.{i}", b"w") for i in range(FILES))
    assert sorted(path.name for path in old.iterdir()) == ALL
    assert contents(old) == {"w"}


@pytest.mark.parametrize("descriptors", [UNNAMED, NAMED])
def test_a_full_disk_leaves_all_as_it_was(old: Path, descriptors: int) -> None:
    process = start(old, "f", descriptors=descriptors, limit=1000)  # the last file has 1,200
    _, said = process.communicate(timeout=60)
    assert said.strip() == f"{old}/x.11 can't be written: File too large"
    assert sorted(path.name for path in old.iterdir()) == ALL
    assert contents(old) == {"o"}


def test_a_source_that_raises_leaves_all_as_it_was(old: Path) -> None:
    def files() -> Iterator[tuple[Path, bytes]]:
        yield old / "x.0", b"new"
        raise KeyError

    with pytest.raises(KeyError):
        write_files(files())
    assert contents(old) == {"o"}


def test_a_file_that_cannot_be_put_in_place_takes_the_others_back(old: Path) -> None:
    def write() -> None:
        with Replacement() as replacement:
            for name in ("x.0", "new", "y"):
                replacement.write(old / name, b"n")
            (old / "y").mkdir()

    with pytest.raises(WriteError, match=r"y can't be written: Is a directory"):
        write()
    assert sorted(path.name for path in old.iterdir()) == sorted([*ALL, "y"])
    assert contents(old) == {"o"}


def test_a_set_may_lie_in_several_folders_behind_links(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}.et").symlink_to(f"{name}/file")
    write_files([(tmp_path / "one.et", b"1"), (tmp_path / "two.et", b"2"), (tmp_path / "x", b"3")])
    assert (tmp_path / "one" / "file").read_bytes() == b"1"
    assert (tmp_path / "two" / "file").read_bytes() == b"2"
    assert len(list(tmp_path.rglob("*"))) == 7


def test_permissions_of_every_file_are_kept(old: Path) -> None:
    (old / "x.3").chmod(0o600)
    write_files((old / f"x.{i}", b"n") for i in range(FILES))
    assert (old / "x.3").stat().st_mode & 0o777 == 0o600


def interrupted(folder: Path) -> None:
    """What is there when everything stops right after a set was decided, and one file put."""
    new = folder / ".simastra-commit" / "new"
    new.mkdir(parents=True)
    (folder / "x.0").write_bytes(b"n")
    for i in range(1, FILES):
        (new / f"x.{i}").write_bytes(b"n")


def test_a_set_that_was_decided_is_finished_by_whoever_comes_next(old: Path) -> None:
    interrupted(old)
    finish_interrupted(old)
    assert contents(old) == {"n"}
    assert sorted(path.name for path in old.iterdir()) == ALL


def test_a_file_that_is_not_of_the_new_set_goes_with_the_old_one(old: Path) -> None:
    files = [(old / f"x.{i}", b"n") for i in range(FILES - 2)]
    write_files(files, gone=[old / f"x.{FILES - 1}", old / f"x.{FILES - 2}", old / "x.never"])
    assert contents(old) == {"n"}
    assert len(list(old.iterdir())) == FILES - 2


def test_what_was_to_go_comes_back_with_the_others(old: Path) -> None:
    later = old / "z"  # folders are seen to in order of their names
    later.mkdir()

    def write() -> None:
        with Replacement() as replacement:
            replacement.write(old / "x.0", b"n")
            replacement.drop(old / "x.1")
            replacement.write(later / "y", b"n")
            (later / "y").mkdir()

    with pytest.raises(WriteError, match="Is a directory"):
        write()
    (later / "y").rmdir()
    later.rmdir()
    assert contents(old) == {"o"}
    assert sorted(path.name for path in old.iterdir()) == ALL


def test_what_was_to_go_goes_though_the_writer_was_stopped(old: Path) -> None:
    interrupted(old)
    (old / ".simastra-commit" / "new" / "x.3").unlink()
    gone = old / ".simastra-commit" / "gone"
    gone.mkdir()
    (gone / "x.3").touch()
    finish_interrupted(old)
    assert contents(old) == {"n"}
    assert sorted(path.name for path in old.iterdir()) == sorted({*ALL} - {"x.3"})


def test_what_a_stranger_left_where_all_may_write_is_not_finished(old: Path) -> None:
    interrupted(old)
    old.chmod(0o1777)
    if os.geteuid() == 0:  # only the superuser can make a stranger
        os.chown(old / ".simastra-commit", 65534, 65534)
        finish_interrupted(old)
        assert contents(old) == {"o", "n"}
        os.chown(old / ".simastra-commit", 0, 0)
    finish_interrupted(old)
    assert contents(old) == {"n"}


def test_what_somebody_wrote_after_the_interruption_stays(old: Path) -> None:
    interrupted(old)
    (old / "x.5").write_bytes(b"m")
    later = (old / "x.5").stat().st_mtime_ns + 60 * 10**9
    os.utime(old / "x.5", ns=(later, later))
    finish_interrupted(old)
    assert (old / "x.5").read_bytes() == b"m"
    assert contents(old) == {"n", "m"}


def test_what_was_not_decided_is_removed_by_the_next_set(old: Path) -> None:
    (old / ".simastra-new" / "new").mkdir(parents=True)
    (old / ".simastra-new" / "new" / "x.0").write_bytes(b"u")
    (old / ".simastra-0f").touch()
    write_files((old / f"x.{i}", b"n") for i in range(FILES))
    assert sorted(path.name for path in old.iterdir()) == ALL
    assert contents(old) == {"n"}


def test_who_reads_and_writes_keeps_others_out(old: Path) -> None:
    counter = old / "count"
    counter.write_text("0")
    adder = (
        "import sys\nfrom pathlib import Path\nfrom simastra.writing import Replacement\n"
        "path = Path(sys.argv[1])\n"
        "for _ in range(20):\n"
        "    with Replacement() as replacement:\n"
        "        replacement.keep_others_out(path)\n"
        "        count = int(path.read_text())\n"
        "        replacement.write(path, str(count + 1).encode())\n"
        "        replacement.write(path.with_name('other'), b'')\n"
    )
    words = [sys.executable, "-c", adder, str(counter)]
    processes = [subprocess.Popen(words) for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    assert counter.read_text() == "60"


def test_an_interrupt_waits_for_what_was_begun(old: Path) -> None:
    process = start(old, "i")
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert settled(old) == ALL
    assert len(contents(old)) == 1


def test_limits_of_this_process_are_left_alone(old: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    write_files((old / f"x.{i}", b"n") for i in range(FILES))
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


def test_a_process_goes_on_when_its_set_is_in_place(tmp_path: Path) -> None:
    words = "from simastra.writing import write_files\nfrom pathlib import Path\nimport sys\n"
    words += "print(*write_files([(Path('a'), b'1'), (Path('b'), b'2')]), len(sys.argv))"
    done = subprocess.run(
        [sys.executable, "-c", words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("a b 1\n", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_writers_that_need_names_leave_each_other_alone(old: Path) -> None:
    processes = [start(old, letter, descriptors=NAMED) for letter in "abc"]
    time.sleep(0.5)
    assert [process.poll() for process in processes] == [None, None, None]
    for process in processes:
        process.kill()
        process.communicate()


def test_folders_are_made_if_that_is_asked_for_and_can_be_done(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, why in (("no/such/x", "there is no folder"), ("file/x", "file is a file")):
        with pytest.raises(WriteError, match=why):
            write_files([(tmp_path / name, b"1")])
    assert write_files([(tmp_path / "no" / "such" / "x", b"1")], makes_folders=True)
    assert (tmp_path / "no" / "such" / "x").read_bytes() == b"1"
    with pytest.raises(WriteError, match=r"file/such can't be made a folder: Not a directory"):
        write_files([(tmp_path / "file" / "such" / "x", b"1")], makes_folders=True)
