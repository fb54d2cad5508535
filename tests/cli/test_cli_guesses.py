"""What is meant by a word that isn't known: by its use, its beginning, its letters; `help`."""

from pathlib import Path

import pytest
from command_line import Inputs

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
        ("compare", "'diff'"),
        ("presets", "'machines'"),
        ("template", "'init'"),
        ("perfetto", "'timeline'"),
        ("busbw", "'bandwidth'"),
        ("chakra_jsonizer", "'jsonize'"),
        ("gen", "'generate'"),
        ("re", "'report'"),
        ("c", "'check', 'convert', 'collective', 'calibrate' and 2 more"),
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


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("run", "ring"), ", as in: --workload ring"),
        (("run", "sys.json"), ", as in: --system sys.json"),
        (("check", "NET.YML"), ", as in: --network NET.YML"),
        (("report", "other"), ""),
        (("generate", "collective", "sys.json"), ""),
    ],
)
def test_a_file_alone_is_given_its_option(
    words: tuple[str, ...],
    hint: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "ring.0.et").touch()
    monkeypatch.chdir(tmp_path)
    *verb, word = words
    assert said(capsys, *words) == (
        f"unexpected {word!r}: all that simastra {' '.join(verb)} takes are options{hint}"
    )


@pytest.mark.parametrize(
    ("backend", "problem"),
    [
        ("ns3", "there is no backend 'ns3': it simulates packets, simastra whole messages"),
        ("NS-3", "there is no backend 'NS-3': it simulates packets, simastra whole messages"),
        ("htsim", "there is no backend 'htsim': it simulates packets, simastra whole messages"),
        ("analytical", "all backends are analytical"),
    ],
)
def test_other_simulators_are_no_backends(
    backend: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--workload=a", "--system=b", "--network=c")
    assert said(capsys, "run", *words, f"--network-backend={backend}") == (
        f"--network-backend: {problem}; known are congestion-aware, congestion-unaware, fluid, "
        "calibrated"
    )


@pytest.mark.parametrize("name", ["analytical_congestion_unaware", "CONGESTION_UNAWARE"])
def test_astra_sims_binaries_name_backends(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--workload=a", "--system=b", "--network=c", f"--network-backend={name}")
    assert said(capsys, "run", *words) == (
        f"--network-backend: unknown backend {name!r}; did you mean 'congestion-unaware'?"
    )


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ((), "is a folder, and no traces are in it; give the prefix of PREFIX.<npu>.et"),
        (("a.0.et", "a.1.et"), "is a folder; the prefix of the traces in it is wl/a"),
        (("a.0.et", "b.0.et"), "is a folder; prefixes of traces in it are wl/a, wl/b"),
    ],
)
def test_a_folder_is_no_prefix(
    files: tuple[str, ...],
    problem: str,
    ring: Inputs,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ring.folder)
    for npu in range(8):
        Path(f"wl.{npu}.et").unlink()
    Path("wl").mkdir()
    for name in files:
        (Path("wl") / name).touch()
    assert said(capsys, "check", *ring.words) == f"wl: {problem}"
