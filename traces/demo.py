"""The demos: makes each trace, simulates it through the command line, and checks what comes out.

Ends with status 0 if every NPU finishes at the cycle and in the order that ASTRA-sim gives; or, for
what ASTRA-sim's tools can't convert, that simastra gave before.
"""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

TRACES = Path(__file__).parent
FINISH_LINE = re.compile(r"sys\[(\d+)\] finished, (\d+) cycles")


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder of traces/, and what comes out of simulating it.

    Attributes:
        folder: holds make_trace.py, or a text to convert, and the machine's files.
        trace: prefix of the trace that is made.
        story: what is simulated, for people.
        cycles: when every NPU finishes, in ns.
        order: the NPUs in the order in which they finish.
        text: the text workload that the trace is converted from; None where make_trace.py makes it.
        dialect: whose conversion that is.
    """

    folder: str
    trace: str
    story: str
    cycles: int
    order: tuple[int, ...]
    text: str | None = None
    dialect: str = "simastra"

    @property
    def here(self) -> str:
        """The folder, from the one above traces/."""
        return f"{TRACES.name}/{self.folder}"

    @property
    def conversion(self) -> tuple[str, ...]:
        """What follows ``simastra`` on the command line to convert the text."""
        return (
            "convert",
            "text",
            f"{self.here}/{self.text}",
            f"--output={self.here}/{self.trace}",
            f"--npus={len(self.order)}",
            f"--dialect={self.dialect}",
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What follows ``simastra`` on the command line, with paths from the folder above."""
        here = self.here
        return (
            "run",
            f"--workload={here}/{self.trace}",
            f"--system={here}/system.json",
            f"--network={here}/network.yml",
            f"--memory={here}/memory.json",
        )


DEMOS = (
    Demo(
        folder="demo1_allreduce",
        trace="allreduce",
        story="8 NPUs on a ring reduce 1 MiB, in 4 chunks of 29445 cycles one after another",
        cycles=117780,
        order=(0, 1, 2, 3, 4, 5, 6, 7),
    ),
    Demo(
        folder="demo1_three_nodes",
        trace="three_nodes",
        story="the same all-reduce, a 2 MiB all-gather after it, and 50 us of computation beside",
        cycles=405520,
        order=(4, 5, 6, 7, 0, 1, 2, 3),
    ),
    Demo(
        folder="demo2_text_mlp",
        trace="mlp_hoti2024",
        story="a text workload, converted as Chakra did for ASTRA-sim of 2024: 195206 us of "
        "computation, and collectives that are dropped, as the notice says",
        cycles=195206000,
        order=(0, 1, 2, 3, 4, 5, 6, 7),
        text="mlp.txt",
        dialect="hoti2024",
    ),
    Demo(
        folder="demo2_text_mlp",
        trace="mlp_simastra",
        story="the same text, converted as it is meant: with its collectives",
        cycles=195350188,
        order=(0, 1, 2, 3, 4, 5, 6, 7),
        text="mlp.txt",
    ),
)


@dataclass(frozen=True, slots=True)
class Recording:
    """A folder of traces/ with recorded PyTorch traces, and what comes out of simulating them.

    Attributes:
        folder: holds host.<rank>.json.gz, device.<rank>.json.gz, and the machine's files.
        story: what is simulated, for people.
        finishes: each NPU, and when it finishes, in ns; in the order in which they do.
    """

    folder: str
    story: str
    finishes: tuple[tuple[int, int], ...]

    def link_words(self, rank: int, linked: str) -> tuple[str, ...]:
        """What follows ``simastra`` on the command line to link the traces of a rank."""
        recorded = (f"{TRACES.name}/{self.folder}/{s}.{rank}.json.gz" for s in ("host", "device"))
        return ("link", *recorded, f"--output={linked}", f"--rank={rank}")

    def run_words(self, trace: str) -> tuple[str, ...]:
        """What follows ``simastra`` on the command line to simulate the converted trace."""
        here = f"{TRACES.name}/{self.folder}"
        return (
            "run",
            f"--workload={trace}",
            f"--system={here}/system.json",
            f"--network={here}/network.yml",
            f"--memory={here}/memory.json",
            "--extended-collectives",
            "--exact-durations",
        )

    def measured(self, rank: int) -> int:
        """How long the recorded steps took, in ns: from the start of the first to the last's end.

        The profiler marks each step with an event of this name, in microseconds.
        """
        path = TRACES / self.folder / f"device.{rank}.json.gz"
        events = json.loads(gzip.decompress(path.read_bytes()))["traceEvents"]
        steps = [
            event
            for event in events
            if event["name"].startswith("ProfilerStep#") and event["cat"] == "user_annotation"
        ]
        start = min(step["ts"] for step in steps)
        return round((max(step["ts"] + step["dur"] for step in steps) - start) * 1000)


