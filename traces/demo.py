"""Both parts of demo 1: makes each trace, simulates it through the command line, and checks it.

Ends with status 0 if every NPU finishes at the cycle and in the order that ASTRA-sim gives.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TRACES = Path(__file__).parent
FINISH_LINE = re.compile(r"sys\[(\d+)\] finished, (\d+) cycles")


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder of traces/, and what comes out of simulating it.

    Attributes:
        folder: holds make_trace.py and the machine's files.
        trace: prefix of the trace that make_trace.py writes.
        story: what is simulated, for people.
        cycles: when every NPU finishes, in ns.
        order: the NPUs in the order in which they finish.
    """

    folder: str
    trace: str
    story: str
    cycles: int
    order: tuple[int, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What follows ``simastra`` on the command line, with paths from the folder above."""
        here = f"{TRACES.name}/{self.folder}"
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
)


def main() -> int:
    """Play all demos; the exit status is the number of those that came out wrong."""
    return sum(not play(demo) for demo in DEMOS)


def play(demo: Demo) -> bool:
    """Show one demo, and tell whether it came out as expected."""
    print(f"{demo.folder}: {demo.story}")
    run_python(str(TRACES / demo.folder / "make_trace.py"))
    print("$ simastra", " \\\n    ".join(demo.words))
    output = run_python("-m", "simastra", *demo.words)
    print(output, end="")
    expected = [(npu, demo.cycles) for npu in demo.order]
    finishes = [(int(npu), int(cycles)) for npu, cycles in FINISH_LINE.findall(output)]
    right = finishes == expected
    order = ",".join(map(str, demo.order))
    print("as expected" if right else "WRONG", f"({demo.cycles} cycles, NPUs {order})\n")
    return right


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
