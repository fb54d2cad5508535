"""A wheel in an environment that has nothing else: demos, examples, and what is said is missing."""

from pathlib import Path

import pytest
from support.demos import shown_by_demos
from support.examples import Example, sessions
from support.wheel_examples import folder_to_work_in, printed, quick_examples, verbs
from support.wheels import ROOT, Environment

from simastra.cli import COMMANDS

MACHINE = "--system traces/demo1_allreduce/system.json --network traces/demo1_allreduce/network.yml"
DEMO = f"--workload traces/demo1_allreduce/allreduce {MACHINE}"


@pytest.fixture
def folder(bare: Environment, tmp_path: Path) -> Path:
    return folder_to_work_in(bare, tmp_path)


def test_the_demos_of_the_wheel_print_what_those_of_the_checkout_do(
    bare: Environment, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    installed = bare.run(["simastra", "demo"], tmp_path)
    assert installed.stdout == shown_by_demos(tmp_path_factory)
    assert installed.returncode == 0
    assert not list(tmp_path.iterdir())


def test_the_guard_notices_who_reads_the_checkout(bare: Environment, tmp_path: Path) -> None:
    done = bare.run(["simastra", "inspect", str(ROOT / "traces/demo1_allreduce")], tmp_path)
    assert (done.returncode, done.stdout) == (99, "")
    assert "the checkout is read" in done.stderr


def test_the_schemas_are_those_that_are_committed(bare: Environment, tmp_path: Path) -> None:
    assert bare.run(["simastra", "schemas", "--output", "."], tmp_path).returncode == 0
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_text() for path in (ROOT / "schemas").glob("*.json")}


def test_a_page_shows_what_each_verb_does() -> None:
    shown = {verb for example in sessions() for verb in verbs(example)}
    assert set(COMMANDS) - shown == set()


@pytest.mark.parametrize("example", quick_examples(), ids=str)
def test_an_example_of_the_documentation_runs(
    example: Example, bare: Environment, folder: Path
) -> None:
    assert printed(example, bare, folder) == example.printed


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("completion bash", "completion"),
        ("sweep @algorithms-by-size --output out/sizes", "sweep"),
        ("plan --model gpt2-xl --network @hgx-h100:2 --engine serial", "sweep"),
        ("calibrate out/h100.csv --system h100 --output out/mine.json", "calibrate"),
        (f"debug --tui {DEMO}", "debug"),
        ("topology show out/net.graphml", "graph"),
        (f"run {DEMO} --network out/net.graphml", "graph"),
    ],
)
def test_an_extra_that_is_missing_is_named(
    words: str, extra: str, bare: Environment, folder: Path
) -> None:
    (folder / "out/net.graphml").write_text("<graphml/>")
    (folder / "out/h100.csv").write_text("collective,gpus,bytes,us\nall-reduce,8,1024,15.6\n")
    done = bare.run(["simastra", *words.split()], folder)
    assert f"pip install 'simastra[{extra}]'" in done.stderr
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
