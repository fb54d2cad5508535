"""An InfraGraph description -> `NetworkGraph`.

As InfraGraph's own service makes a graph of it: a component is a node called after its instance,
``host.0.xpu.1``; an edge links both ways; a pair of components that several edges link has the
link of the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from simastra.config.graph.spellings.graph_attributes import GraphAttributes, graph_attributes
from simastra.config.graph.spellings.guesses import guessed_bandwidth
from simastra.config.graph.spellings.numbering import in_order_of_ranks
from simastra.config.graph.spellings.unread import unread_remark
from simastra.config.graph.wrong import KeyedError, naming_file, refuse_more
from simastra.config.messages import show
from simastra.network_graph import (
    MOST_NODES,
    GraphAssembly,
    LinkAttributes,
    NetworkGraph,
    contracted,
    find_cut,
)
from simastra.network_graph.model import NPU
from simastra.notices import Notice

from .annotations import ComponentNames, annotate, edge_rates, ranks, unread_attributes
from .devices import ComponentLink, DeviceParts, LinkName
from .documents import (
    InfraAnnotations,
    InfraEdge,
    InfraEndpoint,
    Infrastructure,
    Instance,
    infrastructure,
    unread_keys,
)
from .linking import MOST_EDGES, EdgeEnds, known_link, linked, meant
from .links import link_rates, made, rate_remarks
from .slices import chosen, sliced

XPU = "xpu"
"""The choice of components that are NPUs here."""


def read_infragraph(
    document: Mapping[str, object], source: Path | str, *, contract: bool | None = None
) -> NetworkGraph:
    """Read an infrastructure, one with annotations, or a device alone.

    Args:
        document: as a YAML or JSON reader gives it.
        source: the file, for messages.
        contract: whether components with two links, such as ports, become part of these links;
            None for what the file's annotations say, which is to do so unless they forbid it.

    Raises:
        ConfigError: the first mistake.
    """
    with naming_file(source):
        try:
            reading = _Reading(infrastructure(document), str(source))
            graph, contracts = reading.graph(), reading.whole.contract
        except KeyedError as wrong:
            raise KeyedError(wrong.problem, written_key(document, wrong.key)) from None
        if contract if contract is not None else contracts:
            return contracted(graph)
        return graph


@dataclass
class _Reading:
    description: Infrastructure
    source: str
    remarks: list[Notice] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, str], LinkName] = field(default_factory=dict)
    relinked: list[tuple[str, str]] = field(default_factory=list)
    instances: dict[str, Instance] = field(default_factory=dict)

    def graph(self) -> NetworkGraph:
        unread = [*unread_keys(self.description), *sorted(unread_attributes(self.notes))]
        self._place_instances()
        unread += [f"device {it} (no instance has it)" for it in self.parts.unused]
        for index, edge in enumerate(self.description.edges):
            for span in self._spans(edge, f"edges[{index}]"):
                self._link(span)
        made = self._assembled()
        self._check_left_out(made)
        self._remark_unread(unread)
        return replace(made, remarks=(*self.remarks, *made.remarks))

    @cached_property
    def notes(self) -> InfraAnnotations:
        return self.description.annotations or InfraAnnotations()

    @cached_property
    def whole(self) -> GraphAttributes:
        attributes = {it.attribute: it.value for it in self.notes.graph}
        return graph_attributes(attributes, contract=True, key="annotations.graph")

    @cached_property
    def parts(self) -> DeviceParts:
        return DeviceParts(self.description)

    def _place_instances(self) -> None:
        total = edges = 0
        for index, instance in enumerate(self.description.instances):
            key = f"instances[{index}]"
            if instance.name in self.instances:
                raise KeyedError(f"two instances are called {show(instance.name)}", f"{key}.name")
            self.instances[instance.name] = instance
            self.parts.device(instance.device, f"{key}.device")
            total += instance.count * self.parts.count(instance.device, f"{key}.device")
            refuse_more(total, MOST_NODES, "components", f"{key}.count")
            parts = self.parts.parts(instance.device)
            edges += instance.count * len(parts.spans)
            refuse_more(edges, MOST_EDGES, "edges", f"{key}.count")
            for number in range(instance.count):
                prefix = f"{instance.name}.{number}."
                self.kinds.update((prefix + name, kind) for name, kind in parts.kinds.items())
                for a, b, link in parts.spans:
                    self._link(ComponentLink(prefix + a, prefix + b, link))

    def _link(self, span: ComponentLink) -> None:
        ends = (span.a, span.b)
        if ends[::-1] in self.links:
            ends = ends[::-1]
        if self.links.get(ends, span.link) != span.link:
            self.relinked.append(ends)
        self.links[ends] = span.link

    def _spans(self, edge: InfraEdge, key: str) -> Iterator[ComponentLink]:
        link = LinkName("", known_link(edge, self.description.links, key))
        ends = [self._ends(edge.ep1, f"{key}.ep1"), self._ends(edge.ep2, f"{key}.ep2")]
        return (ComponentLink(a, b, link) for a, b in linked(edge, ends, key))

    def _ends(self, end: InfraEndpoint, key: str) -> EdgeEnds:
        if end.instance is None:
            raise KeyedError(
                "is required: the name of instances, such as host[0:2]", f"{key}.instance"
            )
        step = sliced(end.instance, f"{key}.instance")
        instance = self.instances.get(step.name)
        if instance is None:
            text = f"no instance is called {show(step.name)}{meant(step.name, self.instances)}"
            raise KeyedError(text, f"{key}.instance")
        numbers = chosen(step, instance.count, f"{key}.instance")
        device = self.parts.device(instance.device, key)
        inner = self.parts.components(device, end.component, f"{key}.component")
        refuse_more(len(numbers) * len(inner.names), MOST_NODES, "ends", key)
        names = [f"{step.name}.{number}.{name}" for number in numbers for name in inner.names]
        return EdgeEnds(names, inner.is_open or step.within is None)

    def _assembled(self) -> NetworkGraph:
        npus = {name: None for name, kind in self.kinds.items() if kind in (XPU, NPU)}
        if not npus:
            raise KeyedError("has no component of the choice xpu, so that there is no NPU")
        named = ComponentNames(self.kinds)
        assembly = GraphAssembly()
        for name in in_order_of_ranks(list(npus), ranks(self.notes, named, npus)):
            assembly.add_node(name, NPU)
        for name, kind in self.kinds.items():
            if name not in npus:
                assembly.add_node(name, kind)
        attributes = self._attributes(named)
        # Where ways are equally long, routers prefer the links that are listed earlier.
        for ends in sorted(attributes, key=lambda it: -attributes[it].bytes_per_ns):
            assembly.add_link(*ends, attributes[ends])
        return self.whole.graph(assembly, self.source)

    def _attributes(self, named: ComponentNames) -> dict[tuple[str, str], LinkAttributes]:
        rates = link_rates(self.description)
        annotate(rates, self.notes)
        noted = edge_rates(self.notes, named, self.links)
        said = (it.bytes_per_ns for it in (*rates.by_name.values(), *noted.values()))
        most = guessed_bandwidth(said)
        used = {name: rates.by_name[name] for ends, name in self.links.items() if ends not in noted}
        self.remarks += rate_remarks(used, most, self.source)
        self._remark_relinked()
        alike = {name: made(it, name, most) for name, it in rates.by_name.items()}
        return {
            ends: made(noted[ends], name, most, rates.by_name[name])
            if ends in noted
            else alike[name]
            for ends, name in self.links.items()
        }

    def _remark_relinked(self) -> None:
        if self.relinked:
            a, b = self.relinked[0]
            more = f" (and {len(self.relinked) - 1} more)" if len(self.relinked) > 1 else ""
            self.remarks.append(
                Notice(
                    code="linked-again",
                    where=self.source,
                    message=f"several edges link {a} and {b}{more} by different links; the last "
                    "one holds, as in InfraGraph's own service",
                    fix="leave the others out, or put a component between for each",
                )
            )

    def _check_left_out(self, graph: NetworkGraph) -> None:
        """Edges of components that aren't there may be passed over if all NPUs are linked still."""
        left_out = self.parts.left_out
        if not left_out:
            return
        if find_cut(graph) is not None:
            raise left_out[0]
        more = f" ({len(left_out)} edges in all)" if len(left_out) > 1 else ""
        self.remarks.append(
            Notice(
                code="edge-left-out",
                where=f"{self.source}: {left_out[0].key}",
                message=f"{left_out[0].problem}; the edge is left out, as InfraGraph's own "
                f"service does{more}",
                fix="correct the name",
            )
        )

    def _remark_unread(self, unread: list[str]) -> None:
        if unread:
            self.remarks.append(unread_remark(unread, self.source))


def written_key(document: Mapping[str, object], key: str | None) -> str | None:
    """A key as the document has it, which may have all in `infrastructure` or be a device alone."""
    if key is None or key.startswith("annotations"):
        return key
    if "infrastructure" in document:
        return key if key.startswith("infrastructure") else f"infrastructure.{key}"
    return key if "devices" in document else key.removeprefix("devices[0].")
