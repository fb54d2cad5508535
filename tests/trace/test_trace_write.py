"""A trace file is replaced in one move."""

import os
from pathlib import Path

import pytest

from simastra.errors import TraceError
from simastra.trace.files import write_file


def test_a_file_is_replaced_rather_than_written_into(tmp_path: Path) -> None:
    write_file(tmp_path / "x", b"old")
    with (tmp_path / "x").open("rb") as reader:  # who has the old file open goes on reading it
        write_file(tmp_path / "x", b"new")
        assert reader.read() == b"old"
    assert (tmp_path / "x").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_loop_of_links_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(TraceError, match="a: the file can't be written"):
        write_file(tmp_path / "a", b"new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(tmp_path / "pipe", b"data")
        assert os.read(reader, 10) == b"data"
    finally:
        os.close(reader)
    assert (tmp_path / "pipe").is_fifo()
