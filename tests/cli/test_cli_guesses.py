"""What is meant by a word that isn't known: by its use, its beginning, its letters; `help`."""

import pytest

from simastra.cli import COMMANDS, main


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(words) == 2
    return capsys.readouterr().err.removeprefix("simastra: ").rstrip("\n")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("simulate", "'run'"),
        ("SIM", "'run'"),
        ("rnu", "'run'"),
        ("validate", "'check'"),
        ("perfetto", "'timeline'"),
        ("busbw", "'bandwidth'"),
        ("chakra_jsonizer", "'jsonize'"),
        ("gen", "'generate'"),
        ("re", "'report'"),
        ("c", "'check', 'convert' or 'completion'"),
    ],
)
def test_a_verb_is_guessed(word: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, word) == f"unknown command {word!r}; did you mean {meant}?"


def test_nothing_is_guessed_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("", "frobnicate"):
        assert said(capsys, word) == f"unknown command {word!r}; known are {', '.join(COMMANDS)}"


@pytest.mark.parametrize(
    ("verb", "option", "hint"),
    [
        ("run", "--work", "did you mean '--workload'?"),
        ("run", "--netwrok", "did you mean '--network'?"),
        ("run", "--network-b", "did you mean '--network-backend'?"),
        ("run", "--st", "did you mean '--strict' or '--statistics'?"),
        (
            "run",
            "--com",
            "did you mean '--compat', '--comm-scale', '--comm-groups' or '--compute-scale'?",
        ),
        ("run", "--output", "did you mean '--json' or '--timeline'?"),
        ("report", "--json", "did you mean '--output'?"),
        ("run", "-v", "did you mean '--explain'?"),
        ("run", "--dialect=master", "did you mean '--compat'?"),
        ("run", "--process_groups", "did you mean '--comm-groups'?"),
        ("run", "--qqq", "see simastra run --help"),
        (
            "check",
            "--topology=Ring",
            "it is a key of the network file: write topology there, and give it as --network",
        ),
        (
            "run",
            "--npus-count",
            "it is a key of the network file: write npus_count there, and give it as --network",
        ),
        (
            "run",
            "--local_mem_bw",
            "it is a key of the system file: write local-mem-bw there, and give it as --system",
        ),
        ("inspect", "--topology", "see simastra inspect --help"),
    ],
)
def test_an_option_is_guessed(
    verb: str, option: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = option.partition("=")[0]
    assert said(capsys, verb, option) == f"unknown option {name!r}; {hint}"


def test_an_abbreviation_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    # A script that abbreviates would mean another option when there is one more.
    assert said(capsys, "run", "--work=a").startswith("unknown option '--work'")


@pytest.mark.parametrize(
    "words", [(), ("run",), ("generate",), ("generate", "collective"), ("help",)]
)
def test_help_is_what_the_option_prints(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["help", *words]) == 0
    asked = capsys.readouterr().out
    assert main([*words, "--help"]) == 0
    assert asked == capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("simulate",), "unknown command 'simulate'; did you mean 'run'?"),
        (("generate", "transfomer"), "unknown generator 'transfomer'; did you mean 'transformer'?"),
        (("run", "ring"), "unexpected 'ring': 'simastra run' has no commands of its own"),
        (
            ("generate", "memory", "x"),
            "unexpected 'x': 'simastra generate memory' has no commands of its own",
        ),
    ],
)
def test_help_of_what_there_isnt(
    words: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "help", *words) == problem
