"""Values from Python: whole numbers of any type, and members of enumerations by value."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import pytest

from simastra.errors import OptionError
from simastra.simulation import Options
from simastra.transformer import PRESETS, Parallelism, Precision, Training
from simastra.transformer.models import Family, ModelPhase
from simastra.transformer.parallelism import ContextStyle, PipelineSchedule, Zero
from simastra.transformer.task import Inference, Recompute
from simastra.values import member, settle, whole

np = pytest.importorskip("numpy")
MODEL = PRESETS["gpt3-13b"]


class Colour(Enum):
    """Anything."""

    RED = "red"
    BLUE = "blue"


@pytest.mark.parametrize("value", [7, np.int8(7), np.uint64(7), np.array(7)])
def test_a_whole_number_of_any_type_becomes_an_int(value: Any) -> None:
    found = whole("batch", value)
    assert (found, type(found)) == (7, int)


@pytest.mark.parametrize("value", [True, np.True_, 7.0, np.float64(7), "7", None])
def test_what_is_no_whole_number_is_named(value: Any) -> None:
    with pytest.raises(OptionError, match=r"batch: is .*; a whole number is wanted"):
        whole("batch", value)


def test_a_member_may_be_given_by_its_value() -> None:
    assert member("colour", "red", Colour) is member("colour", Colour.RED, Colour) is Colour.RED
    with pytest.raises(OptionError, match="colour: is 'green'; 'red' or 'blue' is wanted"):
        member("colour", "green", Colour)
    with pytest.raises(OptionError, match="zero: is True; 0, 1, 2 or 3 is wanted"):
        member("zero", True, Zero)  # noqa: FBT003  # the point


@dataclass(frozen=True)
class Part:
    """Anything that is settled."""

    a_number: Any = None
    colour: Any = "red"


def test_fields_are_settled_and_named_by_their_options() -> None:
    part = Part(np.int64(3))
    settle(part, numbers=["a_number"], members={"colour": Colour})
    assert part == Part(3, Colour.RED)
    absent = Part()
    settle(absent, numbers=["a_number"])
    assert absent == Part()
    with pytest.raises(OptionError, match=r"a_number: is 0\.5"):
        settle(Part(0.5), numbers=["a_number"], prefix="bytes-of-")


def test_names_count_wherever_a_transformer_is_described() -> None:
    by_name: Any = {"zero": 2, "context": "heads", "schedule": "gpipe", "order": "tp-dp"}
    degrees = Parallelism(**by_name, npus_count=[np.int64(1)])  # type: ignore[arg-type]
    assert degrees == Parallelism(
        zero=Zero.GRADIENTS,
        context=ContextStyle.HEADS,
        schedule=PipelineSchedule.GPIPE,
        order=("tp", "dp"),
        npus_count=(1,),
    )
    found = (degrees.zero, degrees.context, degrees.schedule)
    assert all(isinstance(it, Enum) for it in found)
    name: Any = "full"
    assert Training(4, recompute=name).recompute is Recompute.FULL
    name = "decode"
    assert Inference(name, 4).phase is ModelPhase.DECODE
    name = "llama"
    assert replace(MODEL, family=name).family is Family.LLAMA


WRONG: list[tuple[Any, dict[str, Any], str]] = [
    (Parallelism, {"schedule": "gpip"}, "schedule: is 'gpip'"),
    (Parallelism, {"zero": 7}, "zero: is 7"),
    (Parallelism, {"context": "head"}, "context: is 'head'"),
    (Parallelism, {"tp": 2.0}, "tp: is 2.0"),
    (Parallelism, {"npus_count": (2, 2.5)}, "npus_count: is 2.5"),
    (Training, {"batch": 4, "recompute": "ful"}, "recompute: is 'ful'"),
    (Training, {"batch": True}, "batch: is True"),
    (Inference, {"phase": "decod", "batch": 4}, "phase: is 'decod'"),
    (Inference, {"phase": "training", "batch": 4}, "phase: training isn't inference"),
    (Precision, {"gradients": 2.5}, "gradients: is 2.5"),
    (Options, {"queues_per_dimension": 2.0}, "queues_per_dimension: is 2.0"),
    (Options, {"queues_per_dimension": True}, "queues_per_dimension: is True"),
]


@pytest.mark.parametrize(("kind", "arguments", "problem"), WRONG)
def test_other_names_and_numbers_are_refused(
    kind: Any, arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises(OptionError, match=problem):
        kind(**arguments)


@pytest.mark.parametrize(("field", "value"), [("family", "lama"), ("layers", 2.5)])
def test_a_model_of_other_names_and_numbers_is_refused(field: str, value: Any) -> None:
    with pytest.raises(OptionError, match=f"{field}: is "):
        replace(MODEL, **{field: value})
