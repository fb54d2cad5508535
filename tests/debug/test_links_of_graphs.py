"""The debugger on a graph: links by the names of their ends, in what is typed and shown."""

import pytest
from asked import Asked
from support.graphs import on_four_and_six

from simastra.debug.command_error import CommandError
from simastra.debug.prompt.completion import completions


@pytest.fixture
def asked() -> Asked:
    return Asked(on_four_and_six())


def test_links_are_shown_and_asked_for_by_name(asked: Asked) -> None:
    shown = asked("step 40", "link")
    assert "npu.4 -> npu.5" in shown
    assert "switch.a -> npu.4" in shown
    assert asked("link npu.4 switch.a").startswith("link npu.4 -> switch.a")
    assert asked("link 4 10") == asked("link npu.4 switch.a")
    assert asked("p link('npu.4', 'switch.a').src") == "4"


def test_what_happens_names_links(asked: Asked) -> None:
    shown = asked("break link npu.4 switch.a > 0", "continue")
    assert "1 messages wait at link npu.4 -> switch.a" in shown
    assert "wait for link npu.4 -> switch.a" in shown
    assert "link npu.4 switch.a > 0" in asked("break")


def test_what_limits_a_flow_is_named() -> None:
    asked = Asked(on_four_and_six("fluid"))
    told = [asked("until 27us"), *(asked("s") for _ in range(40))]
    assert any("which link npu.4 -> switch.a allows" in it for it in told)
    assert "link 4 -> 10" not in "".join(told)


def test_a_name_that_there_is_not_is_told_with_one_that_may_be_meant(asked: Asked) -> None:
    with pytest.raises(CommandError, match=r"unknown device 'switch\.b'; did you mean 'switch\.a'"):
        asked("link npu.4 switch.b")


def test_names_are_completed_to_what_the_command_takes(asked: Asked) -> None:
    offers = completions("link npu.4 ", asked.session).offers
    assert {it.text: it.meaning for it in offers} == {
        "npu.5": "NPU 5",
        "npu.9": "NPU 9",
        "switch.a": "switch.a",
    }


def test_npus_are_named_as_well(asked: Asked) -> None:
    asked("step 40")
    assert asked("why npu.3") == asked("why 3")
    assert asked("npu npu.3") == asked("npu 3")
    assert asked("where npu.3 npu.5") == asked("where 3 5")
    with pytest.raises(CommandError, match="there is no NPU 10; they are numbered 0 to 9"):
        asked("why switch.a")
