"""The keys of a study's file, and what may stand at each."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from simastra.config import ConfigModel
from simastra.config.fields import TextField
from simastra.config.messages import problem, show
from simastra.config.mistakes import Mistake


def _input(value: object) -> object:
    if isinstance(value, Mapping) or (isinstance(value, str) and value):
        return value
    raise problem(f"must be a file, a machine such as @hgx-h100:8, or a mapping, not {show(value)}")


def _calibration(value: object) -> object:
    if isinstance(value, Mapping) or (isinstance(value, str) and value):
        return value
    wanted = "a calibration's file, the name of a ready one such as h100, or a mapping"
    raise problem(f"must be {wanted}, not {show(value)}")


def _scenario(value: object) -> object:
    if isinstance(value, Mapping) or (isinstance(value, str) and value):
        return value
    raise problem(f"must be a scenario's file, or a mapping of its keys, not {show(value)}")


def _mapping(value: object) -> object:
    if not isinstance(value, Mapping):
        raise problem(f"must be a mapping of keys to values, not {show(value)}")
    return dict(value)


def _texts(value: object) -> object:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(it, str) for it in texts):
        raise problem(
            f"must be a condition such as 'tp * pp <= 8', or a list of them, not {show(value)}"
        )
    return tuple(texts)


def _axis_names(value: object) -> object:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(it, str) for it in names):
        raise problem(f"must be an axis, or a list of them, not {show(value)}")
    return tuple(names)


def _choice(value: object) -> object:
    if isinstance(value, str) or (isinstance(value, Mapping) and len(value) == 1):
        return value
    raise problem(
        f"must be the name of a mode, or a mapping of it to its settings, not {show(value)}"
    )


_Input: TypeAlias = Annotated[
    Any, BeforeValidator(_input), WithJsonSchema({"type": ["string", "object"]})
]
_Calibration: TypeAlias = Annotated[
    Any, BeforeValidator(_calibration), WithJsonSchema({"type": ["string", "object"]})
]
_Scenario: TypeAlias = Annotated[
    Any, BeforeValidator(_scenario), WithJsonSchema({"type": ["string", "object"]})
]
_Keys: TypeAlias = Annotated[
    Mapping[str, Any], BeforeValidator(_mapping), WithJsonSchema({"type": "object"})
]
_Texts: TypeAlias = Annotated[
    tuple[str, ...],
    BeforeValidator(_texts),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]
_AxisNames: TypeAlias = Annotated[
    tuple[str, ...],
    BeforeValidator(_axis_names),
    WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}}),
]
_Repeat: TypeAlias = Annotated[Any, WithJsonSchema({"type": ["integer", "array", "object"]})]
_Choice: TypeAlias = Annotated[
    Any, BeforeValidator(_choice), WithJsonSchema({"type": ["string", "object"]})
]


class StudyConfig(ConfigModel):
    """What a study's file says; keys within its mappings are checked by who reads them."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    word: ClassVar[str] = "study"

    title: TextField = ""
    """what is asked, in a line"""

    workload: TextField | None = Field(default=None, min_length=1)
    """prefix of trace files, relative to the study's folder"""

    generate: _Keys | None = None
    """instead of files: a kind of `simastra generate`, and its options"""

    system: _Input = None
    """each NPU: a file, a machine, or its keys; may be left out with a calibration"""

    network: _Input
    """the network: a file, a machine with its shape, or its keys"""

    memory: _Input | None = None
    """remote memory: a file, or its keys"""

    comm_groups: _Input | None = None
    """process groups: a file, or a mapping of names to NPUs"""

    calibration: _Calibration = None
    """times as measured: a file, the name of a ready one such as h100, or its keys"""

    scenario: _Scenario = None
    """what is different, such as slow NPUs: a scenario's file, or its keys"""

    options: _Keys = Field(default_factory=dict)
    """how to simulate, by the names of the command line"""

    axes: _Keys
    """what is varied: key paths, each with its values"""

    repeat: _Repeat = None
    """how often each point is run, each time with another seed: a number, or seeds and of"""

    where: _Texts = ()
    """conditions that a point must meet"""

    columns: _Keys = Field(default_factory=dict)
    """further columns by name, each an expression"""

    objectives: _Keys = Field(default_factory=lambda: {"makespan": "min"})
    """columns that are to be small (min) or large (max)"""

    for_each: _AxisNames = ()
    """axes that are part of the question: only points with the same values of these are compared"""

    mode: _Choice = "grid"
    """which points are run: grid, random or optuna"""

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        workloads = [key for key in ("workload", "generate") if values.get(key) is not None]
        if len(workloads) > 1:
            yield Mistake("stands beside workload; give only one of them", "generate")
        of_axes = values.get("axes")
        whole = of_axes if isinstance(of_axes, Mapping) else {}
        are_right = {"workload", "generate"} <= values.keys()
        if not workloads and are_right and not {"workload", "generate"} & whole.keys():
            yield Mistake("is required, or generate: what the NPUs do", "workload")
        is_calibrated = values.get("calibration") is not None or "calibration" in whole
        if values.get("system", "") is None and not is_calibrated:
            problem = (
                "is required (each NPU: a file, a machine, or its keys); only with a calibration"
            )
            yield Mistake(f"{problem} it may be left out", "system")
        if values.get("objectives") == {}:
            yield Mistake("is empty; name a column, as makespan: min", "objectives")
        if isinstance(of_axes, Mapping) and not of_axes and values.get("repeat") is None:
            yield Mistake(
                "is empty; name what is varied, as network.bandwidth[0]: [25, 50]", "axes"
            )
