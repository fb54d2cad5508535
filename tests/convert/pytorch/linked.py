"""Linked traces made by hand, and what comes of them."""

import json
from typing import Any

from support.trace_files import decode_nodes

from simastra.convert.pytorch import Conversion, convert_pytorch, parse_linked
from simastra.trace import Node

THREAD = "[pytorch|profiler|execution_trace|thread]"


def entry(number: int, name: str, **keys: Any) -> dict[str, Any]:
    """An operator; a kernel has `cat` and `stream`. Times are in microseconds."""
    tid, tensors = keys.pop("tid", 1), keys.pop("inputs", [])
    types = ["Tensor(float)" if isinstance(value, list) else "Int" for value in tensors]
    return {
        "id": number,
        "name": name,
        "ctrl_deps": keys.pop("parent", 0),
        "inputs": {"values": tensors, "shapes": [[]] * len(tensors), "types": types},
        "outputs": {"values": [], "shapes": [], "types": []},
        "attrs": [
            {"name": "rf_id", "type": "uint64", "value": keys.pop("rf_id", number)},
            {"name": "tid", "type": "uint64", "value": tid},
        ],
        **keys,
    }


def operator(number: int, name: str, ts: float, dur: float, **keys: Any) -> dict[str, Any]:
    """An operator of the host, with its time."""
    return entry(number, name, ts=ts, inclusive_dur=dur, exclusive_dur=dur, **keys)


def kernel(number: int, name: str, ts: float, dur: float, **keys: Any) -> dict[str, Any]:
    """A kernel, with its launch."""
    return operator(number, name, ts, dur, cat="kernel", **{"stream": 7, **keys})


def tensor(storage: int, elements: int) -> list[Any]:
    """A tensor of floats, as PyTorch records one."""
    return [storage + 1000, storage, 0, elements, 4, "cuda:0"]


def document(*entries: dict[str, Any], **keys: Any) -> bytes:
    """A linked trace's content."""
    return json.dumps({"schema": "1.1.1-chakra.0.0.4", "nodes": list(entries), **keys}).encode()


def convert(*entries: dict[str, Any], rank: int | None = None, **keys: Any) -> Conversion:
    """Convert a linked trace."""
    return convert_pytorch(parse_linked(document(*entries, **keys), "linked.json"), rank=rank)


def converted(*entries: dict[str, Any], rank: int | None = None, **keys: Any) -> dict[int, Node]:
    """The nodes that come of a linked trace, by id."""
    nodes = decode_nodes(convert(*entries, rank=rank, **keys).content, "linked.0.et")
    return {node.id: node for node in nodes}
