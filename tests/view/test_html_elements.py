"""Elements of HTML: when they are closed at once, how they are escaped, which cells are numbers."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from simastra.view.html import element, page_table, title
from simastra.view.table import Column, Table


def test_elements_are_closed_at_once_only_if_they_are_always_empty() -> None:
    assert element("circle", r=1) == '<circle r="1"/>'
    assert element("circle", element("title", "t"), r=1) == (
        '<circle r="1"><title>t</title></circle>'
    )
    assert element("p") == "<p></p>"
    assert element("p", "a 'b' \"c\"", title="a 'b' \"c\"", lang=None) == (
        '<p title="a &#x27;b&#x27; &quot;c&quot;">a \'b\' "c"</p>'
    )
    assert element("a", "x", class_="c", aria_label="l") == '<a class="c" aria-label="l">x</a>'


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_cells_of_numbers_are_told_apart_from_words(are_numbers: list[bool]) -> None:
    columns = tuple(Column(f"c{k}", is_number=it) for k, it in enumerate(are_numbers))
    rows = tuple(tuple(f"{row}{k}" for k in range(len(columns))) for row in range(2))
    drawn = ET.fromstring(page_table(Table(columns, rows)))
    for line, wanted in zip(
        drawn.iter("tr"), (tuple(it.name for it in columns), *rows), strict=True
    ):
        assert [cell.get("class") == "number" for cell in line] == are_numbers
        assert ["".join(cell.itertext()) for cell in line] == list(wanted)


def test_a_title_has_an_aside_only_if_there_is_one() -> None:
    assert title("t") == "<div><b>t</b></div>"
    assert title("t", aside="a") == "<div><b>t</b> <small>a</small></div>"
