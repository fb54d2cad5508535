"""Two paths of one file are found, however they are spelled."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from simastra.writing import (
    WriteError,
    input_replaced,
    output_replaced,
    place,
    refuse_input,
    write_file,
)

SPELLINGS: list[Callable[[Path], Path | str]] = [
    lambda file: file,
    lambda file: f"{file.parent}/./{file.name}",
    lambda file: f"{file.parent}//{file.name}",
    lambda file: f"{file.parent}/../{file.parent.name}/{file.name}",
    os.path.relpath,
    lambda file: file.parent / "folder-link" / file.name,
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that isn't there yet, in a folder that has a second name."""
    (tmp_path / "folder-link").symlink_to(".")
    return tmp_path / "file"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_output_is_an_input_by_any_of_its_names(
    file: Path, spelling: Callable[[Path], Path | str]
) -> None:
    file.touch()
    assert input_replaced([spelling(file)], [file]) == spelling(file)
    assert input_replaced([file], [spelling(file)]) == file


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_two_outputs_are_one_before_they_are_there(
    file: Path, spelling: Callable[[Path], Path | str]
) -> None:
    for _ in range(2):
        clash = output_replaced([[file.with_name("other")], [file], [spelling(file)]])
        assert clash == (spelling(file), 1, 2)
        file.touch()


def test_links_of_both_kinds_are_followed(file: Path) -> None:
    file.touch()
    for name in ("soft", "hard"):
        link = file.with_name(name)
        link.symlink_to(file) if name == "soft" else os.link(file, link)
        assert input_replaced([link], [file]) == link
        assert input_replaced([file], [link]) == file


def test_a_link_that_leads_nowhere_yet_is_what_it_leads_to(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to("file")
    assert place(link) == place(file)
    assert output_replaced([[file], [link]]) == (link, 0, 1)


def test_what_is_in_a_folder_that_is_not_there_has_a_place_too(tmp_path: Path) -> None:
    assert place(tmp_path / "no" / "x") == place(tmp_path / "no" / ".." / "no" / "x")
    assert place(tmp_path / "no" / "x") != place(tmp_path / "no" / "y")
    assert not place(tmp_path / "no" / "x").exists
    assert place(tmp_path).exists


def test_different_files_do_not_clash(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a", "A", "b")]
    before = sorted(tmp_path.iterdir())
    alike = (tmp_path / "probe").touch() or (tmp_path / "PROBE").exists()
    (tmp_path / "probe").unlink()
    clash = output_replaced([[path] for path in paths])
    assert clash == ((paths[1], 0, 1) if alike else None)  # as the folder has it
    assert input_replaced(paths, [tmp_path / "c"]) is None
    assert sorted(tmp_path.iterdir()) == before


def test_a_files_own_names_are_no_clash(tmp_path: Path) -> None:
    assert output_replaced([[tmp_path / "a", tmp_path / "a"]]) is None


def test_what_cannot_be_looked_at_is_left_to_who_writes_it(tmp_path: Path) -> None:
    assert input_replaced(["a\0b"], ["a\0b"]) is None
    assert output_replaced([["a\0b"], ["a\0b"]]) is None
    (tmp_path / "loop").symlink_to("loop")
    assert input_replaced([tmp_path / "loop"], [tmp_path / "loop"]) is None


def test_an_input_is_refused(file: Path) -> None:
    refuse_input(file, [file])  # nothing is there that could be replaced
    write_file(file, b"")
    with pytest.raises(WriteError, match="file can't be written: it is an input; name another"):
        refuse_input(file, ["a\0b", file])


def test_what_cannot_be_looked_at_hides_nothing(file: Path) -> None:
    (file.parent / "loop").symlink_to("loop")
    file.touch()
    for strange in (file.parent / "loop", f"{file.parent}/nu\0ll"):
        assert output_replaced([[strange], [strange, file], [file]]) == (file, 1, 2)
        assert input_replaced([strange, file], [strange, file]) == file


def test_inputs_that_nobody_writes_are_no_clash(file: Path) -> None:
    file.touch()
    other = file.with_name("other")
    other.touch()
    assert input_replaced([file], [other, file.with_name("not-there")]) is None
