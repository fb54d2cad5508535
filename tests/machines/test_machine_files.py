"""Machines' files of one's own: read as presets are, with messages that name key and line."""

from pathlib import Path

import pytest

from simastra import ConfigError, machine

OWN = """\
title: two boards
npu: ours
peak: 0.5PFLOP/s
memory: 16GiB
memory_bandwidth: 1TB/s
dimensions:
  - name: board
    topology: FullyConnected
    npus: 4
    bandwidth: 800Gb/s
    latency: 0.3us
  - name: Ethernet
    topology: Switch
    unit: boards
    bandwidth: 25Gb/s
    latency: 2us
system:
  endpoint-delay: 20
"""


def test_a_file_of_ones_own_is_a_machine(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(OWN)
    own = machine(f"@{tmp_path}/own.yml:4x2")
    assert [str(it) for it in own.network.topology] == ["FullyConnected", "Switch"]
    assert own.network.bytes_per_ns == pytest.approx((100, 3.125))
    assert list(own.network.latency) == [300, 2000]
    assert (own.system.peak_perf, own.system.local_mem_bw) == (500, 1000)
    assert (own.system.endpoint_delay, own.memory_capacity) == (20, 2**34)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("peak: 0.5PFLOP/s", "peak: 500", "peak: must be a rate of operations with its unit, such"),
        (
            "memory: 16GiB",
            "memory: 16Gigs",
            "memory: must be a size such as 1MiB (2^20 bytes)",
        ),
        ("800Gb/s", "800gb/s", "'800gb/s' may be bytes (B) or bits (b): write 800GB/s or 800Gb/s"),
        ("latency: 2us", "latenzy: 2us", "unknown key 'latenzy'; did you mean 'latency'?"),
        ("memory_bandwidth: 1TB/s\n", "", "memory_bandwidth: is required"),
        (OWN[OWN.index("dimensions:") : OWN.index("system:")], "dimensions: []\n", "dimensions: "),
        ("unit: boards", "npus: 2", "only the innermost dimension can have a number of NPUs"),
    ],
)
def test_what_is_wrong_in_it(old: str, new: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(OWN.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        machine(f"{tmp_path}/own.yml:4x2")
    assert problem in str(caught.value)
    assert "own.yml" in str(caught.value)


def test_a_last_dimension_of_one_is_none(tmp_path: Path) -> None:
    more = "  - {name: rows, topology: Ring, bandwidth: 25Gb/s, latency: 2us}\nsystem:"
    (tmp_path / "own.yml").write_text(OWN.replace("system:", more))
    own = machine(f"{tmp_path}/own.yml:4x2x1")
    assert own.shape == own.network.npus_count == (4, 2)


def test_a_wrong_key_of_the_system_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(OWN.replace("endpoint-delay", "endpoint-dely"))
    with pytest.raises(ConfigError, match="did you mean 'endpoint-delay'"):
        machine(f"{tmp_path}/own.yml")


def test_all_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    wrong = OWN.replace("16GiB", "16").replace("25Gb/s", "25").replace("2us", "2")
    (tmp_path / "own.yml").write_text(wrong)
    with pytest.raises(ConfigError) as caught:
        machine(f"{tmp_path}/own.yml")
    first, second = str(caught.value).splitlines()
    assert "own.yml: memory: must be a size with its unit" in first
    assert first.endswith("not 16 (line 4)")
    assert "own.yml: dimensions[1]: bandwidth: must be a bandwidth with its unit" in second
    assert "not 25; latency: must be a duration with its unit" in second
    assert second.endswith("not 2 (line 12)")
