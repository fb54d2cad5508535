"""The keys of an InfraGraph description, as its schema has them.

(https://infragraph.dev, versions 2.4 and 3.x, whose descriptions have the same keys.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from simastra.config.fields import exactly_whole
from simastra.config.graph.names import LONGEST_NAME
from simastra.config.graph.wrong import KeyedError
from simastra.config.json_places import dotted
from simastra.config.messages import closest, show

_Count: TypeAlias = Annotated[int, Field(ge=0), BeforeValidator(exactly_whole)]
_Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class _Keys(BaseModel):
    """Keys that the schema doesn't have are kept, to be told of."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True, frozen=True)

    description: object = None


class Custom(_Keys):
    """What a component of the choice custom is."""

    type: _Name = "custom"


class Component(_Keys):
    """Parts of a device that are alike."""

    name: _Name
    count: _Count
    choice: str
    custom: Custom | None = None

    @property
    def kind(self) -> str:
        """What it is: its choice, or what a custom one says."""
        if self.choice == "custom" and self.custom is not None:
            return self.custom.type
        return self.choice


class InfraQuantity(_Keys):
    """A bandwidth or a latency: a choice of unit, and the number under the unit's name."""

    choice: str | None = None
    gigabits_per_second: object = None
    gigabytes_per_second: object = None
    gigatransfers_per_second: object = None
    ms: object = None
    us: object = None
    ns: object = None


class Physical(_Keys):
    """What a link does."""

    bandwidth: InfraQuantity | None = None
    latency: InfraQuantity | None = None


class InfraLink(_Keys):
    """A kind of link."""

    name: _Name
    physical: Physical | None = None


class InfraEndpoint(_Keys):
    """One end of an edge: instances or nested devices of a name, and components of theirs."""

    component: _Name
    device: _Name | None = None
    instance: _Name | None = None


class InfraEdge(_Keys):
    """Links between the components of two ends."""

    ep1: InfraEndpoint
    ep2: InfraEndpoint
    link: _Name
    scheme: str


class Device(_Keys):
    """A machine, a switch, a NIC: components and the edges between them."""

    name: _Name
    components: tuple[Component, ...]
    links: tuple[InfraLink, ...] = ()
    edges: tuple[InfraEdge, ...] = ()


class Instance(_Keys):
    """How many there are of a device, and what they are called."""

    name: _Name
    device: _Name
    count: _Count


class InfraAttribute(_Keys):
    """What an annotation adds."""

    attribute: _Name
    value: object = None


class NodeNote(_Keys):
    """An annotation of nodes."""

    name: _Name
    attributes: tuple[InfraAttribute, ...] = ()


class EdgeNote(_Keys):
    """An annotation of edges."""

    ep1: _Name
    ep2: _Name
    attributes: tuple[InfraAttribute, ...] = ()


class InfraAnnotations(_Keys):
    """What a use of the graph adds to it, as `annotate_graph` takes it."""

    nodes: tuple[NodeNote, ...] = ()
    edges: tuple[EdgeNote, ...] = ()
    links: tuple[NodeNote, ...] = ()
    graph: tuple[InfraAttribute, ...] = ()


class Infrastructure(_Keys):
    """A whole description."""

    name: str | None = None
    devices: tuple[Device, ...]
    instances: tuple[Instance, ...] = ()
    links: tuple[InfraLink, ...] = ()
    edges: tuple[InfraEdge, ...] = ()
    annotations: InfraAnnotations | None = None


def infrastructure(document: Mapping[str, object]) -> Infrastructure:
    """Read the three shapes of a description: an infrastructure, one with annotations, a device.

    A device alone is an infrastructure with one instance of it.

    Raises:
        KeyedError: at the first key that is wrong.
    """
    given, annotations = document, document.get("annotations")
    if isinstance(inner := document.get("infrastructure"), Mapping):
        given = inner
    elif "infrastructure" in document:
        raise KeyedError(f"must be a mapping, not {show(inner)}", "infrastructure")
    if "components" in given and "devices" not in given:
        name = given.get("name", "device")
        given = {
            "devices": [{**given, "name": name}],
            "instances": [{"name": name, "device": name, "count": 1}],
        }
    fields: dict[str, object] = {**given, "annotations": annotations}
    try:
        return Infrastructure.model_validate(fields)
    except ValidationError as error:
        raise _first_of(error, fields) from None


def _first_of(error: ValidationError, fields: Mapping[str, object]) -> KeyedError:
    first = error.errors()[0]
    key = dotted(first["loc"])
    if first["type"] == "missing":
        return KeyedError("is required" + _meant(first, fields), key)
    if first["type"] == "simastra":
        return KeyedError(str(first["ctx"]["problem"]), key)
    wanted = _WANTED.get(first["type"], "text")
    return KeyedError(f"must be {wanted}, not {show(first['input'])}", key)


_WANTED = {
    "tuple_type": "a list",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "string_too_short": f"a name of 1 to {LONGEST_NAME} characters",
    "string_too_long": f"a name of 1 to {LONGEST_NAME} characters",
    "greater_than_equal": "0 or more",
}
"""What pydantic's types of errors want."""


def _meant(first: Any, fields: Mapping[str, object]) -> str:
    """Which of the keys that are there may be the one that is missing."""
    keys = first["input"] if isinstance(first["input"], Mapping) else fields
    close = closest(first["loc"][-1], [str(it) for it in keys])
    return f"; is '{close}' meant for it?" if close else ""


UNREAD = frozenset({"cpu", "xpu", "nic", "memory", "port", "switch", "device"})
"""Keys of a component that say nothing: an empty mapping under the name of its choice."""


def unread_keys(model: BaseModel, where: tuple[int | str, ...] = ()) -> list[str]:
    """Keys, dotted, that no reader knows.

    Raises:
        KeyedError: at one that looks like a key that is known.
    """
    found: list[str] = []
    for key in model.model_extra or {}:
        if key in UNREAD and isinstance(model, Component):
            continue
        if (
            close := closest(key, type(model).model_fields)
        ) and close not in model.model_fields_set:
            raise KeyedError(f"is no key; did you mean '{close}'?", dotted((*where, key)))
        found.append(dotted((*where, key)))
    for name, value in model:
        entries = enumerate(value) if isinstance(value, tuple) else ()
        if isinstance(value, BaseModel):
            found += unread_keys(value, (*where, name))
        for index, entry in entries:
            if isinstance(entry, BaseModel):
                found += unread_keys(entry, (*where, name, index))
    return found
