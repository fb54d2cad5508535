"""The examples of README and docs are right to mypy --strict and to pyright, as a reader has them.

That is without a plugin, and without this project's own settings.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.examples import ROOT, programs

MODELS = """
from pathlib import Path
from typing import assert_type

from simastra import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config import CommGroup, MemoryType, Part, SchedulingPolicy
from simastra.network_graph import NetworkGraph

dims = [4, 2]
network = NetworkConfig(
    topology=["Ring", {"name": "Ring"}], npus_count=dims, bandwidth=[50] * 2, latency=(500, 700.5),
    backend_options={"jitter": {"seed": 7}},
)
assert_type(network.topology, tuple[str | Part, ...])
assert_type(network.npus_count, tuple[int, ...])
assert_type(network.bandwidth, tuple[float, ...])
assert_type(network.backend_options, tuple[Part, ...])
assert_type(NetworkConfig(graph={"links": []}).graph, NetworkGraph | None)
system = SystemConfig(
    scheduling_policy="FIFO", all_reduce_implementation=["ring"], preferred_dataset_splits=4,
    all_reduce_implementation_custom="et/ring", per_node_custom_implementation="custom.yml",
)
assert_type(system.scheduling_policy, SchedulingPolicy)
assert_type(system.all_reduce_implementation, tuple[str | Part, ...])
assert_type(system.all_reduce_implementation_custom, str | None)
assert_type(system.per_node_custom_implementation, Path | None)
assert_type(MemoryConfig(memory_type="MEMORY_POOL").memory_type, MemoryType)
assert_type(CommGroups(groups=[CommGroup("1", (0, 1))]).groups, tuple[CommGroup, ...])

NetworkConfig(topology=["Ring"], npus_count=["8"], bandwidth=[50], latency=[5])  # type: ignore
NetworkConfig(graph=7)  # type: ignore
SystemConfig(preferred_dataset_splits=1, scheduling_policy="LILO")  # type: ignore
SystemConfig(preferred_dataset_splits="4")  # type: ignore
SystemConfig(preferred_dataset_splits=4, endpoint_dely=10)  # type: ignore
"""
"""What models take and what they keep; mypy says where one of the wrong lines were let pass."""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """A folder with each example in a file of its own, and settings that only find simastra."""
    for example in programs():
        name = re.sub(r"\W", "_", str(example))
        (tmp_path / f"{name}.py").write_text(example.code, encoding="utf-8")
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = true\n")
    settings = {"typeCheckingMode": "standard", "extraPaths": [str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    return tmp_path


def told(words: list[str], folder: Path) -> str:
    """What a type checker says of the folder; nothing, where it finds nothing."""
    done = subprocess.run([*words, "."], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_examples_are_right_to_mypy(examples: Path) -> None:
    cache = str(ROOT / ".mypy_cache" / "examples")
    assert told([sys.executable, "-m", "mypy", "--cache-dir", cache], examples) == ""


def test_examples_are_right_to_pyright(examples: Path) -> None:
    pyright = shutil.which("basedpyright", path=Path(sys.executable).parent)
    if pyright is None:
        pytest.skip("basedpyright isn't installed")
    python = ["--pythonpath", sys.executable]
    assert told([pyright, "--level", "error", *python], examples) == ""
