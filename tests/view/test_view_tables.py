"""One table in all its forms."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from simastra.view.html import notebook_table
from simastra.view.table import Cell, Table, left, right
from simastra.view.terminal import rich_table

CELLS = st.none() | st.integers() | st.text(st.characters(exclude_categories=["Cs", "Cc"]))

TABLE = Table(
    (*left("node"), *right("size", "use")),
    (("<a>", 1_048_576, 0.5), ("b", None, 0.000012345)),
    "nodes",
)


def drawn(table: Table) -> str:
    console = Console(file=io.StringIO(), width=60, color_system=None)
    console.print(rich_table(table, box=None))
    page = console.file
    assert isinstance(page, io.StringIO)
    return page.getvalue()


def test_words_begin_at_the_left_and_numbers_end_at_the_right() -> None:
    assert str(TABLE).splitlines() == [
        "node       size        use",
        "<a>   1,048,576        0.5",
        "b             -  1.234e-05",
    ]


def test_a_table_without_rows_is_its_headings() -> None:
    assert str(Table((*right("NPU"), *left("what")), ())) == "NPU  what"


def test_columns_without_names_have_no_headings() -> None:
    table = Table(left("", ""), (("a", "b"),))
    assert str(table) == "a  b"
    assert drawn(table).split() == ["a", "b"]


def test_a_terminal_shows_the_same_words_on_the_same_sides() -> None:
    heading, first, second = drawn(TABLE).splitlines()
    assert [heading.split(), first.split(), second.split()] == [
        ["node", "size", "use"],
        ["<a>", "1,048,576", "0.5"],
        ["b", "-", "1.234e-05"],
    ]
    assert heading.index("size") + len("size") == first.index("1,048,576") + len("1,048,576")


def test_rows_have_their_styles_on_a_terminal() -> None:
    rows = (("a",), ("b",))
    styled = rich_table(Table(left("it"), rows, styles=("red", "blue")))
    assert [row.style for row in styled.rows] == ["red", "blue"]
    assert [row.style for row in rich_table(Table(left("it"), rows)).rows] == [None, None]


def test_a_notebook_says_how_many_rows_are_left_out() -> None:
    table = Table(right("n"), tuple((number,) for number in range(30)))
    assert notebook_table(table).count("<td") == 20
    assert "<div>and 10 more</div>" in notebook_table(table)
    assert "<div>and 1,204 more</div>" in notebook_table(table, total=1224)
    assert "more" not in notebook_table(table, most=30)
    assert "text-align: right" in notebook_table(table)


def test_what_cannot_be_written_in_utf_8_is_shown_all_the_same() -> None:
    shown = notebook_table(Table(left("name"), (("\ud800 \0",),)))
    assert shown.encode()
    assert ">? \ufffd</td>" in shown


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_csv_can_be_read_back(rows: list[tuple[Cell, Cell]]) -> None:
    table = Table(left("a", "b"), tuple(rows))
    read = list(csv.reader(io.StringIO(table.to_csv(), newline="")))
    assert read == [["a", "b"], *(["" if it is None else str(it) for it in row] for row in rows)]


def test_dicts_have_plain_values_by_column() -> None:
    assert TABLE.to_dicts()[1] == {"node": "b", "size": None, "use": 0.000012345}


@pytest.mark.parametrize("row", [("a",), ("a", "b", "c")])
def test_a_row_that_is_too_short_or_too_long_is_no_table(row: tuple[str, ...]) -> None:
    table = Table(left("x", "y"), (row,))
    for form in (str, Table.to_dicts, notebook_table):
        with pytest.raises(ValueError, match="zip"):
            form(table)
