"""What is guessed from a name that isn't known."""

from pathlib import Path

import pytest

from simastra.suggestions import meant_path, moved, unknown_name

VERBS = ("run", "link", "convert", "visualize", "timeline", "jsonize")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("rnu", "run"),
        ("Visualise", "visualize"),
        ("timeline_visualizer", "timeline"),  # closer to 'visualize', letter by letter
        ("chakra_timeline_visualizer", "timeline"),
        ("trace_link", "link"),
        ("trace-LINK", "link"),
        ("et_converter", "convert"),
        ("run()", "run"),
        ("et.jsonize", "jsonize"),
    ],
)
def test_a_slip_or_a_word_or_what_is_alike_is_what_was_meant(name: str, meant: str) -> None:
    assert unknown_name("command", name, VERBS) == (
        f"unknown command {name!r}; did you mean {meant!r}?"
    )


@pytest.mark.parametrize("name", ["", "x", "trace", "sub-run2", "torch.nn"])
def test_of_what_is_like_nothing_all_names_are_told(name: str) -> None:
    assert unknown_name("command", name, VERBS) == (
        f"unknown command {name!r}; known are run, link, convert, visualize, timeline, jsonize"
    )


def test_a_slip_goes_before_a_word() -> None:
    known = ("size", "comm_size")
    assert unknown_name("key", "comm-size", known).endswith("did you mean 'comm_size'?")
    assert unknown_name("key", "tensor-size", known).endswith("did you mean 'size'?")


def test_other_spellings_are_guessed_and_not_listed() -> None:
    assert unknown_name("command", "exi", VERBS, spellings=["exit"]).endswith("mean 'exit'?")
    assert "exit" not in unknown_name("command", "xyz", VERBS, spellings=["exit"])


def test_an_attribute_that_has_moved_says_where_to() -> None:
    hints = {"old": "write 'new'"}
    error = moved(3, "old", hints)
    assert str(error) == "'int' object has no attribute 'old'; write 'new'"
    assert (error.name, error.obj) == ("old", 3)
    assert str(moved(3, "other", hints)) == "'int' object has no attribute 'other'"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("netwrok.yml", "network.yml"),
        ("Network.yml", "network.yml"),
        ("network.yaml", "network.yml"),
        ("in/sytem.json", "in/system.json"),
        ("no.yml", None),  # only endings are alike
        ("ring.yml", None),
        ("system.yml", "system.json"),
    ],
)
def test_of_a_path_what_its_folder_has_instead_is_meant(given: str, meant: str | None) -> None:
    said = meant_path(Path(given), ["network.yml", "system.json", "memory.json"])
    assert said == (f"; did you mean {meant!r}?" if meant else "")