RECORDINGS = (
    Recording(
        folder="demo3_resnet",
        story="two steps of ResNet-50, which PyTorch recorded: two processes, data parallel, CPUs",
        finishes=((0, 1278686060), (1, 1284098875)),
    ),
)


def main() -> int:
    """Play all demos; the exit status is the number of those that came out wrong."""
    wrong = [demo.folder for demo in DEMOS if not play(demo)]
    wrong += [recording.folder for recording in RECORDINGS if not play_recording(recording)]
    return len(wrong)


def play(demo: Demo) -> bool:
    """Show one demo, and tell whether it came out as expected."""
    print(f"{demo.folder}: {demo.story}")
    if demo.text is None:
        run_python(str(TRACES / demo.folder / "make_trace.py"))
    else:
        print(run_simastra(demo.conversion), end="")
    output = run_simastra(demo.words)
    print(output, end="")
    expected = [(npu, demo.cycles) for npu in demo.order]
    finishes = [(int(npu), int(cycles)) for npu, cycles in FINISH_LINE.findall(output)]
    right = finishes == expected
    order = ",".join(map(str, demo.order))
    print("as expected" if right else "WRONG", f"({demo.cycles} cycles, NPUs {order})\n")
    return right


def play_recording(recording: Recording) -> bool:
    """Link, convert and simulate what was recorded, and set it beside what was measured."""
    print(f"{recording.folder}: {recording.story}")
    with TemporaryDirectory() as folder:
        for rank in range(len(recording.finishes)):
            linked = f"{folder}/linked.{rank}.json"
            print(run_simastra(recording.link_words(rank, linked)), end="")
            words = ("convert", "pytorch", linked, f"--output={folder}/resnet.{rank}.et")
            print(run_simastra(words), end="")
        output = run_simastra(recording.run_words(f"{folder}/resnet"))
    print(output, end="")
    finishes = tuple((int(npu), int(cycles)) for npu, cycles in FINISH_LINE.findall(output))
    print("             measured      simulated")
    for npu, cycles in sorted(finishes):
        measured = recording.measured(npu)
        change = (cycles / measured - 1) * 100
        print(f"NPU {npu}  {measured / 1e6:10.3f} ms  {cycles / 1e6:10.3f} ms  {change:+.2f} %")
    right = finishes == recording.finishes
    expected = ", ".join(f"NPU {npu} {cycles} cycles" for npu, cycles in recording.finishes)
    print("as expected" if right else "WRONG", f"({expected})\n")
    return right


def run_simastra(words: Sequence[str]) -> str:
    """Show a command line and run it; return what it prints on stdout, and let stderr through."""
    # Flushed, or what it says on stderr would come before it where stdout is no terminal.
    plain = " ".join(word for word in words if not word.startswith("--"))
    options = [word for word in words if word.startswith("--")]
    print(" \\\n    ".join([f"$ simastra {plain}", *options]), flush=True)
    return run_python("-m", "simastra", *words)


def run_python(*words: str) -> str:
    """Run this Python with these arguments above traces/; return what it prints.

    Ends the whole program, with the same status, if that fails; what is wrong is on stderr then.
    """
    done = subprocess.run(
        [sys.executable, *words], cwd=TRACES.parent, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
