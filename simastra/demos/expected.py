"""What each demo simulates, and what has to come out of it.

Cycles and orders are those that ASTRA-sim gives; or, of what its tools can't convert, those that
simastra gave before.
"""

from dataclasses import dataclass

from .shipped import TRACES


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
        return f"{TRACES}/{self.folder}"

    @property
    def finishes(self) -> tuple[tuple[int, int], ...]:
        """Each NPU, and when it finishes, in ns; in the order in which they do."""
        return tuple((npu, self.cycles) for npu in self.order)

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
        return ("run", f"--workload={self.here}/{self.trace}", *_machine(self.here))


@dataclass(frozen=True, slots=True)
class Recording:
    """A folder of traces/ with recorded PyTorch traces, and what comes out of simulating them.

    Attributes:
        folder: holds host.<rank>.json.gz, device.<rank>.json.gz, and the machine's files.
        trace: prefix of the traces that are made, from the folder above.
        story: what is simulated, for people.
        finishes: each NPU, and when it finishes, in ns; in the order in which they do.
    """

    folder: str
    trace: str
    story: str
    finishes: tuple[tuple[int, int], ...]

    @property
    def here(self) -> str:
        """The folder, from the one above traces/."""
        return f"{TRACES}/{self.folder}"

    def device(self, rank: int) -> str:
        """The file of what a rank's devices did."""
        return f"{self.here}/device.{rank}.json.gz"

    def conversion(self, rank: int) -> tuple[tuple[str, ...], ...]:
        """What follows ``simastra`` on the command lines that link and convert a rank's traces."""
        linked = f"{self.trace}.linked.{rank}.json"
        recorded = (f"{self.here}/host.{rank}.json.gz", self.device(rank))
        return (
            ("link", *recorded, f"--output={linked}", f"--rank={rank}"),
            ("convert", "pytorch", linked, f"--output={self.trace}.{rank}.et"),
        )

    @property
    def words(self) -> tuple[str, ...]:
        """What follows ``simastra`` on the command line to simulate the converted trace."""
        options = ("--extended-collectives", "--exact-durations")
        return ("run", f"--workload={self.trace}", *_machine(self.here), *options)


def _machine(folder: str) -> tuple[str, ...]:
    return (
        f"--system={folder}/system.json",
        f"--network={folder}/network.yml",
        f"--memory={folder}/memory.json",
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

RECORDINGS = (
    Recording(
        folder="demo3_resnet",
        trace="out/resnet",
        story="two steps of ResNet-50, which PyTorch recorded: two processes, data parallel, CPUs",
        finishes=((0, 1278686060), (1, 1284098875)),
    ),
)
