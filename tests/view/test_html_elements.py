"""Elements of HTML: when they are closed at once, how they are escaped."""

from simastra.view.html import element, title


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


def test_a_title_has_an_aside_only_if_there_is_one() -> None:
    assert title("t") == "<div><b>t</b></div>"
    assert title("t", aside="a") == "<div><b>t</b> <small>a</small></div>"
