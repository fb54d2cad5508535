"""Units in configurations: taken in Python, refused in files, with the number that is right."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from simastra import ConfigError, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config import PartOptions
from simastra.config.load import load_memory, load_network, load_system
from simastra.config.quantities import Bandwidth, Duration, Size

NETWORK = "topology: [Ring]\nnpus_count: [8]\nbandwidth: [{}]\nlatency: [{}]\n"


def network(bandwidth: float | str, latency: float | str = 500) -> NetworkConfig:
    return NetworkConfig(
        topology=["Ring"], npus_count=[8], bandwidth=[bandwidth], latency=[latency]
    )


@pytest.mark.parametrize(
    ("bandwidth", "bytes_per_ns"),
    [("50GB/s", 50), ("400Gb/s", 50), ("50GiB/s", 53.6870912), (50, 53.6870912)],
)
def test_a_network_in_python_takes_units(bandwidth: str | int, bytes_per_ns: float) -> None:
    assert network(bandwidth).bytes_per_ns == (pytest.approx(bytes_per_ns, rel=1e-15),)


@pytest.mark.parametrize(
    ("bandwidth", "problem"),
    [
        ("5 parsecs", "must be a bandwidth such as 50GB/s (10^9 bytes), 50GiB/s (2^30) or 400Gb/s"),
        ("NaN", "must be a bandwidth such as 50GB/s"),
        ("\u0665\u0660GB/s", "must be a bandwidth such as 50GB/s"),
        ("50", "lacks its unit: must be a bandwidth such as 50GB/s"),
        ("-5GB/s", "must be 0 or more, not '-5GB/s'"),
        ("50gb/s", "'50gb/s' may be bytes (B) or bits (b): write 50GB/s or 50Gb/s"),
    ],
)
def test_python_says_how_a_wrong_unit_is_spelt(bandwidth: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        network(bandwidth)
    assert f"bandwidth[0]: {problem}" in str(caught.value)


class SlowOptions(PartOptions):
    word = "slow"
    extra: Duration
    rate: Bandwidth = Fraction(50)
    buffer: Size = Fraction(1024)


def test_options_of_parts_of_ones_own_have_units() -> None:
    options = SlowOptions.parse({"extra": "0.5us", "buffer": "1MiB"})
    assert (options.extra, options.rate, options.buffer) == (500, 50, 2**20)
    for wrong, problem in (
        (500, "extra: must be a duration with its unit, such as 500ns, 0.5us or 2ms, not 500"),
        ("500", "extra: lacks its unit: must be a duration such as 500ns"),
        ("5 lightyears", "extra: must be a duration such as 500ns, 0.5us or 2ms, not '5 light"),
    ):
        with pytest.raises(ConfigError) as caught:
            SlowOptions.parse({"extra": wrong})
        assert problem in str(caught.value)
    assert SlowOptions.model_json_schema()["properties"]["extra"]["type"] == "string"


def test_whole_numbers_stay_exact() -> None:
    assert network("50GiB/s", "0.5us") == network(50, 500)
    changed = network(50).model_copy(update={"bandwidth": ["25GiB/s"]})
    assert changed == network(25)
    assert changed.notices() == network(25).notices() == ()


def test_a_system_and_a_memory_in_python_take_units() -> None:
    system = SystemConfig(
        preferred_dataset_splits=4,
        endpoint_delay="0.01us",
        local_mem_bw="3.35TB/s",
        peak_perf="0.9894PFLOP/s",
        L="1us",
    )
    assert (system.endpoint_delay, system.local_mem_bw, system.peak_perf) == (10, 3350, 989.4)
    assert (system.loggp_latency, system.notices()) == (1000, ())
    memory = MemoryConfig(
        memory_type="MEMORY_POOL", remote_mem_bw="100GB/s", remote_mem_latency="2us"
    )
    assert (memory.remote_mem_bw, memory.remote_mem_latency) == (100, 2000)
    assert memory.notices() == ()


@pytest.mark.parametrize(
    ("bandwidth", "latency", "message"),
    [
        (
            "50GB/s",
            "500",
            "bandwidth[0]: is '50GB/s', but ASTRA-sim reads a plain number here, in GB/s of 2^30 "
            "bytes: write 46.566128730773926, or 50 if 2^30 bytes are meant by GB (line 3)",
        ),
        ("50 GiB/s", "500", "in GB/s of 2^30 bytes: write 50 (line 3)"),
        ("400Gb/s", "500", "in GB/s of 2^30 bytes: write 46.566128730773926 (line 3)"),
        (
            "50",
            "0.5us",
            "latency[0]: is '0.5us', but ASTRA-sim reads a plain number here, in ns: write 500 ",
        ),
        ("50", "500ns", "in ns: write 500 (line 4)"),
        ("50Gigs", "500", "bandwidth[0]: must be a finite number, not '50Gigs'"),
    ],
)
def test_a_network_file_is_told_the_number(
    bandwidth: str, latency: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "net.yml"
    file.write_text(NETWORK.format(bandwidth, latency))
    with pytest.raises(ConfigError) as caught:
        load_network(file)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("local-mem-bw", "1.6TB/s", "in GB/s of 10^9 bytes: write 1600"),
        ("peak-perf", "312TFLOP/s", "in TFLOPS: write 312"),
        ("endpoint-delay", "1us", "in ns: write 1000"),
        ("g", "1.5ns", "in ns: write 1.5"),
        ("endpoint-delay", "10", "endpoint-delay: must be a whole number, not '10'"),
    ],
)
def test_a_system_file_is_told_the_number(
    key: str, value: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "sys.json"
    file.write_text(json.dumps({"preferred-dataset-splits": 4, key: value}))
    with pytest.raises(ConfigError) as caught:
        load_system(file)
    assert message in str(caught.value)


def test_a_memory_file_is_told_the_number(tmp_path: Path) -> None:
    file = tmp_path / "mem.json"
    keys = {"memory-type": "MEMORY_POOL", "remote-mem-bw": "100GB/s", "remote-mem-latency": 1}
    file.write_text(json.dumps(keys))
    with pytest.raises(ConfigError, match=r"in GB/s of 10\^9 bytes: write 100 "):
        load_memory(file)
