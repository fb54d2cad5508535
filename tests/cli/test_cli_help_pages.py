"""The help of every verb: where things stand in it, and that defaults and duties are named."""

import re

import pytest

from simastra.cli import COMMANDS, CommandGroup, main

VERBS = [
    (name,) if not isinstance(verb, CommandGroup) else (name, inner)
    for name, verb in COMMANDS.items()
    for inner in (verb.commands if isinstance(verb, CommandGroup) else ("",))
]
GROUPS = [name for name, verb in COMMANDS.items() if isinstance(verb, CommandGroup)]


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(words) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_explanations_of_options_begin_in_column_32(
    verb: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = shown(capsys, *verb, "--help")
    assert lines[0].startswith(f"usage: simastra {' '.join(verb)} ")
    options = [line for line in lines if re.match(r"  (-|[A-Z|]+( |$))", line)]
    assert options
    columns = [found.end() for line in options if (found := re.match(r"  \S.{,27}?  +", line))]
    behind = [len(line) - len(line.lstrip()) for line in lines if line.startswith(" " * 20 + "  ")]
    # Of a short page all options may be short; then explanations begin further left.
    assert len({*columns, *behind}) == 1
    assert max(columns) <= 32
    if any(len(line) > 32 and not re.match(r"  \S.{,27}?  ", line) for line in options):
        assert max(columns) == 32


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize("word", ["-h", "--help"])
def test_a_verb_with_verbs_lists_them_in_a_column(
    name: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    group = COMMANDS[name]
    assert isinstance(group, CommandGroup)
    lines = shown(capsys, name, word)
    kind = group.kind.upper()
    assert lines[0] == f"usage: simastra {name} {kind} [options]"
    assert lines[-1] == f"'simastra {name} {kind} --help' explains one."
    assert f"  simastra {name} {group.example}" in lines
    width = max(map(len, group.commands))
    at = lines.index(f"{group.kind}s:")
    listed = [f"  {it.ljust(width)}  {verb.summary}" for it, verb in group.commands.items()]
    assert lines[at + 1 : at + 1 + len(listed)] == listed


def test_the_first_page_lists_the_verbs_in_a_column(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "--help")
    width = max(map(len, COMMANDS))
    at = lines.index("commands:")
    assert lines[at + 1 : at + 1 + len(COMMANDS)] == [
        f"  {name.ljust(width)}  {verb.summary}" for name, verb in COMMANDS.items()
    ]


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (("generate", "collective"), "number of NPUs (required)"),
        (("generate", "examples"), "number of NPUs (default: 64)"),
        (("generate", "examples"), "microseconds of a computation (default: 5)"),
        (("generate", "pipeline"), "of a stage for each, in microseconds (default: 100)"),
        (("generate", "memory"), "computed, in microseconds (default: 100)"),
        (("visualize",), "from there to the edge (default: 3)"),
        (("visualize",), "nodes at most (default: 1000)"),
        (("timeline",), "must be 1000: a cycle is 1 ns"),
        (("run",), "each network dimension (default: 1)"),
        (("run",), "system file's endpoint-delay (default: 1.0)"),
        (("run",), "where the trace names process groups (default: auto)"),
        (("report",), "the page (default: report.html)"),
        (("bandwidth",), "what each is multiplied by (default: 2)"),
        (("bandwidth",), "the smallest (default: 8)"),
        (("bandwidth",), "the largest (default: 128M)"),
    ],
)
def test_defaults_and_duties_are_named(
    verb: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in " ".join(" ".join(shown(capsys, *verb, "--help")).split())
