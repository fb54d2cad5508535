"""What a scenario says of links, as events of this machine's links."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from simastra.network import Backend
from simastra.network.expansion import dimension_links
from simastra.network.link_events import (
    MOST_CHANGES,
    Detours,
    Flap,
    LinkEvent,
    LinkEvents,
    link_changes,
)
from simastra.network_graph import GraphLink
from simastra.scenario import MOST_AT_ONCE, ScenarioConfig
from simastra.scenario.link_selectors import MachineLinks
from simastra.scenario.links import LinkEntry
from simastra.simulation.platform import Platform
from simastra.simulation.tables import Tables


def link_events(config: ScenarioConfig, platform: Platform) -> LinkEvents | None:
    """What happens to the links of a machine; None for nothing.

    Args:
        config: the scenario.
        platform: the machine.

    Raises:
        ConfigError: if it has no such links, or its network backend has none that change.
    """
    if not config.links:
        return None
    if platform.backend.changing is None:
        name, known = platform.options.backend, _changing_backends(platform.options.tables)
        raise config.error(f"can't change on the network backend {name}; {known}", "links")
    machine = machine_links(platform)
    events = tuple(
        _event(config, entry, index, machine) for index, entry in enumerate(config.links)
    )
    changes = sum(event.changes for event in events)
    if changes > MOST_CHANGES:
        told = f"change {changes:,} times in all; at most {MOST_CHANGES:,} are possible"
        raise config.error(told, "links")
    graph = platform.network.graph
    routers = platform.options.tables.routers
    detours = None if graph is None else Detours(platform.network, graph, routers)
    try:
        return LinkEvents(link_changes(events, MOST_AT_ONCE), detours)
    except ValueError as error:
        raise config.error(f"has {error}", "links") from None


def _changing_backends(tables: Tables) -> str:
    """The network backends whose links can change, as advice."""
    backends = {name: Backend.of(entry) for name, entry in tables.backends.items()}
    known = [name for name, entry in backends.items() if entry.changing is not None]
    return f"use {' or '.join(known)}" if known else "leave them out"


def machine_links(platform: Platform) -> MachineLinks:
    """The links that there are, and what the devices at their ends are called."""
    network = platform.network
    graph = network.graph
    links = tuple(dimension_links(platform.dimensions)) if graph is None else graph.links
    return MachineLinks(links, platform.topology.devices, network.device_names)


def _event(
    config: ScenarioConfig, entry: LinkEntry, index: int, machine: MachineLinks
) -> LinkEvent:
    place = f"links[{index}]"
    with config.following(f"{place}.links"):
        links = entry.links.links(machine)
    rate = entry.rate
    limit = None if rate is None else rate.bytes_per_ns
    faster = tuple(_without(links, limit))
    if limit is not None and faster:
        problem = (
            f"is more than the link from {machine.names.link(*faster[0][:2])} has, "
            f"{faster[0].bytes_per_ns:.6g} B/ns; a faster link is one of the network's file"
        )
        raise config.error(problem, f"{place}.rate")
    return LinkEvent(
        place,
        tuple((it.src, it.dst) for it in links),
        entry.at,
        entry.until,
        scale=1.0 if rate is None else float(rate.scale),
        rate=None if limit is None else float(limit),
        is_down=entry.down,
        flap=None if entry.flap is None else Flap(entry.flap.down, entry.flap.up),
    )


def _without(links: tuple[GraphLink, ...], limit: Fraction | None) -> Iterator[GraphLink]:
    """The links that have less than a limit, which would make them faster."""
    if limit is not None:
        yield from (it for it in links if it.bytes_per_ns < float(limit))
