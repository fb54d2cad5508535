"""Topologies and backends with options in the network file: how they are written, what is wrong.

Which options there are is for the parts to say; see tests/extensions.
"""

import copy
import pickle
from typing import Literal

import pytest
from pydantic import Field, field_validator

from simastra.config import ConfigModel, NetworkConfig, Part, PartOptions, read_options
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.config.network_yaml import parse_network_yaml
from simastra.errors import ConfigError

REST = {"npus_count": [2, 4], "bandwidth": [50, 50], "latency": [500, 500]}
TEXT = """\
topology:
  - Ring
  - {name: Express, stride: 4, "on": [1, x]}
npus_count: [2, 4]
bandwidth: [50, 50]
latency: [500, 500]
backend_options:
  slow: {seed: 7}
  slower: {}
"""


class Options(PartOptions):
    stride: int = Field(default=4, ge=2)
    long_name: float | None = None


def config(*topologies: object, **more: object) -> NetworkConfig:
    return NetworkConfig.parse({"topology": list(topologies), **REST, **more}, "net.yml")


def test_a_network_file_gives_options_to_topologies_and_backends() -> None:
    network = parse_network_yaml(TEXT, "net.yml")
    express = Part("Express", {"stride": 4, "on": [1, "x"]})
    assert network.topology == ("Ring", express)
    assert network.topologies == (Part("Ring"), express)
    assert network.backend_options == (Part("slow", {"seed": 7}), Part("slower"))
    assert [str(part) for part in network.topology] == ["Ring", "Express (stride 4, on [1, 'x'])"]


def test_a_plain_network_has_plain_names_and_no_options() -> None:
    network = config("Ring", "Switch")
    assert network.topology == ("Ring", "Switch")
    assert network.backend_options == ()


def test_options_tell_networks_apart() -> None:
    one, other = (config("Ring", {"name": "Express", "stride": stride}) for stride in (2, 4))
    assert one != other
    assert one == config("Ring", {"name": "Express", "stride": 2})
    assert hash(one) == hash(config("Ring", {"name": "Express", "stride": 2}))


@pytest.mark.parametrize("written", ["Ring", {"name": "Express", "stride": 2}])
def test_what_was_read_is_written_as_it_was(written: object) -> None:
    network = config("Ring", written, backend_options={"slow": {"seed": 7}})
    again = network.model_dump(mode="json")
    assert again["topology"] == ["Ring", written]
    assert again["backend_options"] == {"slow": {"seed": 7}}
    assert NetworkConfig.parse(again) == network
    assert copy.deepcopy(network) == pickle.loads(pickle.dumps(network)) == network


def test_what_the_caller_changes_later_changes_nothing() -> None:
    told = {"name": "Express", "stride": 2}
    network = config("Ring", told)
    told["stride"] = 3
    assert network.topologies[1].options == {"stride": 2}


