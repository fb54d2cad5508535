"""`simastra completion`: what the shells themselves answer at Tab, asked in bash, zsh and fish."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from simastra.cli import COMMANDS, Command, CommandGroup, main
from simastra.cli.commands import COMMANDS as TABLE
from simastra.cli.completion import SHELLS, completion_script

BASH = """
complete() { complete_words="$*"; builtin complete "$@"; }
source ./script
for last; do :; done
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
function=${complete_words#*-F }
${function%% *} 2> /dev/null
printf '%s\\n' "${COMPREPLY[@]}"
"""


@cache
def script(shell: str) -> str:
    return completion_script(shell, COMMANDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "traces").mkdir()
    names = ("traces/ring.0.et", "traces/ring.1.et", "traces/mlp.0.et", "traces/notes.txt")
    for name in (*names, "sys.json", "net.yml", "other.yaml", "words.txt"):
        (tmp_path / name).touch()
    return tmp_path


def answers(shell: str, folder: Path, line: str) -> set[str]:
    """What a shell offers for the last word of a line."""
    (folder / "script").write_text(script(shell))
    if shell == "bash":
        words = ["bash", "-c", BASH, "bash", *line.split(" ")]
    else:
        words = ["fish", "--no-config", "-c", f"source ./script; complete -C {line!r}"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    assert not done.stderr
    (folder / "script").unlink()
    return {it.split("\t")[0].rstrip("/") for it in done.stdout.splitlines() if it}


def needed(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")


@pytest.mark.parametrize("shell", ["bash", "fish"])
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("simastra ", set(COMMANDS)),
        ("simastra jso", {"jsonize"}),
        ("simastra generate t", {"transformer"}),
        ("simastra run --st", {"--statistics", "--strict"}),
        ("simastra run --workload tr", {"traces"}),
        ("simastra run --workload traces/", {"traces/ring", "traces/mlp"}),
        ("simastra run --system s", {"sys.json"}),
        ("simastra check --network @dem", {"@demo"}),
        ("simastra machines hgx-h", {"hgx-h100"}),
        ("simastra diff s", {"sys.json"}),
        ("simastra run --workload traces/ring --network n", {"net.yml"}),
        ("simastra run --comm-groups ", {"sys.json", "traces"}),
        (
            "simastra run --network-backend ",
            {"congestion-aware", "congestion-unaware", "fluid", "calibrated"},
        ),
        ("simastra run --rendezvous-protocol ", {"true", "false"}),
        ("simastra check --shortcuts a", {"auto", "always"}),
        ("simastra generate collective --type all-", {"all-reduce", "all-gather", "all-to-all"}),
        ("simastra generate transformer --model gpt3-1", {"gpt3-13b", "gpt3-175b"}),
        ("simastra generate transformer --recompute ", {"none", "full", "selective"}),
        ("simastra bandwidth all-t", {"all-to-all"}),
        ("simastra topology nv", {"nvlink+ib"}),
        ("simastra topology nvlink+ib --nic-b", {"--nic-bandwidth"}),
        ("simastra topology show n", {"net.yml"}),
        ("simastra schemas --output ", {"traces"}),
        ("simastra help gen", {"generate"}),
        ("simastra completion ", set(SHELLS)),
    ],
)
def test_a_shell_completes(shell: str, line: str, offered: set[str], folder: Path) -> None:
    needed(shell)
    assert answers(shell, folder, line) == offered


def commands() -> dict[str, Command]:
    """Every verb, and every verb of a verb, by what stands before its options."""
    found = {}
    for name, command in COMMANDS.items():
        if isinstance(command, CommandGroup):
            found |= {f"{name} {verb}": inner for verb, inner in command.commands.items()}
        else:
            found[name] = command
    return found


ALL_LINES = {
    "bash": """
for words in "$@"; do
  COMP_WORDS=($words --); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
  last=--
  ${function%% *} simastra -- 2> /dev/null
  printf '%s\\n' "${COMPREPLY[@]}" ""
done
""",
    "fish": "for line in $argv; complete -C (string join ' ' -- $line --); echo; end",
}
"""After each line, what is offered after ``--``, and a blank line."""


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_shell_offers_every_option_of_every_verb(shell: str, folder: Path) -> None:
    needed(shell)
    (folder / "script").write_text(script(shell))
    lines = [f"simastra {name}" for name in commands()]
    if shell == "bash":
        code = BASH.partition("for last")[0] + "function=${complete_words#*-F }" + ALL_LINES[shell]
        words = ["bash", "-c", code, "bash", *lines]
    else:
        words = ["fish", "--no-config", "-c", f"source ./script; {ALL_LINES[shell]}", *lines]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    parts = done.stdout.removesuffix("\n\n").split("\n\n")
    offered = [{it.split("\t")[0] for it in part.splitlines()} for part in parts]
    for (name, command), found in zip(commands().items(), offered, strict=True):
        parser = command.parser(name)
        declared = {word for it in parser.options() for word in it.option_strings}
        assert {word for word in declared if word.startswith("--")} <= found, name


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_finds_no_mistake_in_its_script(shell: str, tmp_path: Path) -> None:
    needed(shell)
    (tmp_path / "script").write_text(script(shell))
    done = subprocess.run(
        [shell, "-n", "script"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_zsh_takes_one_ending_for_a_pattern() -> None:
    # In parentheses it would be a list of qualifiers, and no file would be offered.
    assert "_files -g '*.json'" in script("zsh")
    assert "_files -g '(*.yml|*.yaml)'" in script("zsh")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_verb_is_in_the_script(shell: str) -> None:
    assert all(name in script(shell) for name in TABLE)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "SHELL is required, one of bash, zsh, tcsh, fish; see --help"),
        (["fsh"], "unknown shell 'fsh'; did you mean 'fish'?"),
        (["ksh93u"], "unknown shell 'ksh93u'; known are bash, zsh, tcsh, fish"),
    ],
)
def test_another_shell_is_refused(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", *words]) == 2
    assert capsys.readouterr().err == f"simastra: {problem}\n"


def test_the_verb_prints_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    assert capsys.readouterr().out.rstrip() == script("bash").rstrip()


def test_without_shtab_its_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "zsh"]) == 2
    said = capsys.readouterr().err
    assert "simastra completion" in said
    assert "simastra[completion]" in said
