"""Kinds of JSON and YAML documents, by the keys of the outermost mapping."""

import re
from dataclasses import dataclass

from . import kinds
from .json_keys import top_keys
from .kinds import FileKind
from .roles import VERSION_1_KEYS

_SYSTEM_KEYS = frozenset(
    {
        "scheduling-policy",
        "collective-optimization",
        "preferred-dataset-splits",
        "active-chunks-per-dimension",
        "all-reduce-implementation",
        "all-gather-implementation",
        "reduce-scatter-implementation",
        "all-to-all-implementation",
    }
)
_NETWORK_KEYS = frozenset({"topology", "npus_count", "bandwidth", "latency"})
_INFRAGRAPH_PARTS = frozenset({"instances", "edges", "links", "inventory", "deployments"})
_NODE_LINK_PARTS = frozenset({"links", "edges", "directed", "multigraph", "graph"})


@dataclass(frozen=True, slots=True)
class _Mark:
    """What tells a kind by its keys: all of some, and so many of others."""

    kind: FileKind
    all_of: frozenset[str]
    some_of: frozenset[str] = frozenset()
    least: int = 0


_MARKS = (
    _Mark(kinds.KINETO, frozenset({"traceEvents"})),
    _Mark(kinds.KINETO, frozenset({"schemaVersion", "distributedInfo"})),
    _Mark(kinds.HOST, frozenset({"nodes", "schema"})),
    _Mark(kinds.JSON_TRACE, frozenset({"workload_graph"})),
    _Mark(kinds.JSON_TRACE, frozenset({"metadata", "nodes"})),
    _Mark(kinds.LLM_SERVING_CLUSTER, frozenset({"link_bw", "nodes"})),
    _Mark(kinds.MSCCLPP, frozenset({"name", "gpus"})),
    _Mark(kinds.TRANSFERS, frozenset({"collective", "transfers"})),
    _Mark(kinds.TECCL, frozenset({"1-Epoch_Duration", "3-Epochs_Required"})),
    _Mark(kinds.RESULT, frozenset({"simastra", "inputs"})),
    _Mark(kinds.LOGICAL_TOPOLOGY, frozenset({"logical-dims"})),
    _Mark(kinds.MEMORY, frozenset({"memory-type"})),
    _Mark(kinds.NODE_LINK, frozenset({"nodes"}), _NODE_LINK_PARTS, 2),
    _Mark(kinds.NODE_LINK, frozenset({"directed", "multigraph"})),
    _Mark(kinds.NETWORK, frozenset(), _NETWORK_KEYS, 2),
    _Mark(kinds.NETWORK, frozenset({"graph"})),
    _Mark(kinds.NETWORK_1, frozenset(), VERSION_1_KEYS, 1),
    _Mark(kinds.INFRAGRAPH, frozenset({"devices"}), _INFRAGRAPH_PARTS, 1),
    _Mark(kinds.INFRAGRAPH, frozenset({"infrastructure"})),
    _Mark(kinds.INFRAGRAPH, frozenset({"instances"}), _INFRAGRAPH_PARTS, 2),
    _Mark(kinds.INFRAGRAPH, frozenset({"components"}), _INFRAGRAPH_PARTS, 1),
    _Mark(kinds.SYSTEM, frozenset(), _SYSTEM_KEYS, 1),
)
"""The first that fits counts."""

_LINKED_NODE = re.compile('"(inclusive_dur|exclusive_dur|linked_by)"')
_GROUPS = re.compile(r'\s*+\{(?:\s*+"[0-9.]++"\s*+:\s*+\[[\s0-9,]*+\]\s*+(?:[,}]|$))++\s*+')
_YAML_KEY = re.compile(r"([A-Za-z][\w-]*) *:( |$)")
_VERSION_1_LINE = re.compile(r"[A-Za-z][\w-]*+ *+: *+[^\s\[{][^\[{]*+")


def kind_of_json(text: str) -> FileKind | None:
    """What JSON is that begins with an object; `text` may be only the beginning of it."""
    keys = top_keys(text)
    if keys and _GROUPS.fullmatch(text):
        return kinds.GROUPS
    kind = kind_of_keys(keys)
    return kinds.LINKED if kind is kinds.HOST and _LINKED_NODE.search(text) else kind


def kind_of_yaml(text: str) -> FileKind | None:
    """What lines of ``key: value`` are."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = [match for line in lines if (match := _YAML_KEY.match(line))]
    keys = frozenset(match[1] for match in found)
    if len(keys & _SYSTEM_KEYS) > 1 and all(map(_VERSION_1_LINE.fullmatch, map(str.strip, lines))):
        return kinds.SYSTEM_1
    return kind_of_keys(keys)


def kind_of_keys(keys: frozenset[str]) -> FileKind | None:
    """What a document is that has these keys at its top."""
    for mark in _MARKS:
        if mark.all_of <= keys and len(mark.some_of & keys) >= mark.least:
            return mark.kind
    return None
