"""The JSON that Chakra's feeder reads, ``{"workload_graph": [...]}``, as objects of messages.

(docs/chakra.md 1.5.)
"""

from pathlib import Path
from typing import Any, TypeAlias

from simastra.errors import TraceError
from simastra.suggestions import unknown_name

_Object: TypeAlias = dict[str, Any]  # one JSON object

_FIELDS = {
    "Id": "id",
    "Name": "name",
    "NodeType": "type",
    "runtime": "duration_micros",
    "data_deps": "data_deps",
    "ctrlDeps": "ctrl_deps",
    "ctrl_deps": "ctrl_deps",
}
"""Keys that stand for a field of the message."""

_ATTRIBUTES = {
    "is_cpu_op": "bool_val",
    "tensor_size": "uint64_val",
    "num_ops": "int64_val",
    "comm_type": "int64_val",
    "comm_size": "int64_val",
    "comm_priority": "int32_val",
    "comm_src": "int32_val",
    "comm_dst": "int32_val",
    "comm_tag": "int32_val",
    "pg_name": "string_val",
}
"""Keys that stand for an attribute, and the kind that it has."""


def message_objects(graph: object, source: Path | str) -> list[_Object]:
    """Return the nodes as protobuf's JSON mapping has them; their values are not looked at.

    Raises:
        TraceError: it is no list of objects, or a node has a key that is unknown.
    """
    if not isinstance(graph, list):
        raise TraceError("workload_graph is no list; a list of nodes is wanted", source=source)
    return [_message_object(node, index, source) for index, node in enumerate(graph)]


def _message_object(node: object, index: int, source: Path | str) -> _Object:
    if not isinstance(node, dict):
        problem = f"workload_graph[{index}] is no JSON object; a node is wanted"
        raise TraceError(problem, source=source)
    message: _Object = {"attr": []}
    for key, value in node.items():
        if key in _FIELDS:
            message[_FIELDS[key]] = value
        elif key in _ATTRIBUTES:
            message["attr"].append({"name": key, _ATTRIBUTES[key]: value})
        else:
            problem = unknown_name("key", key, (*_FIELDS, *_ATTRIBUTES))
            raise TraceError(f"workload_graph[{index}]: {problem}", source=source)
    return message
