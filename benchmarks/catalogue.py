"""The works that `scale` measures. To add one, add an entry."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from . import workloads
from .work import Work
from .workloads import LAYERS


def _lines() -> Iterator[Work]:
    """All-reduces over one dimension, in many ways."""
    sizes = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
    yield from _family("ring", "Ring", "ring", sizes)
    for work in _family("ring-skew", "Ring", "ring", (64, 256, 512, 1024)):
        yield replace(work, trace=workloads.skewed)
    for work in _family("train48", "Ring", "ring", (64, 256)):
        yield replace(work, trace=workloads.training, all_reduces=LAYERS)
    yield from _family("direct-ring", "Ring", "direct", (16, 64, 128, 256))
    yield from _family("direct-fc", "FullyConnected", "direct", (64, 128, 256, 512))
    yield from _family("switch-hd", "Switch", "halvingDoubling", (64, *sizes[5:]))
    yield from _family("ring-hd", "Ring", "halvingDoubling", (256, 512, 1024, 2048))
    yield from _family("switch-dbt", "Switch", "doubleBinaryTree", (256, 1024, 2048))


def _family(name: str, topology: str, algorithm: str, sizes: Sequence[int]) -> Iterator[Work]:
    for npus in sizes:
        yield Work(f"{name}-{npus}", name, (topology,), (npus,), (algorithm,), workloads.all_reduce)


def _several_dimensions() -> Iterator[Work]:
    for side in (8, 16, 32, 64):
        name, counts = f"2d-{side}x{side}", (side, side)
        yield Work(
            name, "2d", ("Ring",) * 2, counts, ("ring",) * 2, workloads.all_reduce, aware=False
        )
    for shape in ((8, 8, 8), (16, 16, 16), (64, 32, 32)):
        work = _three_dimensions("3d", shape)
        yield work
        if shape[0] == shape[-1]:  # all dimensions in step
            yield replace(
                work,
                name=work.name.replace("3d", "3d-base"),
                family="3d-base",
                optimization="baseline",
            )


def _three_dimensions(family: str, shape: tuple[int, int, int]) -> Work:
    topology = ("Ring", "FullyConnected", "Switch")
    algorithms = ("ring", "direct", "halvingDoubling")
    name = f"{family}-{'x'.join(map(str, shape))}"
    return Work(name, family, topology, shape, algorithms, workloads.all_reduce, aware=False)


def _not_alike() -> Iterator[Work]:
    """NPUs that do different things, and more than all-reduces among all."""
    for work in _family("computations", "Ring", "ring", (256, 4096)):
        yield replace(work, trace=workloads.computations, all_reduces=0)
    for work in _family("computations-same", "Ring", "ring", (4096,)):
        yield replace(work, trace=workloads.same_computations, all_reduces=0)
    for microbatches in (64, 512, 1280, 2560):
        (work,) = _family("pipeline", "Ring", "ring", (64,))
        trace = partial(workloads.pipeline, microbatches=microbatches)
        passed = 2 * microbatches * (work.npus - 1)
        name = f"pipeline-64x{microbatches}"
        yield replace(work, name=name, trace=trace, all_reduces=0, other_messages=passed)
    for rounds in (100, 400, 1600):
        (work,) = _family("graph", "Ring", "ring", (64,))
        yield replace(
            work,
            name=f"graph-64x{rounds}",
            trace=partial(workloads.random_graph, rounds=rounds),
            groups=workloads.rows_and_columns,
            all_reduces=0,
            other_messages=None,
        )


def _transformers() -> Iterator[Work]:
    """Training steps as they are generated."""
    for work in _family("transformer-ring", "Ring", "ring", (64, 512)):
        yield replace(
            work,
            trace=workloads.step,
            groups=workloads.groups_of_step,
            all_reduces=0,
            other_messages=None,
        )
    for shape in ((4, 4, 4), (8, 4, 8)):
        yield replace(
            _three_dimensions("transformer-3d", shape),
            trace=workloads.three_axes_step,
            all_reduces=0,
            other_messages=None,
        )


WORKS = {
    work.name: work
    for work in chain(_lines(), _several_dimensions(), _not_alike(), _transformers())
}
"""Works by name."""

FAMILIES = tuple(dict.fromkeys(work.family for work in WORKS.values()))
"""Names of families, in their order."""
