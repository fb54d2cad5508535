"""What a notebook shows of a result, in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from simastra.units import Ns
from simastra.view.devices import DeviceNames
from simastra.view.html import MOST_ROWS, Markup, folded, notebook_table
from simastra.view.phrases import npus_words, share_words, time_words
from simastra.view.table import Table, left, right

from .records import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish


def job_lines(jobs: Sequence[JobRecord]) -> Iterator[str]:
    """When each job began and was over."""
    for job in jobs:
        runs = f", {len(job.run_ends):,} runs" if len(job.run_ends) > 1 else ""
        yield (
            f"job {job.name} on {npus_words(job.npus)}: from {time_words(job.start)} to "
            f"{time_words(job.finish)}, {time_words(job.duration)}{runs}"
        )


def fault_lines(faults: Sequence[LinkFaults], names: DeviceNames) -> Iterator[str]:
    """What has become of messages at links that went down."""
    for it in faults:
        counts = (
            (it.sent_again, "sent again over it"),
            (it.rerouted, "sent another way"),
        )
        told = " and ".join(f"{_messages(count)} {what}" for count, what in counts if count)
        yield f"link {names.link(it.src, it.dst)} was down ({it.because}): {told}"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"


def finish_table(finishes: Sequence[NpuFinish]) -> Markup:
    """When each NPU finished, in order."""
    rows = tuple((it.npu, it.cycles) for it in finishes)
    return notebook_table(Table(right("NPU", "finishes, ns"), rows))


def node_table(nodes: Sequence[Sequence[NodeRecord]]) -> Markup:
    """The first nodes of the first NPUs, folded; `nodes` are those of each NPU."""
    rows = (
        (npu, it.node, it.name, it.activity.value, it.issued, it.finished)
        for npu, records in enumerate(nodes)
        for it in records
    )
    times = right("issued, ns", "finished, ns")
    columns = (*right("NPU", "node"), *left("name", "activity"), *times)
    first = Table(columns, tuple(islice(rows, MOST_ROWS)))
    count = sum(map(len, nodes))
    return folded(f"{count:,} nodes", notebook_table(first, total=count))


def link_table(links: Sequence[LinkRecord], makespan: Ns, names: DeviceNames) -> Markup:
    """The busiest links, folded, with the part of the makespan for which they were busy."""
    span, busiest = max(makespan, 1), sorted(links, key=_by_busy, reverse=True)
    rows = tuple(
        (names.word(it.src), names.word(it.dst), share_words(it.busy / span), it.size, it.messages)
        for it in busiest[:MOST_ROWS]
    )
    table = Table(right("from", "to", "busy", "bytes", "messages"), rows)
    return folded(f"{len(links):,} links", notebook_table(table, total=len(links)))


def _by_busy(link: LinkRecord) -> Ns:
    return link.busy
