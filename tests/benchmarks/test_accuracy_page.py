"""docs/accuracy.md is what the last record makes of it."""

from pathlib import Path

import pytest

from benchmarks.accuracy.page import PAGE, write_page
from benchmarks.places import PageError
from benchmarks.record import read_record

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


def test_nothing_in_the_tables_is_typed(tmp_path: Path) -> None:
    record = read_record(RESULTS, "accuracy")
    assert record is not None
    copy = tmp_path / "accuracy.md"
    copy.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    write_page(record["rows"], copy)
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


def test_a_table_without_a_place_is_told(tmp_path: Path) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text("<!-- here: -->\n<!-- end of here -->\n")
    with pytest.raises(PageError, match="has no place for there"):
        write_page([{"table": "there", "x": 1.0}], page)


def test_a_place_is_filled_with_a_table(tmp_path: Path) -> None:
    page = tmp_path / "accuracy.md"
    page.write_text("a\n<!-- here: filled -->\nold\n<!-- end of here -->\nb\n")
    write_page([{"table": "here", "x": 1.25, "y": ""}, {"table": "here", "x": 2, "y": "z"}], page)
    table = "| x | y |\n| --- | --- |\n| 1.2 | - |\n| 2 | z |"
    assert page.read_text() == f"a\n<!-- here: filled -->\n\n{table}\n\n<!-- end of here -->\nb\n"
