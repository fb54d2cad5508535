"""A digit too many is told at once, before memory or a disk is full."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Inputs

BILLION = 1_000_000_000


@pytest.mark.parametrize("verb", ["run", "check", "debug", "report"])
def test_more_npus_than_traces_are_told_before_anything_is_made(verb: str, ring: Inputs) -> None:
    ring.network(BILLION)
    rest = ("--output=page.html",) if verb == "report" else ()
    ran = ring.call(verb, *rest)
    assert ran.returncode == 2
    assert "wl.8.et: the file does not exist" in ran.stderr
    assert f"For a network of {BILLION} NPUs" in ran.stderr


def test_a_gap_among_the_traces_is_named(ring: Inputs) -> None:
    (ring.folder / "wl.3.et").unlink()
    ring.network(BILLION)
    assert "wl.3.et: the file does not exist" in ring.call("check").stderr


def test_chunks_are_bounded(ring: Inputs) -> None:
    ring.system(preferred_dataset_splits=BILLION)
    ran = ring.call("run")
    assert ran.returncode == 2
    assert "preferred-dataset-splits: must be at most 65536, not 1000000000" in ran.stderr


def test_bandwidth_bounds_the_npus(ring: Inputs) -> None:
    ring.network(BILLION)
    words = ("bandwidth", "all-reduce", "--system=sys.json", "--network=net.yml")
    ran = ring.call(*words, inputs=False)
    assert ran.returncode == 2
    assert "net.yml: npus_count: multiplies to 1000000000 NPUs; at most 1048576" in ran.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("pipeline", "--npus=1000", "--microbatches=1000000"),
            "--microbatches: makes 1,000 files of about 3,000,000 nodes, 224 GiB in all; --force",
        ),
        (("memory", "--npus=4", "--layers=100000000"), "--layers: makes 4 files of about 300,000"),
        (
            ("collective", "--npus=1000000", f"--size={','.join(['8'] * 200)}"),
            "--size: makes 1,000,000 files of about 200 nodes, 19 GiB in all; --force",
        ),
        (("examples", "--npus=1000000"), "--npus: makes "),
    ],
    ids=lambda it: it[0] if isinstance(it, tuple) else "",
)
def test_generate_refuses_to_fill_a_disk(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    inputs = Inputs(tmp_path)
    ran = inputs.call("generate", *words, "--output=x", inputs=False)
    assert ran.returncode == 2
    assert message in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_generate_writes_much_where_it_is_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simastra.cli import main  # noqa: PLC0415  # as below
    from simastra.cli.options import amount  # noqa: PLC0415  # for the one limit that is lowered

    monkeypatch.setattr(amount, "_MOST_NODES", 2)
    words = ["generate", "memory", "--npus=1", "--layers=1", f"--output={tmp_path}/x"]
    assert main(words) == 2
    assert main([*words, "--force"]) == 0
    assert (tmp_path / "x.0.et").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--dp=8", "--layers=1000000", "--micro-batches=2"),
            "--micro-batches: makes 8 files of about 40,000,000 nodes, 24 GiB in all; --force",
        ),
        (
            ("--dp=1000000", "--layers=10", "--micro-batches=1"),
            "--micro-batches: makes 1,000,000 files of about 200 nodes, 19 GiB in all; --force",
        ),
    ],
    ids=["nodes", "files"],
)
def test_a_transformer_refuses_to_fill_a_disk(
    words: tuple[str, ...], message: str, ring: Inputs
) -> None:
    ran = ring.call(
        "generate", "transformer", "--model=gpt2-xl", "--output=t", *words, inputs=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert message in ran.stderr
    assert not list(ring.folder.glob("t.*"))


def test_a_text_refuses_to_fill_a_disk(ring: Inputs) -> None:
    text = "DATA\n1\nlayer -1 5 NONE 0 5 NONE 0 5 ALLREDUCE 1048576 5\n"
    (ring.folder / "one.txt").write_text(text)
    words = ("convert", "text", "one.txt", "--output=t", "--npus=1000000", "--passes=100")
    ran = ring.call(*words, inputs=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--npus: makes 1,000,000 files of about " in ran.stderr
    assert not list(ring.folder.glob("t.*"))
