"""The JSON Schemas, checked with a validator that isn't ours."""

import pytest
from jsonschema import Draft202012Validator

from simastra.config import (
    CommGroups,
    ConfigModel,
    MemoryConfig,
    NetworkConfig,
    SystemConfig,
)
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.errors import ConfigError

SCHEMAS = json_schemas(
    SchemaNames(
        topologies=("Ring", "FullyConnected", "Switch"),
        algorithms=("ring", "oneRing", "direct[0-9]*", "halvingDoubling"),
    )
)
MODELS: dict[str, type[ConfigModel]] = {
    "system.schema.json": SystemConfig,
    "network.schema.json": NetworkConfig,
    "memory.schema.json": MemoryConfig,
    "comm-groups.schema.json": CommGroups,
}

SYSTEM = {
    "scheduling-policy": "LIFO",
    "endpoint-delay": 10,
    "active-chunks-per-dimension": 2,
    "preferred-dataset-splits": 4,
    "all-reduce-implementation": ["ring", "direct4"],
    "all-gather-implementation": ["direct", "halvingDoubling"],
    "collective-optimization": "localBWAware",
    "local-mem-bw": 1600,
    "boost-mode": 0,
    "intra-dimension-scheduling": "FIFO",
    "roofline-enabled": 1,
    "peak-perf": 312,
    "model-shared-bus": 0,
    "L": 1.0,
    "g": 0.5,
    "G": 0.0038,
}
NETWORK = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [37.3], "latency": [30.0]}
PER_NODE = {
    "memory-type": "PER_NODE_MEMORY_EXPANSION",
    "remote-mem-latency": 100,
    "remote-mem-bw": 50,
    "num-nodes": 4,
    "num-npus-per-node": 2,
}

RIGHT: list[tuple[str, object]] = [
    ("system.schema.json", SYSTEM),
    ("system.schema.json", {"preferred-dataset-splits": 1}),
    ("system.schema.json", {"preferred-dataset-splits": 1, "replay-only": True}),
    (
        "system.schema.json",
        {"preferred-dataset-splits": 1, "all-reduce-implementation-chakra": ["et/a"]},
    ),
    ("network.schema.json", NETWORK),
    ("memory.schema.json", {"memory-type": "NO_MEMORY_EXPANSION"}),
    ("memory.schema.json", PER_NODE),
    ("comm-groups.schema.json", {"1": [0, 1], "2": [3, 2]}),
    ("comm-groups.schema.json", {}),
]

WRONG: list[tuple[str, object]] = [
    ("system.schema.json", {}),
    ("system.schema.json", {"preferred-dataset-splits": 0}),
    ("system.schema.json", {**SYSTEM, "endpoint-delay": -1}),
    ("system.schema.json", {**SYSTEM, "endpoint-dely": 1}),
    ("system.schema.json", {**SYSTEM, "endpoint_delay": 1}),
    ("system.schema.json", {**SYSTEM, "scheduling-policy": "lifo"}),
    ("system.schema.json", {**SYSTEM, "all-reduce-implementation": "ring"}),
    ("system.schema.json", {**SYSTEM, "all-reduce-implementation-custom": ["a", "b"]}),
    ("system.schema.json", {**SYSTEM, "roofline-enabled": 2}),
    ("system.schema.json", {**SYSTEM, "peak-perf": "fast"}),
    ("network.schema.json", {**NETWORK, "npus_count": [0]}),
    ("network.schema.json", {**NETWORK, "npus_count": []}),
    ("network.schema.json", {**NETWORK, "bandwidth": [0]}),
    ("network.schema.json", {**NETWORK, "latency": 500}),
    ("network.schema.json", {**NETWORK, "nic-latency": 1}),
    ("memory.schema.json", {}),
    ("memory.schema.json", {"memory-type": "POOL"}),
    ("memory.schema.json", {"memory-type": "PER_NODE_MEMORY_EXPANSION"}),
    ("memory.schema.json", {**PER_NODE, "num-nodes": 0}),
    ("comm-groups.schema.json", {"1": []}),
    ("comm-groups.schema.json", {"1": [0, 0]}),
    ("comm-groups.schema.json", {"1": [-1]}),
    ("comm-groups.schema.json", {"": [1]}),
    ("comm-groups.schema.json", []),
]


@pytest.mark.parametrize("name", list(MODELS))
def test_a_schema_is_a_valid_schema(name: str) -> None:
    assert set(SCHEMAS) == set(MODELS)
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("name", "config"), RIGHT)
def test_schema_and_model_accept_the_same_samples(name: str, config: object) -> None:
    assert list(Draft202012Validator(SCHEMAS[name]).iter_errors(config)) == []
    MODELS[name].parse(config)


@pytest.mark.parametrize(("name", "config"), WRONG)
def test_schema_and_model_refuse_the_same_mistakes(name: str, config: object) -> None:
    assert not Draft202012Validator(SCHEMAS[name]).is_valid(config)
    with pytest.raises(ConfigError):
        MODELS[name].parse(config)


@pytest.mark.parametrize(
    ("algorithm", "accepted"),
    [
        ("ring", True),
        ("direct", True),
        ("direct12", True),
        ("directX", False),
        ("xring", False),
        ("rings", False),
        ("Ring", False),
    ],
)
def test_the_schema_knows_the_algorithms_of_the_layer_above(
    algorithm: str, *, accepted: bool
) -> None:
    config = {**SYSTEM, "all-to-all-implementation": [algorithm]}
    assert Draft202012Validator(SCHEMAS["system.schema.json"]).is_valid(config) is accepted


def test_the_schema_offers_whole_algorithm_names_for_completion() -> None:
    items = SCHEMAS["system.schema.json"]["properties"]["all-reduce-implementation"]["items"]
    assert items["anyOf"][0] == {"enum": ["ring", "oneRing", "direct", "halvingDoubling"]}


def test_the_schema_knows_the_topologies_of_the_layer_above() -> None:
    validator = Draft202012Validator(SCHEMAS["network.schema.json"])
    assert validator.is_valid({**NETWORK, "topology": ["FullyConnected"]})
    assert not validator.is_valid({**NETWORK, "topology": ["ring"]})


@pytest.mark.parametrize(
    "name", ["system.schema.json", "network.schema.json", "memory.schema.json"]
)
def test_every_key_is_described_and_every_default_is_right(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["additionalProperties"] is False
    for key, about in schema["properties"].items():
        assert about["description"], key
        if "default" in about:
            validator = Draft202012Validator({**about, "$defs": schema.get("$defs", {})})
            assert validator.is_valid(about["default"]), key
            # An editor that fills in a default must not write what ASTRA-sim takes for true.
            assert about["default"] is not False, key


@pytest.mark.parametrize(
    ("name", "key", "unit"),
    [
        ("system.schema.json", "endpoint-delay", "ns"),
        ("system.schema.json", "local-mem-bw", "10^9"),
        ("system.schema.json", "peak-perf", "TFLOPS"),
        ("network.schema.json", "bandwidth", "2^30"),
        ("network.schema.json", "latency", "ns"),
        ("memory.schema.json", "remote-mem-bw", "10^9"),
        ("memory.schema.json", "remote-mem-latency", "ns"),
    ],
)
def test_descriptions_name_units(name: str, key: str, unit: str) -> None:
    assert unit in SCHEMAS[name]["properties"][key]["description"]
