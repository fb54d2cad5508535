"""The inputs of a point, by the names that key paths begin with, and what may stand in each."""

from collections.abc import Mapping
from types import MappingProxyType

from simastra.config import CommGroups, ConfigModel, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config.quantities import NumberIn, number_in
from simastra.convert.generate.requests.table import REQUESTS
from simastra.quantities import QuantityError

from .axes import AxisError, Value
from .key_paths import KeyPath
from .option_keys import OptionKeys

MODELS: Mapping[str, type[ConfigModel]] = MappingProxyType(
    {
        "system": SystemConfig,
        "network": NetworkConfig,
        "memory": MemoryConfig,
        "comm-groups": CommGroups,
        "options": OptionKeys,
    }
)
"""Inputs that are mappings, each with the model of its keys."""

CALIBRATION = "calibration"
"""The input that says times as they were measured; what may stand in it, its own models check."""

SCENARIO = "scenario"
"""The input that says what is different; its own models check it likewise."""

ROOTS = ("workload", "generate", *MODELS, CALIBRATION, SCENARIO)
"""All inputs."""

KIND = "kind"
"""The key of ``generate`` that says which generator is asked."""


def models_of(root: str) -> tuple[type[ConfigModel], ...]:
    """The models of which an input may be."""
    if root == "generate":
        return tuple(REQUESTS.values())
    return (MODELS[root],) if root in MODELS else ()


def known_keys(root: str) -> tuple[str, ...]:
    """Keys that an input may have; none where anything may be one."""
    if root == "comm-groups":
        return ()
    keys = (key for model in models_of(root) for key in model.file_keys())
    return tuple(dict.fromkeys((*((KIND,) if root == "generate" else ()), *keys)))


def plain(path: KeyPath, value: Value) -> Value:
    """A value as the file that a path leads into has it: a number in the unit that is meant there.

    Raises:
        AxisError: it is a quantity of another kind.
    """
    if isinstance(value, Mapping):
        return {key: plain(KeyPath(path.root, (*path.inner, key)), it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        many = enumerate(value)
        return [plain(KeyPath(path.root, (*path.inner, at)), it) for at, it in many]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    counted = _counted(path) if isinstance(value, str) else None
    if counted is None:
        return value
    try:
        return counted.plain(str(value))
    except QuantityError as error:
        raise AxisError(str(error), str(path).removeprefix(path.root)) from None


def _counted(path: KeyPath) -> NumberIn | None:
    """What the numbers at a path count: those of a field, or of its list."""
    keys = [step for step in path.inner if isinstance(step, str)]
    if len(keys) != 1:
        return None
    for model in models_of(path.root):
        field = model.file_keys().get(keys[0])
        counted = None if field is None else number_in(model, field)
        if counted is not None:
            return counted
    return None
