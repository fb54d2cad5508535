"""What was understood of a set of inputs, as text. Imports rich: import this only where shown."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console

from simastra.notices import Notice
from simastra.result.decision_table import decision_table
from simastra.simulation import Simulation
from simastra.simulation.measures.planned_memory import largest_need
from simastra.view.human import human_size
from simastra.view.phrases import left_out
from simastra.view.table import Cell, Table, left, right
from simastra.view.terminal import rich_table

from .workload_counts import WorkloadCounts, count_workload

_LARGEST_LIST = 12  # kinds of collectives that are shown; a real trace may have hundreds
_LOOK: dict[str, Any] = {"box": None, "padding": (0, 2, 0, 0)}
_GRID: dict[str, Any] = {
    "box": None,
    "padding": (0, 2),
    "collapse_padding": True,
    "pad_edge": False,
}


def overview(simulation: Simulation, notices: Sequence[Notice]) -> str:
    """Describe a simulation: its machine, its workload and how it would be run.

    Args:
        simulation: the simulation.
        notices: what is doubtful in its inputs.
    """
    # Not stdout itself: rich would write to it, and not all of its errors pass through `say`.
    page = io.StringIO()
    console = Console(file=page, markup=False, highlight=False, emoji=False)
    counts = count_workload(simulation.trace)
    tables = [rich_table(_facts(simulation, counts, notices), **_GRID)]
    network = simulation.network
    tables.append(rich_table(network.dimension_table, **_LOOK))
    if (links := network.link_table) is not None:
        tables.append(rich_table(links, **_LOOK))
    if counts.collectives:
        tables.append(rich_table(_collectives(counts), **_LOOK))
    for table in tables:
        console.print(table)
        console.print()
    lines = [line.rstrip() for line in page.getvalue().rstrip().splitlines()]
    if decisions := simulation.experiment.decisions:  # in long lines, which rich would break
        lines += ["", *decision_table(decisions).lines()]
    return "\n".join(lines)


def _facts(simulation: Simulation, counts: WorkloadCounts, notices: Sequence[Notice]) -> Table:
    options = simulation.options
    nodes = [f"{count:,} {type.name}" for type, count in counts.nodes.items()]
    told = {part.name: part for part in simulation.network.backend_options}
    handshake = ", with handshakes" if options.rendezvous else ""
    rows = {
        "NPUs": f"{simulation.network.npus:,}",
        "nodes": ", ".join(nodes) or "none",
        **_step(simulation),
        **dict(_algorithms(simulation)),
        "memory": simulation.memory.memory_type.value,
        "groups": _groups(simulation),
        "network": f"{told.get(options.backend, options.backend)}{handshake}",
        **_graph(simulation),
        "compat": str(simulation.experiment.dialect_choice),
        **_queues(simulation),
        **_scenario(simulation),
        "notices": str(len(notices)),
    }
    return Table(left("", ""), tuple(rows.items()))


def _scenario(simulation: Simulation) -> dict[str, str]:
    """What is different, section by section; nothing where nothing is."""
    scenario = simulation.scenario
    if scenario is None:
        return {}
    sections = scenario.config.sections
    told = [name if len(its) == 1 else f"{name} ({len(its)})" for name, its in sections.items()]
    return {"scenario": ", ".join(told) or "nothing is different"}


def _queues(simulation: Simulation) -> dict[str, str]:
    """How many queues collectives have, where they are played."""
    if simulation.platform.prices is not None:
        return {}
    return {"queues": f"{simulation.options.queues_per_dimension} a dimension"}


def _graph(simulation: Simulation) -> dict[str, str]:
    """What kind of graph the network is, if it is one."""
    graph = simulation.network.graph
    if graph is None:
        return {}
    others = graph.devices - graph.npus
    routing = graph.routing.name
    nodes = "1 node" if others == 1 else f"{others:,} nodes"
    return {"graph": f"{nodes} beside NPUs, {len(graph.links):,} links, routing {routing}"}


def _step(simulation: Simulation) -> dict[str, str]:
    """What the traces say of the step, if they say anything."""
    annotations = simulation.trace.annotations
    if not annotations:
        return {}
    first, need = annotations[0], largest_need(simulation.experiment)
    known = {
        "tokens": first.tokens and f"{first.tokens:,} tokens",
        "operations": first.model_flops and f"{first.model_flops:.4g} model FLOPs",
        "memory": need.total and f"up to {human_size(need.total)} of memory an NPU",
    }
    return {"step": ", ".join(text for text in known.values() if text) or "annotated"}


def _groups(simulation: Simulation) -> str:
    in_file = len(simulation.comm_groups.groups) if simulation.comm_groups else 0
    listed = simulation.platform.listed_groups
    if not listed:
        return str(in_file)
    numbers = {number for groups in listed.values() for number in groups}
    return f"{in_file} in the file, {len(numbers)} in METADATA nodes of {len(listed)} NPUs"


def _algorithms(simulation: Simulation) -> Iterator[tuple[str, str]]:
    if simulation.platform.prices is not None:
        yield "collectives", "priced as a whole"
        return
    for collective, choices in simulation.platform.choices.items():
        if choices:
            yield collective.name, ", ".join(choice.name for choice in choices)


def _collectives(counts: WorkloadCounts) -> Table:
    kinds = list(counts.collectives.items())
    rows: list[tuple[Cell, ...]] = [
        (
            kind.type.name,
            "not given" if kind.size is None else f"{kind.size:,} B ({human_size(kind.size)})",
            count,
        )
        for kind, count in kinds[:_LARGEST_LIST]
    ]
    if rest := left_out(len(kinds) - _LARGEST_LIST, "kinds"):
        rows.append((rest, "", sum(count for _, count in kinds[_LARGEST_LIST:])))
    return Table((*left("collective"), *right("size of each", "nodes")), tuple(rows))
