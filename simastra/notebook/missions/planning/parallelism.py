"""How a model is shared out to 8 NPUs: it has to fit, and then to be fast."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from simastra import GiB, NetworkConfig, Options, Simulation
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import system
from simastra.notebook.missions.moves import ForbiddenMoveError, keyed, whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.transformer import Family, Generated, Hardware, Model, Parallelism, Training, build
from simastra.units import Bytes, Ns

NPUS, BATCH, MICRO_BATCHES = 8, 16, 4
STARS = Limits(three=1.01, two=1.1, one=1.3)  # of the fastest that fits


@dataclass(frozen=True, slots=True)
class Degrees:
    """How the work is shared out."""

    tp: int
    pp: int
    dp: int

    @property
    def axes(self) -> Mapping[str, int]:
        """Those along which there is more than one NPU, the innermost first."""
        return {name: it for name in ("tp", "dp", "pp") if (it := getattr(self, name)) > 1}


CHOICES: Sequence[Degrees] = tuple(
    Degrees(tp, pp, NPUS // (tp * pp)) for tp in (1, 2, 4) for pp in (1, 2, 4) if tp * pp <= NPUS
)


class SharingOut(PosedMission):
    """A transformer, a cluster of two servers, and memory that isn't enough for everything."""

    title = "Shared out, it has to fit"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("tp-pp-dp", seed)
        self._width = dice.one_of([1024, 1536, 2048, 3072, 4096], "width")
        self._inside = dice.one_of([50, 100, 300], "inside")  # GB/s within a server of 4
        self._between = dice.one_of([12, 25, 50], "between")
        self._fitting = dice.whole(3, 5, "fitting")

    @cached_property
    def model(self) -> Model:
        """What is trained."""
        it = self._width
        family, heads = Family.GPT, 16
        return Model("it", family, 4, it, heads, ffn=4 * it, vocabulary=8192, sequence=1024)

    @cached_property
    def capacity(self) -> Bytes:
        """An NPU's memory, in bytes: some ways to share the model out fit."""
        needed = sorted(self._needed(it) for it in CHOICES)
        return (needed[self._fitting - 1] + needed[self._fitting]) // 2

    @property
    def _story(self) -> str:
        return (
            f"A model of {self.model.layers} layers, {self._width} wide, is trained on 2 servers "
            f"of 4 NPUs: {self._inside} GB/s within them, {self._between} between. A step has "
            f"{BATCH} sequences, {MICRO_BATCHES} micro-batches at most. An NPU has "
            f"{self.capacity / GiB:.2f} GiB.\nHow is it shared out: tensor-parallel (tp), in "
            f"stages of a pipeline (pp), as replicas (dp)? tp * pp * dp is {NPUS}. "
            "`memory(answer)` tells the bytes that it needs, `simulation(answer)` simulates it."
        )

    @property
    def _moves(self) -> str:
        return "a dict of 'tp' and 'pp', 1, 2 or 4 each, and 'dp', such as {'tp': 1, 'pp': 1, ...}."

    def memory(self, answer: object) -> Bytes:
        """What an NPU needs, of the stage that needs most."""
        return self._needed(_degrees(answer))

    def simulation(self, answer: object) -> Simulation:
        """A step, so shared out."""
        return self._simulation(_degrees(answer))

    def _score(self, answer: object) -> Rating:
        asked = _degrees(answer)
        needed = self._needed(asked)
        if needed > self.capacity:
            raise ForbiddenMoveError(
                f"it needs {needed / GiB:.2f} GiB, and there are {self.capacity / GiB:.2f}"
            )
        time = time_of(self._simulation(asked))
        remark = f"A step takes {time:,} ns, and needs {needed / GiB:.2f} GiB"
        return STARS.times(self._best[1]).score(time, remark)

    def par(self) -> dict[str, int]:
        """Try all that fit."""
        it = self._best[0]
        return {"tp": it.tp, "pp": it.pp, "dp": it.dp}

    @cached_property
    def _best(self) -> tuple[Degrees, Ns]:
        fitting = [it for it in CHOICES if self._needed(it) <= self.capacity]
        times = {it: time_of(self._simulation(it)) for it in fitting}
        return min(times.items(), key=lambda it: it[1])

    @cached_property
    def _built(self) -> Callable[[Degrees], Generated]:
        return cache(self._build)

    def _build(self, degrees: Degrees) -> Generated:
        parallelism = Parallelism(
            degrees.tp,
            degrees.pp,
            degrees.dp,
            sequence_parallel=degrees.tp > 1,
            npus_count=tuple(degrees.axes.values()),
        )
        micro_batches = min(BATCH // degrees.dp, MICRO_BATCHES)
        npu = Hardware(peak_perf=312, memory_bandwidth=2039)
        return build(self.model, parallelism, Training(BATCH, micro_batches=micro_batches), npu)

    def _needed(self, degrees: Degrees) -> Bytes:
        return max(stage.total for stage in self._built(degrees).summary.memory)

    def _simulation(self, degrees: Degrees) -> Simulation:
        axes = degrees.axes
        npus = system("ring", dimensions=len(axes), memory_bandwidth=2039)
        links = NetworkConfig(
            topology=["Switch"] * len(axes),
            npus_count=tuple(axes.values()),
            bandwidth=[self._inside if name == "tp" else self._between for name in axes],
            latency=[500] * len(axes),
        )
        options = Options(backend="congestion-unaware")
        return simulation_of(self._built(degrees).trace, npus, links, options=options)


def _degrees(answer: object) -> Degrees:
    names = ("tp", "pp", "dp")
    asked = keyed(answer, names, all_of_them=True)
    read = Degrees(*(whole(asked[name], name, 1, NPUS) for name in names))
    if read.tp * read.pp * read.dp != NPUS:
        product = read.tp * read.pp * read.dp
        raise ForbiddenMoveError(f"tp * pp * dp is {product}; there are {NPUS} NPUs")
    if read not in CHOICES:
        raise ForbiddenMoveError(f"tp and pp may be 1, 2 or 4, not {read.tp} and {read.pp}")
    return read
