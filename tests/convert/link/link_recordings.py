"""Small recordings to link, drawn in a few lines, and the large public ones beside the project."""

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from simastra.convert.link import LinkSummary, link_traces

PUBLIC = Path(__file__).parents[3].parent / "shared" / "data" / "traces"

needs_public = pytest.mark.skipif(
    not PUBLIC.is_dir(), reason="the recorded traces aren't beside the project"
)

MODERN = "1.1.1-chakra.0.0.4"
PROCESS = "[pytorch|profiler|execution_trace|process]"
THREAD = "[pytorch|profiler|execution_trace|thread]"
PID = 77


@dataclass
class Recording:
    """A process's host nodes and device events. Times are µs; host thread 1 is 101 to Kineto."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    schema: str = MODERN
    with_rf_ids: bool = True

    def __post_init__(self) -> None:
        self.node(1, PROCESS, parent=1, rf_id=0, tid=0)
        self.node(2, THREAD, parent=1, rf_id=0)

    def node(self, id_: int, name: str, *, parent: int = 2, rf_id: int, tid: int = 1) -> None:
        """A host node alone."""
        values: dict[str, Any] = {"values": [[id_, 8, 0, 4, 4, "cuda:0"]], "shapes": [[4]]}
        values["types"] = ["Tensor(float)"]
        attributes = {"rf_id": rf_id, "fw_parent": 0, "seq_id": -1, "scope": 7, "tid": tid}
        types = {"seq_id": "int64"}
        self.nodes.append(
            {
                "id": id_,
                "name": name,
                "ctrl_deps": parent,
                "inputs": values,
                "outputs": {"values": [], "shapes": [], "types": []},
                "attrs": [
                    {"name": key, "type": types.get(key, "uint64"), "value": value}
                    for key, value in attributes.items()
                ],
            }
        )

    def op(
        self, id_: int, name: str, start: float, dur: float, *, parent: int = 2, tid: int = 1
    ) -> None:
        """An operator on both sides; its record function id is ten times its id."""
        self.node(id_, name, parent=parent, rf_id=10 * id_, tid=tid)
        args: dict[str, Any] = {"External id": id_ + 5000}
        if self.with_rf_ids:
            args["Record function id"] = 10 * id_
        self.event("cpu_op", name, start, dur, tid=100 + tid, args=args)

    def kernel(
        self, number: int, launched: float, start: float, name: str = "gemm", **changes: Any
    ) -> None:
        """A kernel of 5 µs and its launch of 1 µs on host thread 1."""
        self.launch(number, launched)
        self.on_gpu(number, start, name, **changes)

    def launch(self, number: int, start: float, name: str = "cudaLaunchKernel") -> None:
        args = {"correlation": number}
        self.event("cuda_runtime", name, start, 1, tid=101, args=args)

    def on_gpu(
        self, number: int, start: float, name: str = "gemm", cat: str = "kernel", **args: Any
    ) -> None:
        known = {"device": 0, "stream": 7, "correlation": number, **args}
        self.event(cat, name, start, 5, tid=7, args=known)

    def event(
        self, cat: str, name: str, start: float, dur: float, *, tid: int, args: dict[str, Any]
    ) -> None:
        self.events.append(
            {"ph": "X", "cat": cat, "name": name, "pid": PID, "tid": tid, "ts": start, "dur": dur}
            | {"args": args}
        )

    @property
    def host(self) -> dict[str, Any]:
        return {"schema": self.schema, "pid": PID, "start_ts": 3, "nodes": self.nodes}

    @property
    def device(self) -> dict[str, Any]:
        return {"schemaVersion": 1, "traceEvents": self.events, "traceName": "t"}

    def link(self, folder: Path, *, rank: int | None = None, like_chakra: bool = False) -> "Linked":
        write(folder / "host.json", self.host)
        write(folder / "device.json", self.device)
        output = folder / "linked.json"
        inputs = folder / "host.json", folder / "device.json"
        summary = link_traces(*inputs, output, rank=rank, like_chakra=like_chakra)
        return Linked(json.loads(output.read_text()), summary)


@dataclass(frozen=True)
class Linked:
    """What came out."""

    document: dict[str, Any]
    summary: LinkSummary

    @property
    def nodes(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = self.document["nodes"]
        return nodes

    def named(self, name: str) -> dict[str, Any]:
        return next(node for node in self.nodes if node["name"] == name)

    def launched_by(self, name: str) -> list[str]:
        launcher = self.named(name)["id"]
        return [n["name"] for n in self.nodes if "cat" in n and n["ctrl_deps"] == launcher]


def write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    document: dict[str, Any] = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    return document
