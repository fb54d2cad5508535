"""Recording with PyTorch; in processes of its own, since it prints and warns as it likes."""

import gzip
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from pairs import communicated, converted

from simastra import NetworkConfig, Simulation, SystemConfig
from simastra.trace import CollectiveType

HERE = Path(__file__).parent
RECORD = HERE.parents[1] / "traces" / "demo3_resnet" / "record.py"
DOCUMENTATION = HERE.parents[1] / "docs" / "pytorch.md"
WITHOUT_TORCH = "import sys; sys.modules['torch'] = None\n"
STEP = "torch.ones(2).add(1); recorder.step()"
RECORDED_ALREADY = (
    "this process is being recorded already, and PyTorch keeps one execution trace at a time; "
    "end the other recording first"
)

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")


def python(*words: str, code: str | None = None) -> str:
    """The last line that a program prints; it must end well."""
    done = subprocess.run(
        [sys.executable, *(words if code is None else ("-c", code))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().rpartition("\n")[2]


def message(body: str, folder: Path) -> str:
    """The error with which recording ends. The body knows ``folder``."""
    lines = "\n    ".join(body.splitlines())
    return python(
        code=f"""
import torch
from simastra.collect import collect
from simastra.errors import InputError
folder = {str(folder)!r}
try:
    {lines}
except (InputError, ArithmeticError) as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""
    )


@pytest.mark.parametrize("kind", ["InputError", "ImportError"])
def test_without_pytorch_the_extra_is_named(kind: str) -> None:
    printed = python(
        code=f"""{WITHOUT_TORCH}
from simastra.errors import InputError
try:
    import simastra.collect
except {kind} as error:
    print(error)
"""
    )
    assert printed == (
        "simastra.collect needs torch, which is not installed here; "
        "install the extra that brings it: pip install 'simastra[torch]'"
    )


def test_the_example_without_pytorch_ends_in_that_message() -> None:
    code = f"{WITHOUT_TORCH}import runpy; runpy.run_path({str(RECORD)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("record.py: simastra.collect needs torch, which")
    assert "Traceback" not in done.stderr


@pytest.mark.torch
@needs_torch
def test_two_processes_record_what_links_converts_and_runs(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "on the way"
    python(str(HERE / "tiny_run.py"), str(folder))
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{side}.{rank}.json.gz" for side in ("device", "host") for rank in (0, 1)
    ]
    for rank in (0, 1):
        recorded = json.loads(gzip.decompress((folder / f"device.{rank}.json.gz").read_bytes()))
        names = {event["name"] for event in recorded["traceEvents"]}
        assert {name for name in names if name.startswith("ProfilerStep")} == {
            "ProfilerStep#2",
            "ProfilerStep#3",
        }
        assert recorded["traceName"] == f"device.{rank}.json.gz"
        assert recorded["distributedInfo"]["rank"] == rank
        conversion = converted(folder, rank, tmp_path)
        (tmp_path / f"tiny.{rank}.et").write_bytes(conversion.content)
        # Both steps reduce the gradients of 64 x 32 weights and 32 biases, as floats.
        assert communicated(conversion) == {CollectiveType.ALL_REDUCE: 2 * 4 * (64 * 32 + 32)}
    result = Simulation(
        tmp_path / "tiny",
        SystemConfig(all_reduce_implementation=["direct"], preferred_dataset_splits=4),
        NetworkConfig(topology=["FullyConnected"], npus_count=[2], bandwidth=[1], latency=[50000]),
    ).run()
    assert sorted(result.finish_order) == [0, 1]
    assert result.makespan > 4 * 50000  # two all-reduces, each of them there and back


@pytest.mark.torch
@needs_torch
def test_without_torch_distributed_a_process_is_rank_0_or_what_it_is_told(tmp_path: Path) -> None:
    for argument in ("", ", rank=3"):
        call = f"collect(folder, steps=1, warmup=1{argument})"
        body = f"with {call} as recorder:\n    {STEP}\n    {STEP}"
        assert message(body, tmp_path) == ""
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{side}.{rank}.json.gz" for side in ("device", "host") for rank in (0, 3)
    }


@pytest.mark.torch
@needs_torch
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("with collect(folder, steps=0): pass", "steps must be 1 or more, not 0"),
        ("with collect(folder, warmup=0): pass", "warmup must be 1 or more, not 0"),
        ("with collect(folder, rank=-1): pass", "rank must be 0 or more, not -1"),
        (
            f"with collect(folder) as recorder:\n    {STEP}\n    {STEP}",
            "rank 0 did 2 steps, and recording takes 5: 2 to warm up and 3 to record; "
            "call step() at the end of each step, or record fewer",
        ),
        ("with collect(folder), collect(folder): pass", RECORDED_ALREADY),
        (
            "from torch.profiler import ExecutionTraceObserver\n"
            "other = ExecutionTraceObserver().register_callback(folder + '.other')\n"
            "with collect(folder): pass",
            RECORDED_ALREADY,
        ),
        (
            "torch.distributed.init_process_group(\n"
            "    'gloo', store=torch.distributed.HashStore(), rank=0, world_size=1)\n"
            "with collect(folder, rank=1): pass",
            "rank is 1, but this process has rank 0 in torch.distributed; leave the argument out",
        ),
    ],
)
def test_a_wrong_recording_ends_in_a_message_and_writes_nothing(
    body: str, expected: str, tmp_path: Path
) -> None:
    assert message(body, tmp_path) == f"InputError: {expected}"
    assert not list(tmp_path.iterdir())


@pytest.mark.torch
@needs_torch
def test_a_program_that_fails_ends_with_its_own_error_and_can_record_again(tmp_path: Path) -> None:
    failing = f"""\
import os
try:
    with collect(folder, warmup=1) as recorder:
        {STEP}
        {STEP}
        1 // 0
except ZeroDivisionError:
    assert not os.listdir(folder)
with collect(folder, steps=1, warmup=1) as recorder:
    {STEP}
    {STEP}
1 // 0"""
    assert message(failing, tmp_path) == "ZeroDivisionError: integer division or modulo by zero"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "device.0.json.gz",
        "host.0.json.gz",
    ]


@pytest.mark.torch
@needs_torch
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert message("with collect(folder): pass", file) == (
        f"InputError: {file} can't be written: File exists"
    )


@pytest.mark.torch
@needs_torch
def test_the_documentation_s_example_records(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```py\n(.*?)^```$", DOCUMENTATION.read_text(), re.M | re.S)
    python(code=f"import os; os.chdir({str(tmp_path)!r})\n{example}")
    assert sorted(path.name for path in (tmp_path / "recorded").iterdir()) == [
        "device.0.json.gz",
        "host.0.json.gz",
    ]
