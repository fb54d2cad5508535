"""Blocks as a terminal gets them, letter by letter, colours included."""

from simastra.debug.prompt import Screen
from simastra.view.blocks import Block, Text, Tone
from simastra.view.table import Table, left, right
from simastra.view.terminal import coloured as drawn


def coloured(*blocks: Block, columns: int = 40) -> str:
    return drawn(blocks, columns)


def test_a_coloured_table_has_a_space_on_either_side_of_a_cell() -> None:
    table = Table(
        (*right("no"), *left("name")), ((1, "a"), (22, "bc")), "things", ("green", "none")
    )
    assert coloured(table).split("\n") == [
        "\x1b[1mthings\x1b[0m",
        "\x1b[2m \x1b[0m\x1b[2mno\x1b[0m\x1b[2m \x1b[0m\x1b[2m \x1b[0m\x1b[2mname\x1b[0m\x1b[2m "
        "\x1b[0m",
        "\x1b[32m \x1b[0m\x1b[32m 1\x1b[0m\x1b[32m \x1b[0m\x1b[32m \x1b[0m\x1b[32ma   \x1b[0m"
        "\x1b[32m \x1b[0m",
        " 22  bc   ",
    ]


def test_texts_are_coloured_and_never_cut() -> None:
    assert coloured(Text("x" * 100, Tone.BAD)) == f"\x1b[1;31m{'x' * 100}\x1b[0m"
    assert coloured(Text("[b]1[/b] :smile: 7")) == "[b]1[/b] :smile: 7"


def test_cells_are_shown_as_they_are() -> None:
    assert "[b]1[/b] :smile: 7" in drawn([Table(left("x"), (("[b]1[/b] :smile: 7",),), "t")], 40)


def test_a_table_without_headings_or_rows() -> None:
    assert coloured(Table(left("", ""), (("a", "b"),), "t")).split("\n")[1].split() == ["a", "b"]
    pages: list[str] = []
    screen = Screen(pages.append, lambda: 40, colour=False)
    screen.show(Table(left("x"), (), "t"))
    assert pages == []
    screen.show(Text("one"), Table((*left(""), *right("")), (("a", "1"), ("b", "22")), "t"))
    assert pages == ["one\nt:\n  a   1\n  b  22"]
    screen.show(Table(left("x"), (("1",),), "t"))
    assert pages[-1] == "t:\n  x\n  1"