@pytest.mark.parametrize(
    ("topology", "more", "said"),
    [
        (7, {}, "net.yml: topology[1]: must be a string, not 7"),
        (["Ring"], {}, "net.yml: topology[1]: must be a string, not a list"),
        ({"stride": 2}, {}, "net.yml: topology[1]: lacks the key 'name'"),
        ({"name": 3}, {}, "net.yml: topology[1]: has 3 for its name; write a string"),
        ("Ring", {"backend_options": 3}, "net.yml: backend_options: must be a mapping of backends"),
        (
            "Ring",
            {"backend_options": {"slow": 3}},
            "net.yml: backend_options.slow: must be a mapping of options to values, not 3",
        ),
    ],
)
def test_what_is_no_part_is_told_by_its_key(
    topology: object, more: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        config("Ring", topology, **more)
    assert str(raised.value).startswith(said)


def read(part: Part, model: type[PartOptions] | None) -> PartOptions | None:
    def error(problem: str, key: str) -> ConfigError:
        return ConfigError(problem, source="net.yml", key=key)

    return read_options(part, model, error, "topology[1]")


def test_options_are_those_of_the_model_or_its_defaults() -> None:
    assert read(Part("Express"), Options) == Options(stride=4)
    told = read(Part("Express", {"stride": 3, "long_name": 0.5}), Options)
    assert told == Options(stride=3, long_name=0.5)
    assert read(Part("Ring"), None) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"stride": 1}, "net.yml: topology[1].stride: must be at least 2, not 1"),
        ({"strid": 3}, "net.yml: topology[1].strid: unknown key 'strid'; did you mean 'stride'?"),
        ({"long-name": 3}, "net.yml: topology[1].long-name: unknown key 'long-name'"),
    ],
)
def test_wrong_options_are_told_by_file_and_key(options: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(Part("Express", options), Options)
    assert str(raised.value).startswith(said)


class Measured(PartOptions):
    """Fields as pydantic has them, and no descriptions but one."""

    rate: float = Field(gt=0)
    share: float = Field(default=0.5, lt=1, description="part of a link")
    stride: int = 4
    wraps: bool = True
    order: Literal["near", "far"] = "near"

    @field_validator("stride")
    @classmethod
    def _even(cls, stride: int) -> int:
        if stride % 2:
            raise ValueError(f"must be even, not {stride}")
        return stride


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        ("rate", 0, "must be larger than 0, not 0"),
        ("rate", "fast", "must be a number, not 'fast'"),
        ("rate", None, "must be a number, not null"),
        ("share", 1, "must be less than 1, not 1 (part of a link)"),
        ("share", "x", "must be a number, not 'x' (part of a link)"),
        ("stride", 2.5, "must be a whole number, not 2.5"),
        ("stride", "four", "must be a whole number, not 'four'"),
        ("stride", [4], "must be a whole number, not a list"),
        ("stride", 3, "must be even, not 3"),
        ("wraps", "maybe", "must be true or false, not 'maybe'"),
        ("wraps", [], "must be true or false, not a list"),
        ("order", "middle", "must be 'near' or 'far', not 'middle'"),
    ],
)
def test_what_is_wrong_with_a_plain_field_is_said_in_our_words(
    option: str, value: object, problem: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        read(Part("Express", {"rate": 1, option: value}), Measured)
    assert str(raised.value) == f"net.yml: topology[1].{option}: {problem}"


def test_an_option_without_a_default_is_required() -> None:
    with pytest.raises(ConfigError) as raised:
        read(Part("Express"), Measured)
    assert str(raised.value) == "net.yml: topology[1].rate: is required"


def test_options_of_what_takes_none_are_told_by_the_first() -> None:
    with pytest.raises(ConfigError) as raised:
        read(Part("Ring", {"a": 1, "b": 2}), None)
    assert str(raised.value) == "net.yml: topology[1].a: Ring takes no options"


def test_options_are_a_configuration_like_others() -> None:
    assert issubclass(PartOptions, ConfigModel)
    with pytest.raises(ConfigError, match="options: stride: must be at least 2, not 1"):
        Options(stride=1)


def test_a_key_that_is_given_twice_is_refused_at_any_depth() -> None:
    with pytest.raises(ConfigError, match=r"stride: is given twice \(line 3\)"):
        parse_network_yaml(TEXT.replace("stride: 4", "stride: 4, stride: 5"), "net.yml")


def test_schemas_offer_options_where_there_are_any() -> None:
    plain = json_schemas(SchemaNames(("Ring",), ("ring",)))["network.schema.json"]
    assert plain["properties"]["topology"]["items"] == {"enum": ["Ring"]}
    assert "backend_options" not in plain["properties"]
    names = SchemaNames(("Ring", "Express"), ("ring",), {"Express": Options}, {"slow": Options})
    told = json_schemas(names)["network.schema.json"]["properties"]
    names_alone, express = told["topology"]["items"]["anyOf"]
    assert names_alone == {"enum": ["Ring", "Express"]}
    assert express["required"] == ["name"]
    assert express["properties"]["name"] == {"const": "Express"}
    assert express["properties"]["stride"]["minimum"] == 2
    assert express["additionalProperties"] is False
    assert set(told["backend_options"]["properties"]["slow"]["properties"]) == {
        "stride",
        "long_name",
    }
    assert told["backend_options"]["additionalProperties"] is False
