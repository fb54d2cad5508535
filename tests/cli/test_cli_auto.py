"""``auto`` in a system file, on the command line."""

import json
from pathlib import Path

import pytest
from command_line import Inputs

from simastra.cli import main


@pytest.fixture
def auto(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Inputs:
    """The inputs of `ring` with all-reduce's algorithm left open, in the current folder."""
    monkeypatch.chdir(ring.folder)
    listed("auto")
    return ring


def listed(entry: object) -> None:
    file = Path("sys.json")
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, "all-reduce-implementation": [entry]}))


def test_check_and_explain_say_what_was_taken(
    auto: Inputs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *auto.words]) == 0
    said = capsys.readouterr()
    row = "ALL_REDUCE  1,048,576     8       -  direct      57,900  bidirectionalRing"
    assert row in said.out
    assert "all-reduce-implementation: auto takes what is fastest for ALL_REDUCE" in said.err
    assert main(["run", *auto.words, "--explain", "--json", "r.json"]) == 0
    assert row in capsys.readouterr().out
    (told,) = json.loads(Path("r.json").read_text())["algorithms"]
    assert (told["algorithms"], told["time"]) == (["direct"], 57_900)


def test_it_is_no_doubt(auto: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *auto.words, "--strict"]) == 0
    assert main(["run", *auto.words, "--quiet"]) == 0
    assert "57900 cycles" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "auto", "among": ["rinq"]}, "unknown algorithm 'rinq'; did you mean 'ring'?"),
        ({"name": "auto", "among": []}, "among: must have at least one entry\n"),
        ({"name": "auto", "among": "ring"}, "all-reduce-implementation[0].among"),
        ({"name": "auto", "among": ["pat", "bruck"]}, "auto: none of those that may be tried"),
        ("oneAuto", "list it once for each dimension, not as 'oneAuto'"),
    ],
)
def test_what_makes_no_sense_ends_in_one_message(
    auto: Inputs, entry: object, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listed(entry)
    assert main(["run", *auto.words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "sys.json: all-reduce-implementation[0]" in told
    assert len(told.splitlines()) == 1


def test_names_to_try_are_a_list(auto: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    listed({"name": "auto", "among": "ring"})
    assert main(["check", *auto.words]) == 2
    assert "[0].among: must be a list, not 'ring' (names of the" in capsys.readouterr().err
