"""From descriptions of devices to the parts and links of one, nested devices included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from simastra.config.graph.wrong import KeyedError, refuse_more
from simastra.config.messages import show
from simastra.network_graph import MOST_NODES

from .documents import Device, InfraEdge, Infrastructure
from .linking import (
    MOST_EDGES,
    EdgeEnds,
    UnknownComponentError,
    known_link,
    linked,
    meant,
)
from .slices import chosen, path

DEEPEST = 16
"""Devices within devices within devices: more than anyone builds."""

CHOICES = ("custom", "device", "cpu", "xpu", "nic", "memory", "port", "switch")
"""What a component may be."""


class LinkName(NamedTuple):
    """A kind of link by where it is described: names are looked up within a device.

    Attributes:
        device: in which it is described; empty for the infrastructure.
        name: its name there.
    """

    device: str
    name: str


class ComponentLink(NamedTuple):
    """A link between two components by their names."""

    a: str
    b: str
    link: LinkName


@dataclass(slots=True)
class DeviceComponents:
    """A device, taken apart.

    Attributes:
        kinds: of components that aren't devices themselves, by their names within this one.
        spans: links between them.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    spans: list[ComponentLink] = field(default_factory=list)


class DeviceParts:
    """Takes devices apart, each once.

    Args:
        description: all of the file.

    Raises:
        KeyedError: names aren't unique, or components are of no kind that is known.
    """

    def __init__(self, description: Infrastructure) -> None:
        self.devices: dict[str, tuple[str, Device]] = {}
        self.left_out: list[KeyedError] = []
        """Edges that name no component of their device, which InfraGraph's service passes over."""
        self._parts: dict[str, DeviceComponents] = {}
        self._counts: dict[str, int] = {}
        for index, device in enumerate(description.devices):
            key = f"devices[{index}]"
            if device.name in self.devices:
                raise KeyedError(f"two devices are called {show(device.name)}", f"{key}.name")
            self.devices[device.name] = (key, device)
            self._check_components(device, key)

    def _check_components(self, device: Device, key: str) -> None:
        names: set[str] = set()
        for index, component in enumerate(device.components):
            where = f"{key}.components[{index}]"
            if component.name in names:
                raise KeyedError(
                    f"two components are called {show(component.name)}", f"{where}.name"
                )
            names.add(component.name)
            if component.choice not in CHOICES:
                text = f"must be one of {', '.join(CHOICES)}, not {show(component.choice)}"
                raise KeyedError(text, f"{where}.choice")

    @property
    def unused(self) -> list[str]:
        """Names of the devices that weren't taken apart."""
        return [name for name in self.devices if name not in self._parts]

    def device(self, name: str, key: str) -> Device:
        """The device of a name.

        Raises:
            KeyedError: there is none.
        """
        if name not in self.devices:
            raise KeyedError(f"no device is called {show(name)}{meant(name, self.devices)}", key)
        return self.devices[name][1]

    def count(self, name: str, key: str, above: tuple[str, ...] = ()) -> int:
        """How many components a device has, its nested devices' included.

        Raises:
            KeyedError: they are too many, or a device contains itself.
        """
        if name in above:
            raise KeyedError(
                f"{name} contains itself: {' in '.join((*reversed(above), name))}", key
            )
        if len(above) > DEEPEST:
            raise KeyedError(f"is nested deeper than {DEEPEST} devices", key)
        if name not in self._counts:
            self.device(name, key)
            where, device = self.devices[name]
            total = 0
            for index, it in enumerate(device.components):
                inner = f"{where}.components[{index}].name"
                each = self.count(it.name, inner, (*above, name)) if it.choice == "device" else 1
                total += it.count * each
                refuse_more(total, MOST_NODES, "components", f"{where}.components[{index}].count")
            self._counts[name] = total
        return self._counts[name]

    def parts(self, name: str) -> DeviceComponents:
        """The components and links of a device. Ask for its count first.

        Raises:
            KeyedError: an edge is wrong.
        """
        if name not in self._parts:
            self._parts[name] = self._taken_apart(*self.devices[name])
        return self._parts[name]

    def _taken_apart(self, key: str, device: Device) -> DeviceComponents:
        made = DeviceComponents()
        for component in device.components:
            nested = self.parts(component.name) if component.choice == "device" else None
            if nested is not None:
                refuse_more(component.count * len(nested.spans), MOST_EDGES, "edges", key)
            for index in range(component.count):
                name = f"{component.name}.{index}"
                if nested is None:
                    made.kinds[name] = component.kind
                    continue
                made.kinds.update((f"{name}.{it}", kind) for it, kind in nested.kinds.items())
                made.spans += [
                    ComponentLink(f"{name}.{a}", f"{name}.{b}", link) for a, b, link in nested.spans
                ]
        for index, edge in enumerate(device.edges):
            where = f"{key}.edges[{index}]"
            link = LinkName(device.name, known_link(edge, device.links, where))
            try:
                made.spans += [
                    ComponentLink(a, b, link) for a, b in self._linked(device, edge, where)
                ]
            except UnknownComponentError as wrong:
                self.left_out.append(wrong)
        return made

    def _linked(self, device: Device, edge: InfraEdge, key: str) -> Iterator[tuple[str, str]]:
        ends = []
        for name, end in (("ep1", edge.ep1), ("ep2", edge.ep2)):
            text = end.component if end.device is None else f"{end.device}.{end.component}"
            ends.append(self.components(device, text, f"{key}.{name}.component"))
        return linked(edge, ends, key)

    def components(self, device: Device, text: str, key: str) -> EdgeEnds:
        """The components of a device that a path names, such as ``cx5[0:2].port[0]``.

        Raises:
            UnknownComponentError: the device has none of that name.
            KeyedError: the path is wrong otherwise.
        """
        steps = path(text, key)
        if len(steps) > 1 and steps[0].name == device.name:
            steps = steps[1:]  # as InfraGraph's documents write the components of an instance
        names, is_open = [""], False
        for number, step in enumerate(steps):
            counts = {it.name: it for it in device.components}
            component = counts.get(step.name)
            if component is None:
                text = f"{device.name} has no component {show(step.name)}{meant(step.name, counts)}"
                raise UnknownComponentError(text, key)
            taken = chosen(step, component.count, key)
            is_open = is_open or step.within is None
            refuse_more(len(names) * len(taken), MOST_NODES, "ends", key)
            names = [f"{name}{step.name}.{it}" for name in names for it in taken]
            is_last = number == len(steps) - 1
            if is_last == (component.choice == "device"):
                raise _unlike(component.name, is_last=is_last, key=key)
            if not is_last:
                device = self.device(component.name, key)
                names = [f"{name}." for name in names]
        return EdgeEnds(names, is_open)


def _unlike(name: str, *, is_last: bool, key: str) -> KeyedError:
    if is_last:
        text = f"{name} is a device; name a component of it, as {name}[0].port[0]"
        return KeyedError(text, key)
    return KeyedError(f"{name} is no device, so that it has no components", key)
