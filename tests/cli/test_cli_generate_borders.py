"""Generated sets: what is left out has its default, and amounts and numbers have their borders."""

from pathlib import Path

import pytest

from simastra.cli import main
from simastra.trace import NodeType, load_trace


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("kind", "defaults"),
    [
        ("collective", "--type=all-reduce --size=1MiB"),
        ("pipeline", "--microbatches=4 --size=1MiB --forward-micros=100"),
        ("memory", "--layers=4 --size=1MiB --micros=100"),
        (
            "examples",
            "--npus=64 --default-runtime=5 --default-tensor-size=1024 --default-comm-size=65536",
        ),
    ],
)
def test_what_is_left_out_has_its_default(here: Path, kind: str, defaults: str) -> None:
    npus = () if kind == "examples" else ("--npus=3",)
    for name, words in (("said", defaults.split()), ("unsaid", [])):
        (here / name).mkdir()
        output = name if kind == "examples" else f"{name}/x"
        assert main(["generate", kind, *npus, *words, f"--output={output}"]) == 0
    assert files(here / "said") == files(here / "unsaid")


def test_stages_go_back_only_where_that_is_asked_for() -> None:
    words = ["generate", "pipeline", "--npus=3", "--microbatches=2"]
    assert main([*words, "--output=there"]) == 0
    assert main([*words, "--backward-micros=0", "--output=back"]) == 0
    middle, both = (load_trace(name, 3).npus[1] for name in ("there", "back"))
    assert len(middle) == 3 * 2
    assert len(both) == 2 * 3 * 2


def test_layers_are_loaded_computed_and_stored() -> None:
    assert main(["generate", "memory", "--npus=1", "--layers=2", "--output=x"]) == 0
    (nodes,) = load_trace("x", 1).npus
    assert [node.type for node in nodes] == 2 * [
        NodeType.MEM_LOAD,
        NodeType.COMP,
        NodeType.MEM_STORE,
    ]


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("examples --npus=1000000", "--npus: makes 13,000,000 files of about 2 nodes, 52 GiB"),
        (
            "pipeline --npus=1000 --microbatches=1000000",
            "--microbatches: makes 1,000 files of about 3,000,000 nodes, 224 GiB",
        ),
        (
            "pipeline --npus=1000 --microbatches=1000000 --backward-micros=0",
            "--microbatches: makes 1,000 files of about 6,000,000 nodes, 447 GiB",
        ),
        (
            "memory --npus=100 --layers=1000000",
            "--layers: makes 100 files of about 3,000,000 nodes, 22 GiB",
        ),
        (
            "transformer --model=gpt2-xl --dp=4 --pp=2 --layers=2000000 --micro-batches=2",
            "--micro-batches: makes 8 files of about 40,000,000 nodes, 24 GiB",
        ),
    ],
)
def test_what_would_fill_a_disk_is_told_in_numbers(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, amount: str
) -> None:
    assert main(["generate", *words.split(), "--output=x"]) == 2
    assert capsys.readouterr().err == f"simastra: {amount} in all; --force writes as much\n"
    assert not list(here.iterdir())


@pytest.mark.parametrize("npus", [0, 2**20 + 1, -1])
def test_npus_are_one_to_a_million(npus: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "collective", f"--npus={npus}", "--output=x"]) == 2
    assert capsys.readouterr().err == f"simastra: --npus: must be from 1 to 1048576, not {npus}\n"


