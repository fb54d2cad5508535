"""The recording of demo 3: as PyTorch made it, and what comes of it. Needs no PyTorch."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from pairs import communicated, converted

from simastra import Simulation
from simastra.convert.pytorch import Conversion
from simastra.simulation import Options, dialect_named
from simastra.trace import CollectiveType, NodeType

DEMO = Path(__file__).parents[2] / "traces" / "demo3_resnet"
STEPS = 2
# ResNet-50 for 10 classes: as He et al., but for a first convolution of 3 x 3 and the last layer.
PARAMETERS = 23_520_842


@pytest.fixture(scope="module")
def conversions(tmp_path_factory: pytest.TempPathFactory) -> list[Conversion]:
    return [converted(DEMO, rank, tmp_path_factory.mktemp("linked")) for rank in (0, 1)]


def test_the_recording_is_small_and_says_nothing_about_folders() -> None:
    files = sorted(DEMO.glob("*.json.gz"))
    assert [file.name for file in files] == [
        f"{side}.{rank}.json.gz" for side in ("device", "host") for rank in (0, 1)
    ]
    assert sum(file.stat().st_size for file in files) <= 2_000_000
    for file in files:
        recorded = json.loads(gzip.decompress(file.read_bytes()))
        assert recorded.get("traceName", file.name) == file.name
    device = json.loads(gzip.decompress((DEMO / "device.0.json.gz").read_bytes()))
    marks = [e["name"] for e in device["traceEvents"] if e["name"].startswith("ProfilerStep#")]
    assert len(marks) == STEPS


def test_every_gradient_is_reduced_in_each_step(conversions: list[Conversion]) -> None:
    for conversion in conversions:
        assert communicated(conversion)[CollectiveType.ALL_REDUCE] == STEPS * 4 * PARAMETERS
    assert communicated(conversions[0]) == communicated(conversions[1])


def test_nothing_but_computations_and_collectives_comes_of_it(
    conversions: list[Conversion],
) -> None:
    kinds = [Counter(conversion.types) for conversion in conversions]
    assert kinds == [{NodeType.COMP: 14164, NodeType.COMM_COLL: 14}] * 2


def test_the_simulated_steps_take_what_the_recorded_ones_did(
    conversions: list[Conversion], tmp_path: Path
) -> None:
    for rank, conversion in enumerate(conversions):
        (tmp_path / f"resnet.{rank}.et").write_bytes(conversion.content)
    result = Simulation(
        tmp_path / "resnet",
        DEMO / "system.json",
        DEMO / "network.yml",
        options=Options(
            dialect=dialect_named("hoti2024", extended_collectives=True, exact_durations=True)
        ),
    ).run()
    cycles = {finish.npu: finish.cycles for finish in result.finishes}
    assert cycles == {0: 1_278_686_060, 1: 1_284_098_875}
    # Between the profiler's marks in the device traces: 1285.946 and 1292.233 ms.
    assert cycles[0] == pytest.approx(1_285_946_000, rel=0.01)
    assert cycles[1] == pytest.approx(1_292_233_000, rel=0.01)
