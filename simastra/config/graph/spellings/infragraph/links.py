"""What links are: bandwidth and latency by the unit of each, and what holds where none is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from simastra.config.graph.spellings.guesses import bandwidth_guessed, latency_guessed
from simastra.config.graph.spellings.rate_texts import (
    LANES,
    bandwidth,
    gigabits,
    gigatransfers,
    latency,
)
from simastra.config.graph.wrong import KeyedError
from simastra.config.messages import show
from simastra.network_graph import LinkAttributes
from simastra.notices import Notice
from simastra.units import BytesPerNs
from simastra.view.phrases import listed

from .devices import LinkName
from .documents import InfraLink, InfraQuantity, Infrastructure

_BANDWIDTHS: Mapping[str, Callable[[float], BytesPerNs]] = {
    "gigabits_per_second": gigabits,
    "gigabytes_per_second": float,
    "gigatransfers_per_second": gigatransfers,
}
_LATENCIES: Mapping[str, float] = {"ns": 1, "us": 10**3, "ms": 10**6}


@dataclass(slots=True)
class InfraLinkRate:
    """What is said of a link.

    Attributes:
        bytes_per_ns: bandwidth; None if nothing is said.
        latency: in ns; None if nothing is said.
        in_transfers: whether the bandwidth was given in transfers of an unknown number of lanes.
    """

    bytes_per_ns: BytesPerNs | None = None
    latency: float | None = None
    in_transfers: bool = False


@dataclass(slots=True)
class LinkRates:
    """What is said of all links, by where they are described."""

    by_name: dict[LinkName, InfraLinkRate] = field(default_factory=dict)

    def describe(self, device: str, links: Iterable[InfraLink], key: str) -> None:
        """Take up the links of a device, or of the infrastructure.

        Raises:
            KeyedError: two have the same name, or bandwidth or latency is wrong.
        """
        for index, link in enumerate(links):
            where, name = f"{key}links[{index}]", LinkName(device, link.name)
            if name in self.by_name:
                raise KeyedError(f"two links are called {show(link.name)}", f"{where}.name")
            self.by_name[name] = _rate_of(link, f"{where}.physical")


def link_rates(description: Infrastructure) -> LinkRates:
    """What a description says of its links.

    Raises:
        KeyedError: at the first that is wrong.
    """
    rates = LinkRates()
    for index, device in enumerate(description.devices):
        rates.describe(device.name, device.links, f"devices[{index}].")
    rates.describe("", description.links, "")
    return rates


def _rate_of(link: InfraLink, key: str) -> InfraLinkRate:
    rate = InfraLinkRate()
    if link.physical is None:
        return rate
    if (given := _given(link.physical.bandwidth, _BANDWIDTHS, f"{key}.bandwidth")) is not None:
        unit, value = given
        rate.bytes_per_ns = _BANDWIDTHS[unit](bandwidth(value, f"{key}.bandwidth.{unit}"))
        rate.in_transfers = unit == "gigatransfers_per_second"
    if (given := _given(link.physical.latency, _LATENCIES, f"{key}.latency")) is not None:
        unit, value = given
        rate.latency = latency(value, f"{key}.latency.{unit}") * _LATENCIES[unit]
    return rate


def _given(
    quantity: InfraQuantity | None, units: Mapping[str, object], key: str
) -> tuple[str, object] | None:
    """The unit and the number of what is given; None for a choice without a number."""
    if quantity is None:
        return None
    there = {unit: value for unit in units if (value := getattr(quantity, unit)) is not None}
    if quantity.choice is not None and quantity.choice not in units:
        text = f"must be one of {', '.join(units)}, not {show(quantity.choice)}"
        raise KeyedError(text, f"{key}.choice")
    if not there:
        return None
    unit = quantity.choice or next(iter(there))
    if unit not in there or (quantity.choice is None and len(there) > 1):
        raise KeyedError(f"has {' and '.join(there)}; give one of them, and choose it", key)
    return unit, there[unit]


def made(
    rate: InfraLinkRate, name: LinkName, most: BytesPerNs, else_: InfraLinkRate | None = None
) -> LinkAttributes:
    """A link of which something is said.

    Args:
        rate: what is said.
        name: of the link, its kind.
        most: bandwidth where none is said.
        else_: what is said elsewhere, for what isn't here.
    """
    other = else_ or InfraLinkRate()
    speed = rate.bytes_per_ns or other.bytes_per_ns or most
    delay = rate.latency if rate.latency is not None else other.latency or 0.0
    return LinkAttributes(speed, delay, name.name)


def rate_remarks(
    used: Mapping[LinkName, InfraLinkRate], most: BytesPerNs, source: str
) -> list[Notice]:
    """What is to be said of links whose bandwidth or latency is guessed.

    Args:
        used: links that edges have.
        most: what holds where no bandwidth is given.
        source: the file.
    """
    without = _names(name for name, it in used.items() if it.bytes_per_ns is None)
    instant = _names(name for name, it in used.items() if it.latency is None)
    counted = _names(name for name, it in used.items() if it.in_transfers)
    found = []
    if without:
        found.append(bandwidth_guessed(without, most, source))
    if instant:
        found.append(latency_guessed(instant, source))
    if counted:
        found.append(
            Notice(
                code="transfers-per-second",
                where=source,
                message=f"{counted}: transfers a second are taken as those of {LANES} lanes, one "
                "bit each, since the number of lanes isn't given",
                fix="write gigabytes_per_second instead",
            )
        )
    return found


_MOST_NAMED = 8


def _names(links: Iterable[LinkName]) -> str:
    names = [f"{device}.{name}" if device else name for device, name in links]
    word = "links" if len(names) > 1 else "link"
    return f"{word} {listed(names, _MOST_NAMED)}" if names else ""
