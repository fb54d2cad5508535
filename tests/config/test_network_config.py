"""NetworkConfig: lists of one entry per dimension, and the number of NPUs they make."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import NetworkConfig
from simastra.errors import ConfigError

TWO_DIMENSIONS = {
    "topology": ["Ring", "Switch"],
    "npus_count": [4, 2],
    "bandwidth": [50.0, 37.3],
    "latency": [500.0, 0],
}


def test_reads_a_network_of_two_dimensions() -> None:
    network = NetworkConfig.parse(TWO_DIMENSIONS)
    assert network.topology == ("Ring", "Switch")
    assert network.npus_count == (4, 2)
    assert network.latency == (500.0, 0.0)
    assert (network.npus, network.dimensions) == (8, 2)
    assert network.notices() == ()


def test_gigabytes_of_a_network_are_two_to_the_thirty_bytes() -> None:
    network = NetworkConfig.parse(TWO_DIMENSIONS)
    assert network.bytes_per_ns == (53.6870912, 37.3 * 2**30 / 1e9)


@pytest.mark.parametrize(
    ("changes", "key", "phrase"),
    [
        ({"bandwidth": [50]}, None, "npus_count has 2 dimensions, bandwidth has 1"),
        ({"latency": [1, 2, 3]}, None, "npus_count has 2 dimensions, latency has 3"),
        ({"topology": ["Ring"]}, None, "npus_count has 2 dimensions, topology has 1"),
        ({"npus_count": []}, "npus_count", "must have at least one entry"),
        ({"npus_count": 8}, "npus_count", "must be a list with one entry per dimension, not 8"),
        ({"topology": "Ring"}, "topology", "must be a list with one entry per dimension"),
        ({"topology": ["Ring", 2]}, "topology[1]", "must be a string, not 2"),
        ({"npus_count": [0, 2]}, "npus_count[0]", "must be at least 1, not 0"),
        ({"npus_count": [4, -2]}, "npus_count[1]", "must be at least 1, not -2"),
        ({"npus_count": [4, 2.5]}, "npus_count[1]", "must be a whole number, not 2.5"),
        ({"npus_count": [4, True]}, "npus_count[1]", "must be a whole number, not true"),
        ({"npus_count": [4, math.nan]}, "npus_count[1]", "must be a whole number, not nan"),
        ({"npus_count": [2**20, 2**20]}, "npus_count", "multiplies to 1099511627776 NPUs"),
        ({"npus_count": [2**62] * 2}, "npus_count", "at most 2147483647"),
        ({"bandwidth": [50, 0]}, "bandwidth[1]", "must be larger than 0, not 0"),
        ({"bandwidth": [50, -1]}, "bandwidth[1]", "must be larger than 0, not -1"),
        ({"bandwidth": [math.inf, 1]}, "bandwidth[0]", "must be at most"),
        ({"bandwidth": [math.nan, 1]}, "bandwidth[0]", "must be a finite number, not nan"),
        ({"bandwidth": [5e-324, 1]}, "bandwidth[0]", "is too small"),
        (
            {"bandwidth": ["tbd", 1]},
            "bandwidth[0]",
            "is 'tbd': the file's author left it open; write a finite number",
        ),
        ({"bandwidth": [[50], 1]}, "bandwidth[0]", "must be a finite number, not a list"),
        ({"latency": [-1, 0]}, "latency[0]", "must be at least 0, not -1"),
        ({"latency": [None, 0]}, "latency[0]", "must be a finite number, not null"),
        ({"latency": {"0": 1}}, "latency", "not an object"),
        ({"npus-count": [4]}, "npus-count", "did you mean 'npus_count'?"),
        ({"banwidth": [4]}, "banwidth", "did you mean 'bandwidth'?"),
        ({"name": "x"}, "name", "keys are topology, npus_count, bandwidth, latency"),
        ({"topology-name": "x"}, "topology-name", "is a key of ASTRA-sim 1.x"),
        ({"hbm-bandwidth": [1]}, "hbm-bandwidth", "is a key of ASTRA-sim 1.x"),
    ],
)
def test_each_mistake_is_named_with_its_key(
    changes: dict[str, object], key: str | None, phrase: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        NetworkConfig.parse({**TWO_DIMENSIONS, **changes}, "net.yml")
    assert caught.value.key == key
    assert phrase in caught.value.problem
    assert caught.value.source == "net.yml"


@pytest.mark.parametrize("key", list(TWO_DIMENSIONS))
def test_every_key_is_required(key: str) -> None:
    rest = {other: value for other, value in TWO_DIMENSIONS.items() if other != key}
    with pytest.raises(ConfigError, match="is required") as caught:
        NetworkConfig.parse(rest)
    assert caught.value.key == key


@given(st.lists(st.integers(2, 9), min_size=1, max_size=8))
def test_the_npus_of_a_network_are_the_product_of_its_dimensions(counts: list[int]) -> None:
    length = len(counts)
    network = NetworkConfig(
        topology=["Ring"] * length,
        npus_count=counts,
        bandwidth=[1] * length,
        latency=[0] * length,
    )
    assert network.npus == math.prod(counts)
    assert network.dimensions == length == len(network.bytes_per_ns)


@pytest.mark.parametrize("word", ["tbd", "TBD", " todo", "?"])
def test_a_number_that_is_left_open_is_told_as_such(word: str) -> None:
    keys = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [word], "latency": [500]}
    with pytest.raises(ConfigError, match=r"bandwidth\[0\]: is '.*': the file's author left it op"):
        NetworkConfig.parse(keys)
