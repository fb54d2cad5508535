"""Training iterations that C8 is measured on: what is simulated of them stands for all of them."""

from collections.abc import Callable

import pytest

from benchmarks.accuracy.iterations import Iteration, gpt, selene, simumax, vtrain
from benchmarks.accuracy.rings import with_rings
from benchmarks.accuracy.simulated import extrapolated, simulated
from benchmarks.accuracy.tables import HARDWARE
from benchmarks.accuracy.worth import Worth
from simastra.calibration import Calibration
from simastra.trace import CollectiveType
from simastra.transformer import Attention, Parallelism, PipelineSchedule, Recompute, Training

needs_data = pytest.mark.skipif(not HARDWARE.is_dir(), reason="there is no ../shared here")


@pytest.mark.parametrize(
    ("degrees", "layers", "micro_batches"),
    [
        (Parallelism(tp=2, dp=2, gradients_at_end=True), 5, 6),
        (Parallelism(pp=2, dp=2, gradients_at_end=True), 8, 9),
        (Parallelism(tp=2, pp=2, schedule=PipelineSchedule.INTERLEAVED, chunks=2), 12, 10),
    ],
    ids=["tp", "1f1b", "interleaved"],
)
def test_what_follows_from_few_layers_is_what_many_take(
    degrees: Parallelism, layers: int, micro_batches: int
) -> None:
    task = Training(
        micro_batches * degrees.dp,
        micro_batches,
        recompute=Recompute.FULL,
        attention=Attention.UNFUSED,
    )
    model = gpt(layers, 1024, 16, 1024)
    one = Iteration("made up", model, degrees, task, 1.0)
    calibration = Calibration.load("h100")
    whole = simulated(one, calibration)
    assert extrapolated(one, calibration) == pytest.approx(whole, rel=0.01)


def test_rings_cross_as_often_as_their_bus_factor_says() -> None:
    file = Calibration.load("a100").file
    slow = file.system.model_copy(update={"nic_gb_s": 5.0})  # so that adapters are the limit
    calibration = Calibration(file.model_copy(update={"system": slow}))
    rings = Calibration(with_rings(calibration))
    size, kind = 2**30, CollectiveType.ALL_REDUCE
    tree, ring = (it.collective(kind, size, 16, 2).mid for it in (calibration, rings))
    assert ring - 30_000 == pytest.approx(15 / 8 * (tree - 30_000), rel=0.01)
    assert rings.collective(kind, size, 8).mid == calibration.collective(kind, size, 8).mid


def test_worth_is_of_ratios_and_ranks() -> None:
    worth = Worth.of([1.1, 1.8, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0])
    assert (worth.count, worth.rank_correlation) == (4, pytest.approx(1))
    assert worth.mape == pytest.approx(0.05)
    assert worth.most == pytest.approx(0.1)


@needs_data
@pytest.mark.parametrize(
    ("read", "count"),
    [(lambda: vtrain("single"), 1440), (lambda: vtrain("multi"), 109), (selene, 8), (simumax, 24)],
    ids=["single", "multi", "selene", "simumax"],
)
def test_every_row_can_be_generated(read: Callable[[], list[Iteration]], count: int) -> None:
    rows = read()
    assert len(rows) == count
    assert all(one.seconds > 0 for one in rows)
    for one in rows[:: max(1, count // 4)]:
        assert one.cut(one.parallelism.pp * one.parallelism.chunks, one.parallelism.pp)
