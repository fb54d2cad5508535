"""Attributes of a graph as a whole, in files of other programs: what our files say beside links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple, get_args

from simastra.config.graph.wrong import KeyedError
from simastra.config.messages import show
from simastra.network_graph import GraphAssembly, LinkAttributes, NetworkGraph, RoutingChoice
from simastra.network_graph.model import Charges
from simastra.notices import Notice

from .rate_texts import bandwidth, latency

_READ = frozenset(
    {"contract", "routing", "hairpin", "charges", "loopback_bandwidth", "loopback_latency"}
)
_NAMING = frozenset({"name", "description"})
"""Attributes that every graph may have, of which nothing need be said."""

_CHARGES: tuple[Charges, ...] = get_args(Charges)


class GraphAttributes(NamedTuple):
    """What is said of a graph as a whole.

    Attributes:
        contract: whether devices with two links become part of these.
        routing: how messages find their way.
        hairpin: as `NetworkGraph` has it.
        charges: as `NetworkGraph` has it.
        loopback: as `NetworkGraph` has it.
    """

    contract: bool
    routing: RoutingChoice = RoutingChoice()
    hairpin: bool = False
    charges: Charges = "route"
    loopback: LinkAttributes | None = None

    def graph(
        self, assembly: GraphAssembly, source: str, remarks: Iterable[Notice] = ()
    ) -> NetworkGraph:
        """The graph that has been put together, with these attributes; not contracted yet.

        Raises:
            InputError: as `GraphAssembly.graph`.
        """
        return assembly.graph(
            self.routing,
            hairpin=self.hairpin,
            charges=self.charges,
            loopback=self.loopback,
            source=source,
            remarks=remarks,
        )


def unread_names(names: Iterable[str]) -> set[str]:
    """Of the names of a graph's attributes, those that nobody reads."""
    return set(names) - _READ - _NAMING


def graph_attributes(
    attributes: Mapping[str, object], *, contract: bool, key: str
) -> GraphAttributes:
    """Read the attributes of a graph.

    Args:
        attributes: by their names; those that aren't known are passed over.
        contract: whether to contract where nothing is said.
        key: under which they stand.

    Raises:
        KeyedError: one of them is wrong.
    """
    return GraphAttributes(
        flag(attributes.get("contract", contract), f"{key}.contract"),
        _routing(attributes.get("routing"), f"{key}.routing"),
        flag(attributes.get("hairpin", False), f"{key}.hairpin"),
        _charges(attributes.get("charges", "route"), f"{key}.charges"),
        _loopback(attributes, key),
    )


def flag(value: object, key: str) -> bool:
    """Read yes or no; as text too, which GraphML's attributes are, and what our YAML reader leaves.

    Raises:
        KeyedError: it is neither.
    """
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    if isinstance(value, bool):
        return value
    raise KeyedError(f"must be true or false, not {show(value)}", key)


def _charges(value: object, key: str) -> Charges:
    known = next((it for it in _CHARGES if it == value), None)
    if known is None:
        raise KeyedError(f"must be one of {', '.join(_CHARGES)}, not {show(value)}", key)
    return known


def _routing(value: object, key: str) -> RoutingChoice:
    match value:
        case None:
            return RoutingChoice()
        case str() if value.lstrip().startswith("{"):
            return _routing(_json(value, key), key)
        case str() if value.strip():
            return RoutingChoice(value.strip())
        case {"name": str() as name, **options} if name:
            return RoutingChoice(name, {str(option): it for option, it in options.items()})
        case _:
            raise KeyedError(f"must be the name of a router, not {show(value)}", key)


def _json(text: str, key: str) -> object:
    """What GraphML, which has no mappings, has as text."""
    try:
        found: object = json.loads(text)
    except ValueError as error:
        raise KeyedError(f"is no JSON: {error}", key) from None
    except RecursionError:
        raise KeyedError("is nested too deeply", key) from None
    return found


def _loopback(attributes: Mapping[str, object], key: str) -> LinkAttributes | None:
    speed = attributes.get("loopback_bandwidth")
    if speed is None:
        return None
    return LinkAttributes(
        bandwidth(speed, f"{key}.loopback_bandwidth"),
        latency(attributes.get("loopback_latency", 0), f"{key}.loopback_latency"),
    )
