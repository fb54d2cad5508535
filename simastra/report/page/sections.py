"""What the simulation came to, what it was told, and what is doubtful about it."""

from collections.abc import Mapping, Sequence

from simastra.config import NetworkConfig
from simastra.notices import Severity
from simastra.view.html import Markup, element, joined, page_table
from simastra.view.phrases import device_name, part_words, size_words, time_words
from simastra.view.table import Table, left

from .contents import PageContents


def summary(contents: PageContents) -> Markup:
    """What the simulation came to."""
    result, npus = contents.result, contents.simulation.network.npus
    busiest = max(result.links, key=lambda link: link.busy, default=None)
    rows = [
        ("makespan", time_words(result.makespan)),
        ("NPUs", f"{npus:,}, of which {len(result.finishes):,} finished"),
        ("nodes that took time", f"{sum(map(len, result.nodes)):,}"),
        ("messages", f"{contents.records.messages.total:,}"),
        ("links used", f"{len(result.links):,}"),
        ("notices", f"{len(contents.notices):,}"),
    ]
    if result.finishes:
        slowest, fastest = result.finishes[-1], result.finishes[0]
        spread = slowest.cycles - fastest.cycles
        rows[1:1] = [
            ("slowest", f"NPU {slowest.npu} at {time_words(slowest.cycles)}"),
            ("fastest", f"NPU {fastest.npu} at {time_words(fastest.cycles)}"),
            ("finish spread", time_words(spread)),
        ]
    if busiest is not None:
        ends = f"{device_name(busiest.src, npus)} to {device_name(busiest.dst, npus)}"
        use = part_words(busiest.busy, result.makespan)
        rows.append(("busiest link", f"{ends}: {use} of the time, {size_words(busiest.size)}"))
    deadlock: tuple[Markup, ...] = ()
    if contents.deadlock is not None:
        deadlock = (element("pre", str(contents.deadlock), class_="warning", id="deadlock"),)
    return joined(*deadlock, page_table(Table(left("what", "value"), tuple(rows))))


def configuration(contents: PageContents) -> Markup:
    """Everything that the simulation was told, beside its trace."""
    simulation = contents.simulation
    groups = simulation.comm_groups.groups if simulation.comm_groups else ()
    parts = [
        ("Inputs", _keys(contents.inputs)),
        ("Network", page_table(simulation.network.dimension_table)),
        ("Network backends", _keys(_told_to_backends(simulation.network))),
        ("System", _keys(simulation.system.model_dump(mode="json", by_alias=True))),
        ("Remote memory", _keys(simulation.memory.model_dump(mode="json", by_alias=True))),
        ("Process groups", _keys({it.name: _listed(it.members) for it in groups})),
        ("Options", _keys(simulation.options.to_dict())),
    ]
    shown = (element("div", element("h3", name), part) for name, part in parts if part)
    return element("div", *shown, class_="columns")


def _told_to_backends(network: NetworkConfig) -> Mapping[str, object]:
    parts = network.backend_options
    return {f"{part.name}.{key}": value for part in parts for key, value in part.options.items()}


def _keys(values: Mapping[str, object]) -> Markup | None:
    rows = tuple(
        (key, _listed(value) if isinstance(value, list) else str(value))
        for key, value in values.items()
        if value is not None
    )
    return page_table(Table(left("key", "value"), rows)) if rows else None


def _listed(values: Sequence[object]) -> str:
    return ", ".join(map(str, values)) or "none"


def warnings(contents: PageContents) -> Markup:
    """What is doubtful in the inputs."""
    if not contents.notices:
        return element("p", "None: nothing in the inputs is doubtful.")
    return joined(
        *(
            element(
                "div",
                element("b", f"{notice.where}: "),
                f"{notice.message} ",
                element("span", f"({notice.fix})", class_="note"),
                class_="warning" if notice.severity is Severity.WARNING else "info",
            )
            for notice in contents.notices
        )
    )
