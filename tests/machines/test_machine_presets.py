"""Presets say what their sources say, in the units that configurations have."""

from fractions import Fraction

import pytest

from simastra import GiB, OptionError, Simulation, TraceBuilder, machine
from simastra.config.load import load_network, load_system
from simastra.machines import names, preset_named
from simastra.machines.files import network_file, system_file
from simastra.machines.shapes import example_shape, sizes_in_words


def some(name: str) -> str:
    return f"{name}:{example_shape(preset_named(name))}"


@pytest.mark.parametrize(
    ("reference", "gigabytes", "teraflops", "memory"),
    [
        ("dgx-a100:8x2", (300, 25), 312, 80 * 10**9),
        ("hgx-h100:8x4", (450, 50), 989.4, 80 * 10**9),
        ("gb200-nvl72:72x2", (900, 50), 2500, 186 * 10**9),
        ("tpu-v4:4x4x8", (50, 50, 50), 275, 32 * GiB),
        ("tpu-v5p:8x8x8", (100, 100, 100), 459, 95 * GiB),
    ],
)
def test_numbers_of_products(
    reference: str, gigabytes: tuple[int, ...], teraflops: float, memory: int
) -> None:
    made = machine(reference)
    assert made.network.bytes_per_ns == pytest.approx(gigabytes, rel=1e-15)
    assert made.network.bandwidth == tuple(float(Fraction(it * 10**9, GiB)) for it in gigabytes)
    assert (made.system.peak_perf, made.memory_capacity) == (teraflops, memory)
    assert made.system.roofline_enabled


def test_the_demo_is_the_first_demo() -> None:
    trace = TraceBuilder()
    trace.all_reduce("All-Reduce", size=1 << 20)
    demo = machine("demo")
    assert Simulation(trace, demo.system, demo.network).run().makespan == 117_780
    assert (demo.memory_capacity, demo.system.peak_perf) == (None, 0)


@pytest.mark.parametrize("name", names())
def test_every_preset_runs_says_its_sources_and_writes_itself(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = machine(some(name))
    folder = tmp_path_factory.mktemp(name)
    (folder / "net.yml").write_text(network_file(made))
    (folder / "sys.json").write_text(system_file(made))
    assert load_network(folder / "net.yml") == made.network
    assert load_system(folder / "sys.json") == made.system
    trace = TraceBuilder()
    trace.all_reduce("a", size=1 << 20)
    trace.all_to_all("b", size=1 << 20)
    result = Simulation(trace, made.system, made.network).run()
    assert result.makespan > 0
    assert made.preset.sources
    assert made.preset.origin
    assert not [it for it in made.system.notices() if it.code != "free-reductions"]


def test_a_system_has_an_algorithm_for_each_dimension_of_the_network() -> None:
    assert machine("hgx-h100").system_for(3).all_reduce_implementation == ("ring",) * 3
    assert machine("hgx-h100:8x4").system.all_to_all_implementation == ("direct",) * 2


@pytest.mark.parametrize(
    ("reference", "shape"),
    [
        ("hgx-h100", (8,)),
        ("hgx-h100:8x1", (8,)),
        ("hgx-h100:4", (4,)),
        ("@hgx-h100:8x128", (8, 128)),
        ("demo:3", (3,)),
        ("tpu-v4:16x16x16", (16, 16, 16)),
    ],
)
def test_shapes(reference: str, shape: tuple[int, ...]) -> None:
    assert (machine(reference).shape, machine(reference).network.npus_count) == (shape, shape)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("demo", "N"), ("dgx-a100", "8, 8xN"), ("gb200-nvl72", "72, 72xN"), ("tpu-v4", "NxMxL")],
)
def test_sizes_of_machines_in_a_few_characters(name: str, sizes: str) -> None:
    assert sizes_in_words(preset_named(name)) == sizes


OF_H100 = "; shapes are 8, or fewer in one, or 8xN for N systems"
OF_TPUS = "; shapes are NxMxL, each a multiple of 4, such as 4x4x4"


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("hgx-h10", "unknown machine 'hgx-h10'; did you mean 'hgx-h100'? Known are demo, dgx-a100"),
        ("cray", "unknown machine 'cray'; known are demo, dgx-a100, gb200-nvl72, hgx-h100, tpu-v4"),
        (
            "hgx-h100:64",
            "@hgx-h100:64 has 64 along NVLink 4 through NVSwitch, which joins 8: 64 NPUs are 8x8"
            + OF_H100,
        ),
        (
            "hgx-h100:4x8",
            f"@hgx-h100:4x8 has 4 along NVLink 4 through NVSwitch, which joins 8{OF_H100}",
        ),
        ("hgx-h100:8x2x2", f"@hgx-h100:8x2x2 has 3 dimensions, more than the 2 there are{OF_H100}"),
        ("hgx-h100:", f"@hgx-h100: '' is no shape{OF_H100}"),
        ("hgx-h100:8*8", f"@hgx-h100:8*8 '8*8' is no shape{OF_H100}"),
        ("hgx-h100:1", f"@hgx-h100:1 has 1 NPU along a dimension, which is none{OF_H100}"),
        ("tpu-v4", f"@tpu-v4 needs its shape behind a colon{OF_TPUS}"),
        ("tpu-v4:4x4", f"@tpu-v4:4x4 has 2 of 3 dimensions{OF_TPUS}"),
        ("tpu-v4:4x4x6", f"@tpu-v4:4x4x6 has 6 along ICI along z, no multiple of 4{OF_TPUS}"),
        ("tpu-v4:16x16x20", f"@tpu-v4:16x16x20 has 5,120 NPUs; 4,096 are possible{OF_TPUS}"),
        ("demo:4x4", "@demo:4x4 has 2 dimensions, more than the 1 there are; shapes are N, such "),
    ],
)
def test_what_there_is_not(reference: str, problem: str) -> None:
    with pytest.raises(OptionError) as caught:
        machine(reference)
    assert caught.value.problem.startswith(problem)
