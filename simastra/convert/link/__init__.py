"""Link PyTorch's two recordings of a process, host and device, into one trace.

link_traces   files to file, and a summary: what the command line does
load_host, load_device, link, write_linked, summarize   the same in steps
link_like_chakra   in link's place, for the numbers of the reference

host, schemas    the host trace: operators, their parents and inputs; its versions in one table
kineto, events, decoding   the device trace: when operators ran, launches, what ran on GPUs
calls            of a device trace alone: calls that let the host or a stream wait
matching, align  which operator is which: by record function id, else by the order of names
nesting          own times, and who launched what
threads          which thread waited for which
tree, linker     parents; all of it together
like_chakra, chakra_rules    the same as Chakra's linker does it, wrong rules too
output, summary  the linked trace as JSON; what it came to in words
"""

from pathlib import Path

from simastra.convert.link.host import HostTrace, load_host
from simastra.convert.link.kineto import DeviceTrace, load_device
from simastra.convert.link.like_chakra import link_like_chakra
from simastra.convert.link.linker import LinkedRecording, link
from simastra.convert.link.matching import Method
from simastra.convert.link.output import check_output, write_linked
from simastra.convert.link.schemas import SCHEMAS
from simastra.convert.link.summary import LinkSummary, summarize

__all__ = [
    "SCHEMAS",
    "DeviceTrace",
    "HostTrace",
    "LinkSummary",
    "LinkedRecording",
    "Method",
    "check_output",
    "link",
    "link_like_chakra",
    "link_traces",
    "load_device",
    "load_host",
    "summarize",
    "write_linked",
]


def link_traces(
    host: Path | str,
    device: Path | str,
    output: Path | str,
    *,
    rank: int | None = None,
    like_chakra: bool = False,
) -> LinkSummary:
    """Link two trace files, plain or gzip, into one.

    Args:
        host: PyTorch's execution trace.
        device: Kineto's trace of the same process.
        output: the file to write; compressed if its name ends in ``.gz``.
        rank: the process's rank, to be checked against the device trace's.
        like_chakra: link as Chakra's linker does, wrong rules too, for the reference's numbers.

    Returns:
        what it came to.

    Raises:
        TraceError: a trace can't be read, or they don't belong together.
        OptionError: the output can't be written, or the device trace is of another rank.
    """
    check_output(output, (host, device))
    join = link_like_chakra if like_chakra else link
    linked = join(load_host(host), load_device(device), rank=rank)
    write_linked(linked, output)
    return summarize(linked)
