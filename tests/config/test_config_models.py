"""What holds for every configuration model: frozen, equal by value, safe against any input."""

import copy
import json
import pickle
from array import array
from collections import UserList, deque
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from simastra.config import (
    CommGroup,
    CommGroups,
    ConfigModel,
    MemoryConfig,
    NetworkConfig,
    PartOptions,
    SystemConfig,
)
from simastra.errors import ConfigError

MODELS: list[ConfigModel] = [
    SystemConfig.parse(
        {
            "preferred-dataset-splits": 4.5,
            "all-reduce-implementation": ["ring", "direct"],
            "all-gather-implementation-custom": ["et/x"],
            "per-node-custom-implementation": "custom.yml",
            "roofline-enabled": True,
            "boost-mode": 0,
        },
        Path("system.json"),
    ),
    NetworkConfig.parse(
        {"topology": ["Ring"], "npus_count": [4], "bandwidth": [50], "latency": [0.5]},
        Path("network.yml"),
    ),
    MemoryConfig.parse({"memory-type": "MEMORY_POOL", "remote-mem-bw": 50.7}, Path("memory.json")),
    CommGroups.parse({"1": [1, 0]}, Path("groups.json")),
]
KINDS = [type(model) for model in MODELS]

FILE_KEYS = sorted(
    {key for kind in KINDS for key in kind._spellings()} | {"endpoint-dely", "topology-name", ""}
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NEARLY_RIGHT = st.dictionaries(
    st.sampled_from(FILE_KEYS),
    JSON_VALUES
    | st.lists(st.integers(-1, 5) | st.floats(-1, 5), max_size=3)
    | st.lists(st.sampled_from(["Ring", "ring"]), max_size=3),
)


@pytest.mark.parametrize("kind", KINDS)
@given(value=JSON_VALUES | NEARLY_RIGHT)
def test_nothing_that_json_can_say_raises_anything_but_a_config_error(
    kind: type[ConfigModel], value: object
) -> None:
    try:
        messages = [str(notice) for notice in kind.parse(value, "file").notices()]
    except ConfigError as error:
        messages = [str(error)]
    for message in messages:
        assert message.startswith("file: ")
        assert message.replace("\n", "").isprintable()


@pytest.mark.parametrize("kind", KINDS)
@given(value=st.dictionaries(st.integers() | st.none() | st.binary(), JSON_VALUES, min_size=1))
def test_keys_that_are_not_text_are_refused(kind: type[ConfigModel], value: object) -> None:
    with pytest.raises(ConfigError):
        kind.parse(value)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_a_model_is_frozen_and_hashable(model: ConfigModel) -> None:
    for field in type(model).model_fields:
        with pytest.raises(ConfigError, match=f"{field}: is frozen; make a changed copy"):
            setattr(model, field, None)
    assert {model: "found"}[copy.deepcopy(model)] == "found"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_a_model_survives_pickling_with_its_source_and_notices(model: ConfigModel) -> None:
    again = pickle.loads(pickle.dumps(model))
    assert again == model
    assert again.source == model.source
    assert again.notices() == model.notices()


@pytest.mark.parametrize("model", MODELS[:3], ids=lambda model: type(model).__name__)
def test_a_model_survives_being_written_as_a_file(model: ConfigModel) -> None:
    text = model.model_dump_json(by_alias=True, exclude_none=True)
    again = type(model).parse(json.loads(text))
    assert again == model
    # What is written is plain: no fraction, no legacy key, no JSON false.
    assert {notice.code for notice in again.notices()} <= {"free-reductions"}


def test_models_are_equal_by_what_they_say_not_where() -> None:
    mapping = {"memory-type": "MEMORY_POOL", "remote-mem-bw": 50}
    here, there = MemoryConfig.parse(mapping, "here"), MemoryConfig.parse(mapping, "there")
    assert here == there == MemoryConfig(memory_type="MEMORY_POOL", remote_mem_bw=50)
    assert hash(here) == hash(there)
    assert here != MemoryConfig.parse({**mapping, "remote-mem-bw": 51})
    assert here != CommGroups()


def test_a_list_that_changes_later_does_not_change_the_model() -> None:
    algorithms = ["ring"]
    model = SystemConfig(preferred_dataset_splits=1, all_reduce_implementation=algorithms)
    algorithms.append("bad")
    changed = model.model_copy(update={"endpoint_delay": 1})
    assert model.all_reduce_implementation == changed.all_reduce_implementation == ("ring",)


def test_any_sequence_is_taken_and_a_tuple_kept() -> None:
    network = NetworkConfig(
        topology=UserList(["Ring", "Ring"]),
        npus_count=range(2, 4),
        bandwidth=array("d", [50, 25]),
        latency=deque([500, 700]),
    )
    assert (network.topology, network.npus_count) == (("Ring", "Ring"), (2, 3))
    assert (network.bandwidth, network.latency) == ((50, 25), (500, 700))
    groups = CommGroups(groups=UserList([CommGroup("1", (0, 1))]))
    assert groups == CommGroups(groups={"1": range(2)})
    for text in ("Ring", b"Ring"):
        with pytest.raises(ConfigError, match="topology: must be a list with one entry per dim"):
            network.model_copy(update={"topology": text})
    with pytest.raises(ConfigError, match=r"npus_count\[0\]: must be at least 1, not 0"):
        network.model_copy(update={"npus_count": range(2)})


def test_a_list_that_changes_later_changes_nothing() -> None:
    counts = UserList([2.0])
    network = NetworkConfig(topology=["Ring"], npus_count=counts, bandwidth=[50], latency=[500])
    counts[0] = 7
    assert network.npus_count == network.model_copy(update={"bandwidth": [25]}).npus_count == (2,)


class ExpressGear(PartOptions):
    ratio: float
    teeth: int = Field(default=1, ge=1)


class Drive(PartOptions):
    """Options that have others within."""

    gears: tuple[ExpressGear, ...] = ()


def test_a_model_within_another_is_told_what_is_wrong_with_it_once() -> None:
    with pytest.raises(ConfigError) as raised:
        Drive.parse({"gears": [{"ratio": 2}, {"ratoi": 3, "teeth": 0}]}, "f")
    assert str(raised.value).splitlines() == [
        "f: ratoi: unknown key 'ratoi'; did you mean 'ratio'?",
        "f: teeth: must be at least 1, not 0",
    ]
    assert Drive(gears=(ExpressGear(ratio=2),)).gears[0].teeth == 1


def test_a_changed_copy_is_validated_and_keeps_source_and_notices() -> None:
    system = MODELS[0]
    copied = system.model_copy(update={"endpoint_delay": 5, "local-mem-bw": 50})
    assert isinstance(copied, SystemConfig)
    assert (copied.endpoint_delay, copied.local_mem_bw) == (5, 50.0)
    assert copied.all_gather_implementation_custom == "et/x"
    assert copied.source == Path("system.json")
    assert [notice.code for notice in copied.notices()] == ["no-effect-key", "truncated"]
    assert system.model_copy() == system
    with pytest.raises(ConfigError, match=r"system.json: endpoint_delay: must be at least 0"):
        system.model_copy(update={"endpoint_delay": -1})
    with pytest.raises(ConfigError, match="unknown key 'endpoint_dely'"):
        system.model_copy(update={"endpoint_dely": 1})


def test_a_changed_number_of_chunks_is_no_longer_noticed_as_cut() -> None:
    copied = MODELS[0].model_copy(update={"preferred_dataset_splits": 2})
    assert "truncated" not in [notice.code for notice in copied.notices()]


def test_groups_can_be_changed_in_a_copy() -> None:
    copied = MODELS[3].model_copy(update={"groups": (CommGroup("7", (2,)),)})
    assert copied == CommGroups.parse({"7": [2]})


@pytest.mark.parametrize(
    ("key", "spelled"),
    [
        ("all_reduce_implementation[1]", "all-reduce-implementation[1]"),
        ("all-reduce-implementation[1]", "all-reduce-implementation[1]"),
        ("endpoint_delay", "endpoint-delay"),
        ("G", "G"),
        (None, None),
    ],
)
def test_an_error_about_a_model_spells_the_key_as_its_file_does(
    key: str | None, spelled: str | None
) -> None:
    error = MODELS[0].error("is wrong", key=key)
    assert error.key == spelled
    assert error.source == Path("system.json")


def test_an_error_about_a_custom_collective_uses_the_spelling_that_was_given() -> None:
    system = SystemConfig.parse(
        {"preferred-dataset-splits": 1, "all-to-all-implementation-chakra": ["x"]}
    )
    error = system.error("no such trace", key="all_to_all_implementation_custom")
    assert error.key == "all-to-all-implementation-chakra"
