"""Networks drawn in a notebook, before anything is simulated."""

from support.graphs import four_and_six
from support.machines import network

from simastra.notebook.drawing import draw


def test_any_network_is_drawn() -> None:
    assert "NPU 0 to switch.a and back: nvlink, 400 GB/s, 300 ns" in draw(four_and_six()).svg
    graph = four_and_six().graph
    assert graph is not None
    assert draw(graph, "mine").svg == draw(four_and_six(), "mine").svg
    assert "NPU 0 to NPU 1 and back: 53.6871 GB/s, 500 ns" in draw(network(("Ring", 4))).svg


def test_a_drawing_is_a_cells_value() -> None:
    shown = draw(four_and_six(), "four & six")._repr_html_()
    assert shown.startswith("<div")
    assert "four &amp; six" in shown
    assert 'id="' not in shown  # a notebook may have several
