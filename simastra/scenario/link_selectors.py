"""Which links an entry of a scenario is about: by their ends, by kind, by dimension."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema

from simastra.config.messages import problem
from simastra.network_graph import GraphLink
from simastra.suggestions import unknown_name
from simastra.view.devices import DeviceNames

from .selector_syntax import SelectorSyntax, check_keys
from .selectors import SelectorError

_ARROW = re.compile(r"(\S+)\s*(<->|->|<-)\s*(\S+)")
_WORDS = re.compile(r"(of|kind|dimension)\s+(\S+)")
_WANTED = (
    "two devices such as [0, 1] for a link in both directions, '0 -> 1' for one, 'of 3' for all "
    "links of a device, 'kind nvlink', 'dimension 1', all, or a list of these"
)
_PAIR = 2


class By(StrEnum):
    """By what links are selected."""

    ENDS = "->"
    BOTH_ENDS = "<->"
    DEVICE = "of"
    KIND = "kind"
    DIMENSION = "dimension"
    ALL = "all"


class LinkPart(NamedTuple):
    """Some links.

    Attributes:
        by: what selects them.
        words: the devices by their names or numbers, the kind, or the dimension.
    """

    by: By
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.by in {By.ENDS, By.BOTH_ENDS}:
            return f" {self.by.value} ".join(self.words)
        return " ".join((self.by.value, *self.words))


@dataclass(frozen=True, slots=True)
class MachineLinks:
    """The links that there are.

    Attributes:
        links: all of them, each direction by itself.
        devices: number of devices.
        names: what the devices are called.
    """

    links: Sequence[GraphLink]
    devices: int
    names: DeviceNames

    def device(self, word: str) -> int:
        """A device by its name, or its number.

        Raises:
            SelectorError: there is none.
        """
        named = self.names.number(word)
        if named is not None:
            return named
        if not (word.isascii() and word.isdecimal()):
            known = list(self.names.given.values()) or list(map(str, range(self.devices)))
            raise SelectorError(unknown_name("device", word, known[:_MOST_NAMED]))
        if int(word) >= self.devices:
            raise SelectorError(
                f"device {word} doesn't exist; there are devices 0 to {self.devices - 1}, of which "
                f"0 to {self.names.npus - 1} are the NPUs"
            )
        return int(word)


_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class LinkSelector:
    """Which links are meant.

    Attributes:
        parts: any of these.
    """

    parts: tuple[LinkPart, ...]

    def links(self, machine: MachineLinks) -> tuple[GraphLink, ...]:
        """The links, in the order in which the machine has them.

        Raises:
            SelectorError: there is no such link.
        """
        ends = {(it.src, it.dst) for part in self.parts for it in _links(part, machine)}
        return tuple(it for it in machine.links if (it.src, it.dst) in ends)

    def __str__(self) -> str:
        return ", ".join(map(str, self.parts))


def _links(part: LinkPart, machine: MachineLinks) -> Sequence[GraphLink]:
    match part.by:
        case By.ALL:
            return machine.links
        case By.KIND:
            return _of_kind(part.words[0], machine)
        case By.DIMENSION:
            return _of_dimension(part.words[0], machine)
        case By.DEVICE:
            device = machine.device(part.words[0])
            return [it for it in machine.links if device in (it.src, it.dst)]
        case _:
            return list(_between(part, machine))


def _between(part: LinkPart, machine: MachineLinks) -> Iterator[GraphLink]:
    src, dst = map(machine.device, part.words)
    wanted = {(src, dst)} if part.by is By.ENDS else {(src, dst), (dst, src)}
    found = [it for it in machine.links if (it.src, it.dst) in wanted]
    if not found:
        onward = sorted({it.dst for it in machine.links if it.src == src})[:_MOST_NAMED]
        leads = f"links lead to {', '.join(machine.names[it] for it in onward)}"
        names = machine.names
        raise SelectorError(
            f"there is no link from {names.link(src, dst)}; from {names[src]} "
            f"{leads if onward else 'no link leads anywhere'}"
        )
    yield from found


def _of_kind(kind: str, machine: MachineLinks) -> list[GraphLink]:
    kinds = {it.attributes.kind for it in machine.links} - {""}
    if not kinds:
        raise SelectorError(
            "the network says of no link what kind it is; write kind at the links of its graph, "
            "or select by ends or dimension here"
        )
    if kind not in kinds:
        raise SelectorError(unknown_name("kind of link", kind, sorted(kinds)))
    return [it for it in machine.links if it.attributes.kind == kind]


def _of_dimension(dimension: str, machine: MachineLinks) -> list[GraphLink]:
    found = [it for it in machine.links if str(it.attributes.dimension) == dimension]
    if not found:
        known = {it.attributes.dimension for it in machine.links} - {None}
        told = ", ".join(map(str, sorted(it for it in known if it is not None))) or "none"
        raise SelectorError(f"there is no link of dimension {dimension}; links have {told}")
    return found


def _of_pair(value: object) -> LinkPart | None:
    match value:
        case [one, other] if _is_device(one) and _is_device(other):
            return LinkPart(By.BOTH_ENDS, (str(one), str(other)))
        case _:
            return None


def _is_device(value: object) -> bool:
    """Whether it is a device's number or name, and not a selector in words."""
    if isinstance(value, str):
        return not _ARROW.search(value) and " " not in value.strip() and value != By.ALL
    return type(value) is int and value >= 0


def _of_text(text: str) -> LinkPart | None:
    if text == By.ALL:
        return LinkPart(By.ALL)
    if match := _ARROW.fullmatch(text):
        one, arrow, other = match.groups()
        if arrow == "<-":
            return LinkPart(By.ENDS, (other, one))
        return LinkPart(By(arrow), (one, other))
    if match := _WORDS.fullmatch(text):
        return LinkPart(By(match[1]), (match[2],))
    return None


_KEYS = {
    "of": "all links that begin or end at a device, an NPU such as 3 or a switch by its name",
    "kind": "all that the network's graph says are of this kind, such as nvlink",
    "dimension": "all of one dimension, 0 being the innermost",
    "from": "where a link begins; together with to",
    "to": "where it ends",
}
"""What keys select links, and how."""


def _of_keys(value: Mapping[object, object]) -> LinkPart:
    check_keys(value, tuple(_KEYS))
    words = {
        str(key): str(it) for key, it in value.items() if isinstance(it, str) or type(it) is int
    }
    match words:
        case {"from": src, "to": dst} if len(value) == _PAIR:
            return LinkPart(By.ENDS, (src, dst))
        case {"of": word} | {"kind": word} | {"dimension": word} if len(value) == 1:
            return LinkPart(By(next(iter(words))), (word,))
        case _:
            raise problem("must be {of: 3}, {kind: nvlink}, {dimension: 1} or {from: 0, to: 1}")


_SYNTAX: SelectorSyntax[LinkPart] = SelectorSyntax("link", _WANTED, _of_text, _of_keys, _of_pair)


def read_link_selector(value: object) -> LinkSelector:
    """Read what selects links."""
    return value if isinstance(value, LinkSelector) else LinkSelector(_SYNTAX.read(value))


Links: TypeAlias = Annotated[
    LinkSelector,
    BeforeValidator(read_link_selector),
    WithJsonSchema(
        {
            "type": ["string", "array", "object"],
            "minItems": 1,
            "properties": {
                key: {"description": meaning, "type": ["integer", "string"]}
                for key, meaning in _KEYS.items()
            },
            "additionalProperties": False,
        }
    ),
]
"""Which links."""
