"""``python -m benchmarks.editor``: how long an editor waits for ``simastra debug --dap``.

An all-reduce of 1,024 NPUs in a ring, on this machine; what docs/debugging.md says comes from it.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from simastra import MiB, TraceBuilder
from simastra.debug.adapter.framing import framed, read_message
from simastra.view.table import Table, left, right

NPUS = 1024
SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}
NETWORK = f"topology: [Ring]\nnpus_count: [{NPUS}]\nbandwidth: [50]\nlatency: [500]\n"
THREAD = NPUS // 2
AMID = "until 20us"
"""Where most is under way; some 800,000 events from the beginning."""

Body = dict[str, Any]


@dataclass(slots=True)
class Editor:
    """Asks one thing after the other, and waits for each.

    Attributes:
        asks: takes requests.
        hears: has what is answered.
        waited: milliseconds, by what was asked.
    """

    asks: BinaryIO
    hears: BinaryIO
    waited: dict[str, list[float]] = field(default_factory=dict)
    _sent: int = 0

    def ask(self, command: str, **arguments: object) -> Body:
        """The answer to a request."""
        self._sent += 1
        message = {"seq": self._sent, "type": "request", "command": command, "arguments": arguments}
        self.asks.write(framed(message))
        self.asks.flush()
        answer = self.hear("request_seq", self._sent)
        if not answer["success"]:
            raise RuntimeError(answer["message"])
        body: Body = answer["body"]
        return body

    def hear(self, key: str, value: object) -> Body:
        """The next message that has this value."""
        while (content := read_message(self.hears)) is not None:
            message: Body = json.loads(content)
            if message.get(key) == value:
                return message
        raise RuntimeError("the adapter has left")

    def move(self, command: str, **arguments: object) -> None:
        """A request that moves, up to where it stops."""
        self.ask(command, **arguments)
        self.hear("event", "stopped")

    def time(self, what: str, act: Callable[[], object], times: int = 1) -> None:
        """Note how long something takes."""
        for _ in range(times):
            begin = time.perf_counter()
            act()
            self.waited.setdefault(what, []).append(1000 * (time.perf_counter() - begin))


@contextmanager
def editor() -> Iterator[Editor]:
    """One that has started an adapter, in a folder with inputs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trace = TraceBuilder()
        trace.all_reduce("gradients", size=MiB)
        trace.write(folder / "wl", NPUS)
        (folder / "system.json").write_text(json.dumps(SYSTEM))
        (folder / "network.yml").write_text(NETWORK)
        words = [sys.executable, "-m", "simastra", "debug", "--dap"]
        pipe = subprocess.PIPE
        with subprocess.Popen(words, cwd=folder, stdin=pipe, stdout=pipe) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Editor(process.stdin, process.stdout)  # type: ignore[arg-type]  # of bytes, both


def measure(asking: Editor) -> None:
    """Ask what an editor asks."""
    files = {"workload": "wl", "system": "system.json", "network": "network.yml"}
    asking.time("launch", lambda: asking.ask("launch", **files))
    asking.move("configurationDone")
    asking.move("evaluate", expression=AMID, context="repl")
    asking.time("threads", lambda: asking.ask("threads"), 9)
    asking.time("step into", lambda: asking.move("stepIn", threadId=THREAD), 9)
    asking.time("the first stack", lambda: asking.ask("stackTrace", threadId=THREAD))
    others = iter(range(1, THREAD))
    asking.time("another stack", lambda: asking.ask("stackTrace", threadId=next(others)), 99)
    frame = asking.ask("stackTrace", threadId=THREAD)["stackFrames"][0]["id"]
    asking.time("scopes", lambda: asking.ask("scopes", frameId=frame), 9)
    for scope in asking.ask("scopes", frameId=frame)["scopes"]:
        reference = scope["variablesReference"]
        unfold = partial(asking.ask, "variables", variablesReference=reference)
        asking.time(f"values of {scope['name']}", unfold, 3)
    links = asking.ask("evaluate", expression="links")["variablesReference"]
    page = {"variablesReference": links, "filter": "indexed", "start": 500, "count": 100}
    asking.time("a page of 100 links", lambda: asking.ask("variables", **page), 9)
    asking.time("evaluate", lambda: asking.ask("evaluate", expression="len(in_flight)"), 9)
    asking.time("step back", lambda: asking.move("stepBack", threadId=THREAD), 3)
    asking.ask("disconnect")


def main() -> None:
    """Measure and print."""
    with editor() as asking:
        measure(asking)
    rows = tuple(
        (what, f"{statistics.median(it):,.1f}", f"{max(it):,.1f}")
        for what, it in asking.waited.items()
    )
    table = Table((*left("asked"), *right("median, ms", "longest, ms")), rows, f"{NPUS} NPUs")
    print("\n".join(table.lines()))


if __name__ == "__main__":
    main()