def test_one_npu_is_one_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "collective", "--npus=1", "--output=x"]) == 0
    assert capsys.readouterr().out == "x.0.et\n"
    assert main(["generate", "memory", "--npus=2", "--output=y"]) == 0
    assert capsys.readouterr().out == "y.0.et to y.1.et\n"
    assert {path.name for path in here.iterdir()} == {"x.0.et", "y.0.et", "y.1.et"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("collective --output=x", "--npus: is required; see --help"),
        ("collective --npus=2", "--output: is required; see --help"),
        (
            "collective --npus=3 --group-size=2 --output=x",
            "--group-size: 3 NPUs can't be divided into groups of 2; a divisor of the number of "
            "NPUs is wanted",
        ),
        (
            "memory --npus=1 --micros=-1 --output=x",
            "--micros: must be 0 or more, not '-1'",
        ),
        (
            "memory --npus=1 --size=1T --output=x",
            "--size: must be a size such as 1MiB (2^20 bytes), 1MB (10^6) or 100B, not '1T'",
        ),
        (
            "memory --npus=1 --micros=1500ns --output=x",
            "--micros: must be a whole number of microseconds, not '1500ns'",
        ),
        (
            "memory --npus=1 --size=8589934592GiB --output=x",
            "--size: must be at most 2^63 - 1 bytes, 8 EiB, not '8589934592GiB'",
        ),
        (
            "collective --npus=2 --type=al-reduce --output=x",
            "--type: unknown collective 'al-reduce'; did you mean 'all-reduce'?",
        ),
    ],
)
def test_what_is_wrong_is_one_message(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, message: str
) -> None:
    assert main(["generate", *words.split()]) == 2
    assert capsys.readouterr().err == f"simastra: {message}\n"
    assert not list(here.iterdir())


def test_a_size_of_no_time_and_the_largest_size_are_fine() -> None:
    assert main(["generate", "memory", "--npus=1", "--micros=0", "--output=x"]) == 0
    assert main(["generate", "collective", "--npus=1", f"--size={2**63 - 1}", "--output=y"]) == 0
    assert load_trace("y", 1).npus[0][0].comm_size == 2**63 - 1


def test_files_of_a_former_larger_set_are_told_of(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", "collective", "--output=x"]
    assert main([*words, "--npus=4", "--group-size=2"]) == 0
    assert capsys.readouterr().err == ""
    assert main([*words, "--npus=3"]) == 0
    assert capsys.readouterr().err == (
        "simastra: notice: --output: x.3.et to x.groups.json are of an earlier set, which this one "
        "doesn't replace (delete them, or name another prefix)\n"
    )
    (here / "x.groups.json").unlink()
    assert main([*words, "--npus=3"]) == 0
    assert capsys.readouterr().err == (
        "simastra: notice: --output: x.3.et is of an earlier set, which this one doesn't replace "
        "(delete it, or name another prefix)\n"
    )
    assert main([*words, "--npus=3", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
    before = files(here)
    assert main([*words, "--npus=2", "--strict", "--size=8"]) == 2
    assert capsys.readouterr().err.startswith("simastra: --strict allows no warnings; 1 warning:\n")
    assert files(here) == before


def test_examples_of_a_former_larger_set_are_told_of(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", "examples", "--npus=2", "--output=."]) == 0
    capsys.readouterr()
    assert main(["generate", "examples", "--npus=1", "--output=."]) == 0
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 13
    assert {line.split()[-1] for line in out.splitlines()} == {
        path.name for path in here.glob("*.0.et")
    }


@pytest.mark.parametrize(
    ("words", "beside"),
    [("--dp=2", {".groups.json", ".summary.json"}), ("--dp=2 --npus-count=2", {".summary.json"})],
)
def test_a_transformers_own_companions_are_of_this_set(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, beside: set[str]
) -> None:
    small = "--layers=1 --hidden=8 --heads=1 --ffn=8 --vocabulary=8 --sequence=8 --output=g"
    command = ["generate", "transformer", *small.split(), *words.split()]
    for _ in range(2):
        assert main([*command, "--strict"]) == 0
        assert "earlier set" not in capsys.readouterr().err
    names = {path.name for path in here.iterdir()}
    assert {name[1:] for name in names if name.endswith(".json")} <= beside
    (here / "g.groups.json").write_text("{}\n")
    assert main(command) == 0
    assert ("g.groups.json is of an earlier set" in capsys.readouterr().err) == (
        "g.groups.json" not in names
    )
