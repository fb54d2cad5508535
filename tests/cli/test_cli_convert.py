"""``simastra convert`` and its first converter, as a person uses them."""

import hashlib
from pathlib import Path

import pytest

from simastra.cli import main
from simastra.trace import load_trace

TEXT = "MODEL\n1\na -1 5 ALLTOALL 64 2 NONE 0 3 NONE 0 9\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which holds a text."""
    (tmp_path / "m.txt").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def convert(*words: str) -> int:
    return main(["convert", "text", *words])


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_for_each_npu_is_written_and_can_be_loaded(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert convert("m.txt", "--output", "out", "--npus", "3", "--dims", "2", "--passes", "2") == 0
    output = capsys.readouterr()
    assert (output.out, output.err) == ("out.0.et to out.2.et: 8 nodes each\n", "")
    assert files(folder) == ["m.txt", "out.0.et", "out.1.et", "out.2.et"]
    nodes = load_trace("out", 3).npus[2]
    assert [node.name for node in nodes[:2]] == ["COMP_NODE_a_FWD", "COMM_COLL_NODE_a_ALLTOALL"]
    assert nodes[1].involved_dim == (True, True)


@pytest.mark.parametrize(
    "words",
    [
        "--input_filename=m.txt --output_filename=out --num_npus=2 --num_dims=1 --num_passes=1",
        "--input m.txt --output out --num-npus 2",
        "m.txt --output=out --npus-count=2",
    ],
)
def test_the_option_names_of_chakras_converters_work(folder: Path, words: str) -> None:
    assert convert(*words.split(), "--dialect=hoti2024") == 0
    digests = [hashlib.sha256((folder / f"out.{npu}.et").read_bytes()).digest() for npu in (0, 1)]
    assert convert("m.txt", "--output=plain", "--npus=2", "--dialect=hoti2024") == 0
    plain = [hashlib.sha256((folder / f"plain.{npu}.et").read_bytes()).digest() for npu in (0, 1)]
    assert digests == plain
    assert digests[0] != digests[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the input is missing: name a text workload"),
        (["m.txt", "--input=m.txt"], "two inputs are given, 'm.txt' and 'm.txt'; give one"),
        (["m.txt", "--npus=2"], "--output is required"),
        (["m.txt", "--output=out"], "--npus is required"),
        (["m.txt", "--output=out", "--npus=two"], "--npus/--num-npus: must be a whole"),
        (["m.txt", "--output=out", "--npus-count=4x2"], "--npus-count: must be whole numbers such"),
        (["m.txt", "--output=out", "--npus=2", "--dialect=v2"], "--dialect: unknown dialect 'v2'"),
        (
            ["m.txt", "--output=out", "--npus=2", "--time-unit=ms"],
            "--time-unit: unknown unit 'ms'; known are us, ns",
        ),
        (["m.txt", "--output=no/out", "--npus=2"], "--output: there is no folder "),
        (["n.txt", "--output=out", "--npus=2"], "n.txt: file not found"),
        (["m.txt", "n.txt", "--output=out", "--npus=2"], "unexpected 'n.txt'"),
        (["m.txt", "--ouput=out", "--npus=2"], "unknown option '--ouput'; did you mean"),
    ],
)
def test_a_wrong_command_line_says_what_is_wrong_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert convert(*words) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"simastra: {message}")
    assert len(output.err.splitlines()) == 1
    assert files(folder) == ["m.txt"]


def test_doubts_are_told_dropped_or_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("m.txt", "--output=out", "--npus=2", "--time-unit=ns")
    assert convert(*words, "--strict") == 2
    assert "--strict allows no warnings" in capsys.readouterr().err
    assert files(folder) == ["m.txt"]
    assert convert(*words) == 0
    assert "notice: m.txt: 3 of 3 computations are rounded" in capsys.readouterr().err
    assert convert(*words, "--quiet") == 0
    assert capsys.readouterr().err == ""


def test_a_converter_that_cant_put_all_files_down_leaves_those_that_were_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out.0.et").write_text("before")
    (folder / "out.2.et").mkdir()
    assert convert("m.txt", "--output=out", "--npus=3") == 2
    assert capsys.readouterr().err == (
        "simastra: --output: out.2.et isn't a regular file; name a file\n"
    )
    assert files(folder) == ["m.txt", "out.0.et", "out.2.et"]
    assert (folder / "out.0.et").read_text() == "before"


def test_a_converter_is_chosen_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert"]) == 2
    assert "nothing stands where a converter is wanted, one of text" in capsys.readouterr().err
    assert main(["convert", "txt"]) == 2
    assert "unknown converter 'txt'; did you mean 'text'?" in capsys.readouterr().err
    assert main(["convert", "--input_type"]) == 2
    assert "'--input_type' stands where a converter is wanted" in capsys.readouterr().err
    assert main(["convert", "FlexFlow"]) == 2
    assert "there is no converter 'flexflow': Chakra's own" in capsys.readouterr().err
    assert main(["convert", "--help"]) == 0
    assert "a text workload of ASTRA-sim 1.0" in capsys.readouterr().out
