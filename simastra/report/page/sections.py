"""What the simulation was told, and what is doubtful about it."""

from collections.abc import Mapping, Sequence

from simastra.config import NetworkConfig
from simastra.notices import Notice, Severity
from simastra.report.network_drawing import description
from simastra.view.html import Markup, element, joined
from simastra.view.phrases import npu_count

from .contents import PageContents


def subtitle(contents: PageContents) -> str:
    """What was simulated, in a line."""
    simulation = contents.simulation
    network = simulation.network
    shape = _shape(network)
    npus = npu_count(network.npus)
    count = sum(map(len, contents.result.nodes))
    nodes = "1 node" if count == 1 else f"{count:,} nodes"
    if contents.deadlock is not None:
        nodes += " finished"
    sent = contents.records.messages.total
    messages = "1 message" if sent == 1 else f"{sent:,} messages"
    return " · ".join((npus, shape, nodes, messages, simulation.options.backend))


def _shape(network: NetworkConfig) -> str:
    if network.graph is not None:
        return f"graph of {network.graph.devices:,} nodes"
    dimensions = zip(network.topology, network.npus_count, strict=True)
    return " \u00d7 ".join(f"{topology}({count})" for topology, count in dimensions)


def notices(contents: PageContents) -> Markup:
    """What is doubtful in the inputs: what is probably wrong first, then what is worth knowing."""
    if not contents.notices:
        return element("p", "None: nothing in the inputs is doubtful.")
    by_severity = {
        severity: [it for it in contents.notices if it.severity is severity]
        for severity in Severity
    }
    return joined(
        *(
            element("div", element("h3", _HEADINGS[severity]), *map(_notice, found))
            for severity, found in by_severity.items()
            if found
        )
    )


_HEADINGS = {Severity.WARNING: "Warnings", Severity.INFO: "Remarks"}


def warnings_first(contents: PageContents) -> Markup:
    """Warnings, as they stand above all else; nothing if there are none."""
    found = [it for it in contents.notices if it.severity is Severity.WARNING]
    return joined(*map(_notice, found[:_FIRST_WARNINGS]), *_more(len(found)))


_FIRST_WARNINGS = 3


def _more(count: int) -> Sequence[Markup]:
    if count <= _FIRST_WARNINGS:
        return ()
    words = f"and {count - _FIRST_WARNINGS:,} more warnings"
    return (element("p", element("a", words, href="#notices")),)


def _notice(notice: Notice) -> Markup:
    return element(
        "div",
        element("b", f"{notice.where}: "),
        f"{notice.message} ",
        element("span", f"({notice.fix})", class_="dim"),
        class_="warning" if notice.severity is Severity.WARNING else "info",
    )


def configuration(contents: PageContents) -> Markup:
    """Everything that the simulation was told, beside its trace."""
    simulation = contents.simulation
    groups = simulation.comm_groups.groups if simulation.comm_groups else ()
    parts = [
        ("Inputs", contents.inputs),
        ("Network", _network(simulation.network)),
        ("Network backends", _told_to_backends(simulation.network)),
        ("System", simulation.system.model_dump(mode="json", by_alias=True)),
        ("Remote memory", simulation.memory.model_dump(mode="json", by_alias=True)),
        ("Process groups", {it.name: _listed(it.members) for it in groups[:_MOST_GROUPS]}),
        ("Options", simulation.options.to_dict()),
    ]
    shown = (element("div", element("h3", name), _keys(values)) for name, values in parts if values)
    return element("div", *shown, class_="columns")


_MOST_GROUPS = 64


def _network(network: NetworkConfig) -> Mapping[str, object]:
    if network.graph is not None and network.link_table is not None:
        order = zip(network.topology, network.npus_count, strict=True)
        rows = enumerate(network.link_table.to_dicts())
        links = {f"links {n}": ", ".join(f"{k} {v}" for k, v in row.items()) for n, row in rows}
        return {
            "graph": description(network.graph),
            "routing": network.graph.routing.name,
            "order of the NPUs": ", ".join(f"{topology} of {count}" for topology, count in order),
            **links,
        }
    return {
        f"dimension {dimension}": f"{topology} of {count}, {bandwidth:g} GB/s, {latency:g} ns"
        for dimension, (topology, count, bandwidth, latency) in enumerate(
            zip(
                network.topology,
                network.npus_count,
                network.bandwidth,
                network.latency,
                strict=True,
            )
        )
    }


def _told_to_backends(network: NetworkConfig) -> Mapping[str, object]:
    parts = network.backend_options
    return {f"{part.name}.{key}": value for part in parts for key, value in part.options.items()}


def _keys(values: Mapping[str, object]) -> Markup:
    pairs = (
        element("div", element("dt", key), element("dd", _shown(value)))
        for key, value in values.items()
        if value is not None
    )
    return element("dl", *pairs, class_="keys")


def _shown(value: object) -> str:
    return _listed(value) if isinstance(value, list) else str(value)


def _listed(values: Sequence[object]) -> str:
    return ", ".join(map(str, values)) or "none"
