"""``simastra collective`` and ``simastra convert msccl`` on the command line."""

import json
from pathlib import Path

import pytest

from simastra.cli import main

RIGHT = """\
<algo name="swap" proto="Simple" nchannels="1" nchunksperloop="1" ngpus="2" coll="allreduce"
      inplace="1">
  <gpu id="0" i_chunks="1" o_chunks="1" s_chunks="1">
    <tb id="0" send="1" recv="1" chan="0">
      <step s="0" type="s" srcbuf="i" srcoff="0" dstbuf="s" dstoff="0" cnt="1"/>
      <step s="1" type="rrc" srcbuf="i" srcoff="0" dstbuf="i" dstoff="0" cnt="1"/>
    </tb>
  </gpu>
  <gpu id="1" i_chunks="1" o_chunks="1" s_chunks="1">
    <tb id="0" send="0" recv="0" chan="0">
      <step s="0" type="s" srcbuf="i" srcoff="0" dstbuf="s" dstoff="0" cnt="1"/>
      <step s="1" type="rrc" srcbuf="i" srcoff="0" dstbuf="i" dstoff="0" cnt="1"/>
    </tb>
  </gpu>
</algo>
"""
WRONG = RIGHT.replace('"rrc"', '"r"', 1)
STUCK = RIGHT.replace('<step s="0" type="s"', '<step s="0" type="nop"', 1)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a right schedule, a wrong one, and one that stands still."""
    for name, text in (("right", RIGHT), ("wrong", WRONG), ("stuck", STUCK)):
        (tmp_path / f"{name}.xml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_right_one_is_said_to_be_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collective", "check", "right.xml"]) == 0
    assert capsys.readouterr().out == (
        "right.xml: computes all-reduce among 2 ranks, in every order that its dependencies allow "
        "(4 steps, 2 messages)\n"
    )


def test_a_wrong_one_is_said_to_be_wrong_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collective", "check", "wrong.xml"]) == 6
    assert capsys.readouterr().out == (
        "wrong.xml: doesn't compute all-reduce among 2 ranks\n"
        "  missing: output 0 of rank 0 lacks chunk 0 of rank 0; it went wrong first where "
        "gpu 0, tb 0, step 1, line 6 (r) overwrites that\n"
    )


def test_a_stuck_one_is_said_to_be_stuck(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collective", "check", "stuck.xml"]) == 6
    assert (
        "  deadlock: gpu 1, tb 0, step 1, line 12 (rrc) never begins: it waits for message 1 on "
        in (capsys.readouterr().out)
    )


def test_the_verdict_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collective", "check", "wrong.xml", "--json"]) == 6
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["right"], verdict["collective"], verdict["ranks"]) == (False, "all-reduce", 2)
    (fault,) = verdict["faults"]
    assert (fault["kind"], fault["step"]) == ("missing", "gpu 0, tb 0, step 1, line 6")


def test_another_collective_may_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collective", "check", "right.xml", "--collective", "broadcast"]) == 6
    assert main(["collective", "check", "right.xml", "--collective", "brodcast"]) == 2
    assert "--collective: unknown collective 'brodcast'; did you mean 'broadcast'?" in (
        capsys.readouterr().err
    )


def test_a_right_one_is_converted_and_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "msccl", "right.xml", "--output", "swap", "--size", "1MiB"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("swap.0.et to swap.1.et: 6 nodes, all-reduce among 2 ranks\n")
    assert '"all-reduce-implementation-custom": ["swap"]' in out
    system = {
        "all-reduce-implementation": ["ring"],
        "all-reduce-implementation-custom": ["swap"],
        "preferred-dataset-splits": 1,
        "local-mem-bw": 50,
    }
    (here / "sys.json").write_text(json.dumps(system))
    (here / "net.yml").write_text(
        "{topology: [Ring], npus_count: [2], bandwidth: [50], latency: [500]}"
    )
    main(["generate", "collective", "--type=all-reduce", "--size=1MiB", "--npus=2", "--output=wl"])
    words = ["--workload=wl", "--system=sys.json", "--network=net.yml", "--compat=master"]
    assert main(["run", *words]) == 0
    cycles = int(500 + 2**20 / 53.6870912) + 1
    assert f"sys[0] finished, {cycles} cycles" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("wrong.xml --output o --size 1KiB", 6, "wrong.xml: doesn't compute all-reduce"),
        ("wrong.xml --output o --size 1KiB --unproved", 0, ""),
        ("stuck.xml --output o --size 1KiB --unproved", 6, "never begins"),
        ("right.xml --output o", 2, "--size: is required: the bytes of a rank's input"),
        ("right.xml --size 1KiB", 2, "--output: is required"),
        ("right.xml --output o --size 1KiB --loops 0", 2, "--loops: must be 1 or more, not 0"),
        ("right.xml --output o --size 0", 2, "--size: must be 1 byte or more, not 0"),
        ("nowhere.xml --output o --size 1KiB", 2, "nowhere.xml: file not found"),
    ],
)
def test_what_isnt_converted_is_told_and_nothing_is_written(
    words: str, code: int, told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", "msccl", *words.split()]) == code
    assert told in capsys.readouterr().err
    assert (here / "o.0.et").exists() == (code == 0)
