"""What is doubtful in a conversion that works: what the text says and the trace doesn't."""

from collections.abc import Iterator, Mapping
from math import prod

from simastra.notices import Notice, Severity
from simastra.view.phrases import listed

from .involved import dims_of_group, known_sizes
from .layout import WorkloadAxis
from .options import TextOptions
from .step_graph import BROADCAST, StepGraph, is_silent
from .workload import LayerSlot, TextWorkload

_SHOWN = 3  # collectives, in a notice


def notices_of(workload: TextWorkload, graph: StepGraph) -> tuple[Notice, ...]:
    """All notices about a finished graph."""
    return (
        *_count(workload),
        *_unused(workload, graph),
        *_among_nobody(workload, graph),
        *_rounded(workload, graph),
        *(_group(workload, graph.options) if graph.layout is None else ()),
        *_broadcasts(workload, graph.options),
        *_of_simai(workload, graph),
    )


def _broadcasts(workload: TextWorkload, options: TextOptions) -> Iterator[Notice]:
    names = {
        phase.exchange.place: f"{layer.name} {phase.exchange.word}"
        for layer in workload.layers
        for phase in layer.phases
        if phase.exchange.word == BROADCAST and phase.exchange.size
    }
    if names and options.dialect.as_meant:
        yield Notice(
            "unused-collective",
            workload.source,
            f"no simulator of such texts has {_named(names)}, SimAI neither; "
            f"{'it is' if len(names) == 1 else 'they are'} left out",
            "write NONE there",
        )


def _of_simai(workload: TextWorkload, graph: StepGraph) -> Iterator[Notice]:
    layout, spread = graph.layout, workload.header.parallelism
    if layout is None or spread is None:
        return
    where = _header_of(workload)
    if spread.pp > 1:
        yield Notice(
            "one-stage",
            where,
            f"pp is {spread.pp}, and the file describes one stage, which the NPUs of all stages "
            f"run; the {spread.stage_size} bytes that a stage passes on (pp_comm) are left out",
            "take the result for one stage's time",
        )
    degrees = f"TP {layout.tp}, EP {layout.ep}, DP {layout.dp}, DP_EP {layout.dp // layout.ep}"
    yield Notice(
        "simai-form",
        where,
        f"is in SimAI's form: {degrees}; times are taken for {graph.unit}, and the size of an "
        "ALLGATHER for that of its result",
        "give --time-unit if times are in another",
        Severity.INFO,
    )
    if layout.groups:
        yield _groups_need_master(where, graph)


def _groups_need_master(where: str, graph: StepGraph) -> Notice:
    across = ", ".join(axis for axis in WorkloadAxis if axis in graph.across_dimensions)
    if across:
        otherwise = f"collectives of {across} would be among all NPUs"
    else:
        otherwise = "collectives are over the same NPUs, by network dimension"
    return Notice(
        "groups-need-master",
        where,
        f"process groups are followed by 'simastra run --comm-groups'; in hoti2024 {otherwise}",
        "--npus-count says what the network's dimensions are" if across else "use either",
        Severity.INFO,
    )


def _header_of(workload: TextWorkload) -> str:
    return f"{workload.source}: line {workload.header.place.line}"


def _count(workload: TextWorkload) -> Iterator[Notice]:
    if workload.declared_layers != len(workload.layers):
        yield Notice(
            "layer-count",
            f"{workload.source}: line {workload.declared_at.line}",
            f"announces {workload.declared_layers} layers and {len(workload.layers)} follow, which "
            "are all converted, as Chakra does",
            "correct the number",
        )


def _unused(workload: TextWorkload, graph: StepGraph) -> Iterator[Notice]:
    places = {
        phase.exchange.place: f"{layer.name} {phase.exchange.word}"
        for layer in workload.layers
        for phase in layer.phases
        if not is_silent(phase.exchange) and phase.exchange.word != BROADCAST
    }
    # Most files give the first layer's input gradient a collective, which nobody could use.
    places.pop(workload.layers[0].input_gradient.exchange.place, None)
    left_out = {
        place: name
        for place, name in places.items()
        if place not in graph.issued and place not in graph.among_nobody
    }
    if left_out:
        yield Notice(
            "unused-collective",
            workload.source,
            f"{workload.header.strategy} has no use for {_named(left_out)}; "
            f"{'it is' if len(left_out) == 1 else 'they are'} left out",
            "write NONE there, or choose another strategy",
        )


def _among_nobody(workload: TextWorkload, graph: StepGraph) -> Iterator[Notice]:
    left_out = graph.among_nobody
    if left_out:
        dims = graph.options.dims
        yield Notice(
            "among-nobody",
            workload.source,
            f"{_named(left_out)} would be over none of {dims} network "
            f"{'dimension' if dims == 1 else 'dimensions'} under {workload.header.strategy}; "
            f"{'it is' if len(left_out) == 1 else 'they are'} left out",
            "give the network's --dims, or write NONE there",
        )


def _named(places: Mapping[LayerSlot, str]) -> str:
    names = list(places.values())
    count = "1 collective" if len(names) == 1 else f"{len(names)} collectives"
    return f"{count} ({listed(names, _SHOWN)})"


def _rounded(workload: TextWorkload, graph: StepGraph) -> Iterator[Notice]:
    if graph.rounded:
        change = "shorter" if graph.lost_ns >= 0 else "longer"
        yield Notice(
            "rounded-times",
            workload.source,
            f"{graph.rounded} of {sum(s.collective is None for s in graph.steps)} computations "
            "are rounded to whole microseconds, which a trace file holds; together they are "
            f"{abs(graph.lost_ns)} ns {change}",
            "give times in multiples of 1000 ns",
        )


def _group(workload: TextWorkload, options: TextOptions) -> Iterator[Notice]:
    npus = workload.header.model_group
    if npus is None or npus == 1:
        return
    sizes, where = known_sizes(options), _header_of(workload)
    if sizes is None:
        if npus < options.npus:
            yield Notice(
                "assumed-group",
                where,
                f"the network's first dimension is taken to be the {npus} NPUs of a model group",
                "give --npus-count if it has another size",
                Severity.INFO,
            )
        return
    spanned = prod(sizes[: dims_of_group(npus, options)])
    if spanned != npus:
        yield Notice(
            "uneven-group",
            where,
            f"a model group of {npus} NPUs is no whole number of dimensions; collectives of the "
            f"model are among {spanned}",
            f"split a dimension of the network so that the first ones make {npus} NPUs, and say "
            "so with --npus-count",
        )
