"""Device traces drawn in a few lines, and what becomes of them on one NPU."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.trace_files import decode_nodes

from simastra import Options, Simulation
from simastra.convert.kineto import read_device_trace
from simastra.convert.pytorch import Conversion, convert_pytorch
from simastra.simulation import dialect_named
from simastra.trace import Node

PID = 77
SYSTEM = """{"preferred-dataset-splits": 4, "all-reduce-implementation": ["ring"],
"all-gather-implementation": ["ring"], "reduce-scatter-implementation": ["ring"],
"all-to-all-implementation": ["direct"]}"""
NETWORK = "topology: [FullyConnected]\nnpus_count: [2]\nbandwidth: [50]\nlatency: [500]\n"


@dataclass
class DeviceRecording:
    """A device trace in the making. Times are µs; thread 1 is the host's, if not said otherwise."""

    header: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def op(self, name: str, start: float, dur: float, tid: int = 1, **args: Any) -> None:
        """An operator of the host."""
        self._event("cpu_op", name, start, dur, tid, args)

    def call(self, number: int, name: str, start: float, dur: float = 1, tid: int = 1) -> None:
        """A call of the runtime."""
        self._event("cuda_runtime", name, start, dur, tid, {"correlation": number})

    def kernel(
        self,
        number: int,
        start: float,
        dur: float,
        name: str = "gemm",
        stream: int = 7,
        **args: Any,
    ) -> None:
        """A kernel without its launch."""
        known = {"device": 0, "stream": stream, "correlation": number, **args}
        self._event("kernel", name, start, dur, stream, known)

    def copy(self, number: int, start: float, dur: float, name: str) -> None:
        """A copy without its call."""
        self._event("gpu_memcpy", name, start, dur, 7, {"stream": 7, "correlation": number})

    def launched(self, number: int, call: float, start: float, dur: float, **more: Any) -> None:
        """A kernel and the call that launched it, of 1 µs."""
        self.call(number, "cudaLaunchKernel", call)
        self.kernel(number, start, dur, **more)

    def sync(self, number: int, start: float, **args: Any) -> None:
        """What Kineto says of a call that waits."""
        known = {"correlation": number, "device": 0, **args}
        self._event("cuda_sync", "Sync", start, 1, 0, known)

    def _event(
        self, cat: str, name: str, start: float, dur: float, tid: int, args: dict[str, Any]
    ) -> None:
        event = {"ph": "X", "cat": cat, "name": name, "pid": PID, "tid": tid, "ts": start}
        self.events.append({**event, "dur": dur, "args": args})

    def write(self, path: Path) -> Path:
        document = {"schemaVersion": 1, **self.header, "traceEvents": self.events}
        path.write_text(json.dumps(document))
        return path

    def converted(self, folder: Path) -> Conversion:
        return convert_pytorch(read_device_trace(self.write(folder / "device.json")))

    def nodes(self, folder: Path) -> dict[str, Node]:
        """The nodes of an ET by their names."""
        return {node.name: node for node in decode_nodes(self.converted(folder).content, "x")}


def simulated(conversion: Conversion, folder: Path) -> int:
    """Cycles of a trace on two NPUs that do the same."""
    for npu in (0, 1):
        (folder / f"t.{npu}.et").write_bytes(conversion.content)
    (folder / "system.json").write_text(SYSTEM)
    (folder / "network.yml").write_text(NETWORK)
    result = Simulation(
        folder / "t",
        folder / "system.json",
        folder / "network.yml",
        options=Options(dialect=dialect_named("master", exact_durations=True)),
    ).run()
    return result.finishes[0].cycles
