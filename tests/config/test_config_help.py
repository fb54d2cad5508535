"""What `help()` says of a model: its fields by what they take and by what they mean."""

import inspect
import json
import pydoc

import pytest
from pydantic import Field

from simastra.cli.verbs.schemas import schema_files
from simastra.config import (
    CommGroups,
    ConfigModel,
    MemoryConfig,
    NetworkConfig,
    PartOptions,
    SystemConfig,
)
from simastra.config.meanings import meanings

MODELS = (CommGroups, MemoryConfig, NetworkConfig, SystemConfig)


class Gear(PartOptions):
    """A part of one's own."""

    ratio: float = 1.5
    """how much slower
    it is"""

    teeth: int = Field(ge=1, description="what bites")
    unexplained: int = 0


class FineGear(Gear):
    oil: str = "none"
    """what it runs in"""

    ratio: float = 3.0
    """how much slower, finely"""


@pytest.mark.parametrize("model", MODELS)
def test_every_field_of_a_file_says_what_it_means(model: type[ConfigModel]) -> None:
    assert list(meanings(model)) == list(model.model_fields)


def test_a_meaning_is_one_line_from_below_the_field_or_from_its_description() -> None:
    assert meanings(Gear) == {"ratio": "how much slower it is", "teeth": "what bites"}


def test_a_derived_model_has_the_meanings_of_its_bases_and_its_own() -> None:
    assert meanings(FineGear) == {
        "ratio": "how much slower, finely",
        "teeth": "what bites",
        "oil": "what it runs in",
    }


def test_a_model_without_a_source_has_the_meanings_that_it_describes() -> None:
    made = type(
        "Made", (PartOptions,), {"__annotations__": {"a": int}, "a": Field(1, description="A")}
    )
    assert meanings(made) == {"a": "A"}


def test_a_meaning_is_the_description_in_the_schema_of_the_file() -> None:
    system = json.loads(schema_files()["system.schema.json"])["properties"]
    for name, meaning in meanings(SystemConfig).items():
        assert system[SystemConfig.model_fields[name].alias]["description"] == meaning


def test_help_lists_the_fields_below_the_docstring() -> None:
    text = pydoc.plain(pydoc.render_doc(SystemConfig))
    assert " |  Names of algorithms are checked when collectives are planned, not here." in text
    assert " |      endpoint_delay: delay between an NPU and its network endpoint, in ns" in text
    assert "BeforeValidator" not in text.partition("Method resolution order")[0]


def test_help_of_a_derived_model_without_a_docstring_names_it() -> None:
    assert inspect.getdoc(FineGear) == (
        "FineGear\n\nAttributes:\n    ratio: how much slower, finely\n    teeth: what bites\n"
        "    oil: what it runs in"
    )


def test_the_signature_has_what_each_field_takes() -> None:
    signature = inspect.signature(Gear)
    assert str(signature) == "(*, teeth: int, ratio: float = 1.5, unexplained: int = 0)"
    shown = str(inspect.signature(NetworkConfig))
    assert "npus_count: collections.abc.Sequence[int] = (), bandwidth:" in shown
    assert "= 'LIFO'" in str(inspect.signature(SystemConfig))


def test_an_instance_has_no_signature_of_its_own() -> None:
    assert not callable(MemoryConfig())
    assert not hasattr(MemoryConfig(), "__signature__")
