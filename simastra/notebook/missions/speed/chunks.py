"""Into how many chunks is a collective over two dimensions cut best?"""

from simastra import MiB, NetworkConfig, Simulation, SystemConfig, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.moves import whole
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, times_of

STARS = Limits(three=1.02, two=1.1, one=1.25)  # of the best number among powers of two
MOST = 64
ACTIVE = 4
POWERS = (1, 2, 4, 8, 16, 32, 64)


class ChunkCount(PosedMission):
    """An all-reduce over servers and the network between them, cut into chunks."""

    title = "Chunks"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("chunks", seed)
        self.size = dice.one_of([1, 2, 3, 4, 6], "size") * MiB
        self.latency = 100 * dice.whole(5, 60, "latency")
        self._time = times_of(self.simulation)

    @property
    def _story(self) -> str:
        return (
            f"4 servers of 4 NPUs on rings (100 GB/s, 500 ns), joined by rings of 50 GB/s and "
            f"{self.latency} ns, sum up {self.size // MiB} MiB. Few chunks leave one dimension "
            "idle while the other works; many pay for latency again and again.\n"
            f"{ACTIVE} chunks at most are under way in a dimension. How many should there be? "
            "`simulation(chunks)` tries."
        )

    @property
    def _moves(self) -> str:
        return f"a whole number, 1 to {MOST}."

    def simulation(self, chunks: int) -> Simulation:
        """The all-reduce, cut into so many chunks."""
        trace = TraceBuilder()
        trace.all_reduce("all-reduce", size=self.size)
        npus = SystemConfig(
            all_reduce_implementation=["ring", "ring"],
            preferred_dataset_splits=chunks,
            active_chunks_per_dimension=ACTIVE,
            local_mem_bw=400,
        )
        links = NetworkConfig(
            topology=["Ring", "Ring"],
            npus_count=[4, 4],
            bandwidth=[100, 50],
            latency=[500, self.latency],
        )
        return simulation_of(trace, npus, links)

    def _score(self, answer: object) -> Rating:
        chunks = whole(answer, "the number of chunks", 1, MOST)
        time = self._time(chunks)
        remark = f"With {chunks} it takes {time:,} ns"
        return STARS.times(self._time(self.par())).score(time, remark)

    def par(self) -> int:
        """The best power of two."""
        return min(POWERS, key=self._time)
