"""Which files of a prefix there are, and which are too many."""

from pathlib import Path

import pytest

from simastra.trace import surplus_files
from simastra.trace.files import existing_files


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """Files of NPUs 0, 1, 2 and 10, and some that only look like it."""
    for name in ("t.0.et", "t.1.et", "t.2.et", "t.10.et", "t.x.et", "tt.3.et", "t.4.et.gz"):
        (tmp_path / name).touch()
    return tmp_path / "t"


def test_existing_files_are_in_order_of_npu(prefix: Path) -> None:
    assert existing_files(prefix) == ["t.0.et", "t.1.et", "t.2.et", "t.10.et"]
    assert existing_files(prefix.parent / "absent" / "t") == []


@pytest.mark.parametrize(
    ("npus", "surplus"),
    [
        (1, ["t.1.et", "t.2.et", "t.10.et"]),
        (2, ["t.2.et", "t.10.et"]),
        (3, ["t.10.et"]),
        (4, ["t.10.et"]),
        (10, []),
        (11, []),
    ],
)
def test_files_from_the_number_of_npus_on_are_surplus(
    prefix: Path, npus: int, surplus: list[str]
) -> None:
    assert surplus_files(prefix, npus) == surplus


def test_where_there_is_no_folder_nothing_is_surplus(tmp_path: Path) -> None:
    assert surplus_files(tmp_path / "absent" / "t", 0) == []
