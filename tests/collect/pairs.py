"""A recorded pair of traces, linked and converted."""

from collections import Counter
from pathlib import Path

from support.trace_files import decode_nodes

from simastra.convert.link import link_traces
from simastra.convert.pytorch import Conversion, convert_pytorch, read_linked
from simastra.trace import CollectiveType


def converted(folder: Path, rank: int, scratch: Path) -> Conversion:
    """A rank's execution trace, from the files that `simastra.collect` writes."""
    linked = scratch / f"linked.{rank}.json"
    host, device = (folder / f"{side}.{rank}.json.gz" for side in ("host", "device"))
    link_traces(host, device, linked, rank=rank)
    return convert_pytorch(read_linked(linked))


def communicated(conversion: Conversion) -> Counter[CollectiveType]:
    """How many bytes go into collectives, by kind."""
    total: Counter[CollectiveType] = Counter()
    for node in decode_nodes(conversion.content, "converted.et"):
        if node.comm_type is not None:
            total[node.comm_type] += node.comm_size or 0
    return total
