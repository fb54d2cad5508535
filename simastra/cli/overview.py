"""What was understood of a set of inputs, as text. Imports rich: import this only where shown."""

import io
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from simastra.config import NetworkConfig
from simastra.notices import Notice
from simastra.simulation import Simulation
from simastra.system.algorithms import choose_algorithms

from .human import human_size
from .workload_counts import WorkloadCounts, count_workload

_LARGEST_LIST = 12  # kinds of collectives that are shown; a real trace may have hundreds


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
    tables = [_facts(simulation, counts, notices), _dimensions(simulation.network)]
    if counts.collectives:
        tables.append(_collectives(counts))
    for table in tables:
        console.print(table)
        console.print()
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip().splitlines())


def _facts(simulation: Simulation, counts: WorkloadCounts, notices: Sequence[Notice]) -> Table:
    table = Table.grid(padding=(0, 2))
    options = simulation.options
    nodes = [f"{count:,} {type.name}" for type, count in counts.nodes.items()]
    handshake = ", with handshakes" if options.rendezvous else ""
    rows = {
        "NPUs": f"{simulation.network.npus:,}",
        "nodes": ", ".join(nodes) or "none",
        **dict(_algorithms(simulation)),
        "memory": simulation.memory.memory_type.value,
        "groups": _groups(simulation),
        "network": options.backend + handshake,
        "compat": options.dialect.name,
        "queues": f"{options.queues_per_dimension} a dimension",
        "notices": str(len(notices)),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _groups(simulation: Simulation) -> str:
    in_file = len(simulation.comm_groups.groups) if simulation.comm_groups else 0
    listed = simulation.platform.listed_groups
    if not listed:
        return str(in_file)
    numbers = {number for groups in listed.values() for number in groups}
    return f"{in_file} in the file, {len(numbers)} in METADATA nodes of {len(listed)} NPUs"


def _algorithms(simulation: Simulation) -> Iterator[tuple[str, str]]:
    chosen = choose_algorithms(simulation.system, simulation.network.dimensions)
    for collective, choices in chosen.items():
        if choices:
            yield collective.name, ", ".join(choice.name for choice in choices)


def _dimensions(network: NetworkConfig) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("dim", "topology", "NPUs", "GiB/s", "latency, ns"):
        table.add_column(heading, justify="left" if heading == "topology" else "right")
    for dim, topology in enumerate(network.topology):
        npus, bandwidth = network.npus_count[dim], network.bandwidth[dim]
        latency = network.latency[dim]
        table.add_row(str(dim), topology, str(npus), f"{bandwidth:g}", f"{latency:g}")
    return table


def _collectives(counts: WorkloadCounts) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("collective")
    table.add_column("size of each", justify="right")
    table.add_column("nodes", justify="right")
    kinds = list(counts.collectives.items())
    for kind, count in kinds[:_LARGEST_LIST]:
        size = "not given" if kind.size is None else f"{kind.size:,} B ({human_size(kind.size)})"
        table.add_row(kind.type.name, size, f"{count:,}")
    if len(kinds) > _LARGEST_LIST:
        rest = sum(count for _, count in kinds[_LARGEST_LIST:])
        table.add_row(f"and {len(kinds) - _LARGEST_LIST} more kinds", "", f"{rest:,}")
    return table
