"""The works that `scale` measures. To add one, add an entry."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from simastra.trace import Trace, TraceBuilder

from .work import SIZE, Work

LAYERS = 48
COMPUTATIONS = 50  # of each NPU, in the work without communication
_MOST_MICROS = 1000  # of such a computation


def _all_reduce(work: Work) -> Trace:
    et = TraceBuilder()
    et.all_reduce("all-reduce", size=SIZE, dims=[True] * len(work.npus_count))
    return Trace.uniform(et, work.npus)


def _skewed(work: Work) -> Trace:
    """As in the golden cases: neighbours come to the all-reduce at quite different times."""
    builders = []
    for npu in range(work.npus):
        et = TraceBuilder(npu)
        start = et.compute("skew", micros=1 + 62 * npu % 97)
        et.all_reduce("all-reduce", size=SIZE, after=start)
        builders.append(et)
    return Trace.of(builders)


def _training(work: Work) -> Trace:
    et = TraceBuilder()
    last = None
    for layer in range(LAYERS):
        last = et.compute(f"layer {layer}", micros=20, after=[] if last is None else last)
        last = et.all_reduce(f"gradients {layer}", size=SIZE, after=last)
    return Trace.uniform(et, work.npus)


def _computations(work: Work) -> Trace:
    """All traces differ, and nobody waits for anybody."""
    random = Random(1)  # noqa: S311, RUF100  # no secret
    builders = []
    for npu in range(work.npus):
        et = TraceBuilder(npu)
        for index in range(COMPUTATIONS):
            et.compute(f"computation {index}", micros=random.randint(1, _MOST_MICROS))
        builders.append(et)
    return Trace.of(builders)


def _one_dimension() -> Iterator[Work]:
    for npus in (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096):
        yield Work(f"ring-{npus}", "ring", ("Ring",), (npus,), ("ring",), 1, _all_reduce)
    for npus in (64, 256, 1024):
        name = f"ring-skew-{npus}"
        yield Work(name, "ring-skew", ("Ring",), (npus,), ("ring",), 1, _skewed)
    for npus in (64, 256):
        name = f"train48-{npus}"
        yield Work(name, "train48", ("Ring",), (npus,), ("ring",), LAYERS, _training)
    for npus in (16, 64, 128):
        name = f"direct-ring-{npus}"
        yield Work(name, "direct-ring", ("Ring",), (npus,), ("direct",), 1, _all_reduce)
    for npus in (64, 256):
        name, topology = f"direct-fc-{npus}", ("FullyConnected",)
        yield Work(name, "direct-fc", topology, (npus,), ("direct",), 1, _all_reduce)
    for npus in (64, 256, 1024):
        name, algorithms = f"switch-hd-{npus}", ("halvingDoubling",)
        yield Work(name, "switch-hd", ("Switch",), (npus,), algorithms, 1, _all_reduce)


def _several_dimensions() -> Iterator[Work]:
    for side in (8, 16, 32, 64):
        name, counts = f"2d-{side}x{side}", (side, side)
        yield Work(name, "2d", ("Ring",) * 2, counts, ("ring",) * 2, 1, _all_reduce, aware=False)
    topology = ("Ring", "FullyConnected", "Switch")
    algorithms = ("ring", "direct", "halvingDoubling")
    for shape in ((8, 8, 8), (16, 16, 16), (64, 32, 32)):
        name = f"3d-{'x'.join(map(str, shape))}"
        work = Work(name, "3d", topology, shape, algorithms, 1, _all_reduce, aware=False)
        yield work
        if shape[0] == shape[-1]:  # all dimensions in step
            yield replace(
                work, name=name.replace("3d", "3d-base"), family="3d-base", optimization="baseline"
            )


def _without_communication() -> Iterator[Work]:
    for npus in (256, 4096):
        name = f"computations-{npus}"
        yield Work(name, "computations", ("Ring",), (npus,), ("ring",), 0, _computations)


WORKS = {
    work.name: work
    for works in (_one_dimension(), _several_dimensions(), _without_communication())
    for work in works
}
"""Works by name."""

FAMILIES = tuple(dict.fromkeys(work.family for work in WORKS.values()))
"""Names of families, in their order."""
