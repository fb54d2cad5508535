"""Results and records made by hand, of runs that nobody need simulate."""

from collections.abc import Sequence

from simastra.report.run_records import (
    Excerpt,
    LinkLoad,
    LoadRecord,
    MessageRecord,
    PhaseRecord,
    RunRecords,
    Transmission,
    UnfinishedNode,
)
from simastra.result import LinkRecord, NodeRecord, NpuFinish, Result
from simastra.units import Ns
from simastra.workload import Activity


def node(
    id: int,
    issued: Ns,
    finished: Ns,
    *,
    name: str = "",
    activity: Activity = Activity.COMPUTE,
) -> NodeRecord:
    return NodeRecord(id, name, activity, issued, finished)


def made_result(
    *npus: Sequence[NodeRecord],
    links: Sequence[LinkRecord] = (),
    finishes: Sequence[tuple[int, Ns]] | None = None,
) -> Result:
    """Of these nodes by NPU; each NPU finishes with its last node, if nothing else is said."""
    ends = [(npu, max((it.finished for it in nodes), default=0)) for npu, nodes in enumerate(npus)]
    ordered = sorted(ends, key=lambda it: it[1]) if finishes is None else finishes
    return Result(
        finishes=tuple(NpuFinish(*it) for it in ordered),
        nodes=tuple(map(tuple, npus)),
        links=tuple(links),
        notices=(),
    )


def phase(  # noqa: PLR0913 - as many as a phase has
    npu: int,
    start: Ns,
    end: Ns | None,
    *,
    stream: int = 0,
    place: int = 0,
    name: str = "ALL_REDUCE",
    node: int | None = 1,
    size: int | None = 64,
    queue: int | None = 0,
) -> PhaseRecord:
    return PhaseRecord(npu, stream, place, name, "Ring", size, queue, node, start, end)


def made_records(
    npus: int,
    *,
    messages: Sequence[MessageRecord] = (),
    transmissions: Sequence[Transmission] = (),
    phases: Sequence[PhaseRecord] = (),
    load: tuple[Ns, int, Sequence[LinkLoad]] = (1, 0, ()),
    unfinished: Sequence[UnfinishedNode] = (),
) -> RunRecords:
    """`load` is the width of a bin, the number of bins, and what the links did in them."""
    width, bins, links = load
    return RunRecords(
        npus,
        Excerpt(tuple(messages), len(messages), None),
        Excerpt(tuple(transmissions), len(transmissions), None),
        Excerpt(tuple(phases), len(phases), None),
        LoadRecord(width, bins, tuple(links)),
        tuple(unfinished),
    )


def two_npus() -> tuple[Result, RunRecords]:
    """A little of everything: NPUs 0 and 1 on both sides of switch 2.

    Two computations overlap, one has no name, a load never ends; neither do a message and a phase.
    """
    result = made_result(
        [
            node(1, 0, 1000, name="work"),
            node(2, 500, 2000),
            node(3, 1000, 1500, name="sum é", activity=Activity.COMMUNICATION),
        ],
        [node(1, 0, 250, name="cpu", activity=Activity.CPU)],
        links=[LinkRecord(0, 2, 133, 64, 1), LinkRecord(2, 1, 140, 5000, 2)],
        finishes=[(1, 250), (0, 2000)],
    )
    records = made_records(
        2,
        messages=[MessageRecord(0, 1, 64, 7, 1000, 1400), MessageRecord(1, 0, 8, 0, 1100, None)],
        transmissions=[Transmission(0, 2, 64, 1000, 1100), Transmission(2, 1, 64, 1200, 1300)],
        phases=[
            phase(0, 1000, 1500, stream=4),
            phase(0, 1200, None, stream=5, place=1, size=None, queue=None),
        ],
        load=(
            300,
            4,
            [
                LinkLoad(0, 2, {1: 100, 2: 33}, {}),
                LinkLoad(2, 1, {1: 100, 2: 40}, {1: 250, 2: 10}),
            ],
        ),
        unfinished=[UnfinishedNode(1, 9, "", Activity.REMOTE_MEMORY, 1750)],
    )
    return result, records
