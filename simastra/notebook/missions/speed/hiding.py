"""Communication that computations could hide: which dependencies does a step really need?"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from simastra import MiB, Simulation, TraceBuilder
from simastra.notebook.missions.dice import Dice
from simastra.notebook.missions.grading import Limits
from simastra.notebook.missions.machines import network, system
from simastra.notebook.missions.moves import ForbiddenMoveError
from simastra.notebook.missions.posed import PosedMission, Rating
from simastra.notebook.missions.running import simulation_of, time_of
from simastra.trace.nodes import Node
from simastra.units import Ns

NPUS = 8
OPTIMIZER = 50  # µs
STARS = Limits(three=1.001, two=1.03, one=1.1)  # of the authors' time


class Hiding(PosedMission):
    """A backward pass that waits for each all-reduce before it goes on."""

    title = "Hide the communication"

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        dice = Dice("hide-communication", seed)
        self.layers = dice.whole(4, 7, "layers")
        layers = range(self.layers)
        self.micros = tuple(dice.whole(150, 320, "micros", layer) for layer in layers)
        """What each layer computes, in µs."""
        self.sizes = tuple(dice.whole(2, 5, "size", layer) * MiB for layer in layers)
        """What each layer sums up, in bytes."""

    @cached_property
    def given(self) -> TraceBuilder:
        """The step as it is: each NPU does the same."""
        return self._as_given()

    def _as_given(self) -> TraceBuilder:
        trace, gradients = TraceBuilder(), list[Node]()
        for layer in self._backwards:
            done = self._compute(trace, layer, gradients[-1:])
            gradients.append(self._reduce(trace, layer, [done]))
        trace.compute("optimizer", micros=OPTIMIZER, after=gradients)
        return trace

    def simulation(self, trace: TraceBuilder) -> Simulation:
        """All NPUs with the same trace."""
        links = network("Ring", NPUS, bandwidth=50, latency=500)
        return simulation_of(trace, system("ring", memory_bandwidth=1600), links)

    @cached_property
    def now(self) -> Ns:
        """What the step takes as it is, in ns."""
        return time_of(self.simulation(self._as_given()))

    @property
    def _story(self) -> str:
        return (
            f"{NPUS} NPUs go backward through {self.layers} layers: `given` is their trace, "
            "`micros` and `sizes` are what each layer computes and sums up, in µs and bytes, and "
            f"`simulation(trace)` simulates one. It takes {self.now:,} ns, as every computation "
            "waits for the all-reduce before it.\nA layer's gradients need its own computation, "
            "that computation the one of the layer above, and the optimizer all gradients; nothing "
            "else has to wait. Make a trace of the same work that hides the communication."
        )

    @property
    def _moves(self) -> str:
        return (
            "a TraceBuilder with the nodes of `given`: the same names, durations and sizes. Only "
            "order and dependencies may change; nothing may be smaller, left out or added."
        )

    def _score(self, answer: object) -> Rating:
        trace = self._checked(answer)
        time = time_of(self.simulation(trace))
        par = time_of(self.simulation(self.par()))
        remark = f"It takes {time:,} ns rather than {self.now:,}"
        return STARS.times(par).score(time, remark)

    def par(self) -> TraceBuilder:
        """Computations wait for computations only."""
        trace, gradients = TraceBuilder(), list[Node]()
        done: list[Node] = []
        for layer in self._backwards:
            done = [self._compute(trace, layer, done)]
            gradients.append(self._reduce(trace, layer, done))
        trace.compute("optimizer", micros=OPTIMIZER, after=gradients)
        return trace

    @property
    def _backwards(self) -> Sequence[int]:
        return range(self.layers - 1, -1, -1)

    def _compute(self, trace: TraceBuilder, layer: int, after: Iterable[Node]) -> Node:
        return trace.compute(f"backward {layer}", micros=self.micros[layer], after=after)

    def _reduce(self, trace: TraceBuilder, layer: int, after: Iterable[Node]) -> Node:
        return trace.all_reduce(f"gradients {layer}", size=self.sizes[layer], after=after)

    def _checked(self, answer: object) -> TraceBuilder:
        """The given trace's work, in the order and with the dependencies of the answer.

        Nothing but these is taken from the answer, which is read once.

        Raises:
            ForbiddenMoveError: it isn't, or something doesn't wait for what it needs.
        """
        if not isinstance(answer, TraceBuilder) or answer.npu is not None:
            raise ForbiddenMoveError("a TraceBuilder for all NPUs is wanted, as in `given`")
        nodes = answer.nodes
        wanted = {node.name: node for node in self._as_given().nodes}
        if sorted(node.name for node in nodes) != sorted(wanted):
            raise ForbiddenMoveError(f"the nodes must be {', '.join(sorted(wanted))}, each once")
        for node in nodes:
            if _work(node) != _work(wanted[node.name]):
                raise ForbiddenMoveError(f"{node.name!r} has another duration, size or kind")
        by_name = {node.name: node for node in nodes}
        for name, needed in self._needs():
            if by_name[needed].id not in _ancestors(by_name[name], nodes):
                raise ForbiddenMoveError(f"{name!r} doesn't wait for {needed!r}, which it needs")
        return self._again(nodes)

    def _again(self, nodes: Iterable[Node]) -> TraceBuilder:
        """The work of these names, in this order, each after what it waits for here."""
        trace, made = TraceBuilder(), dict[int, Node]()
        for node in nodes:
            what, _, layer = node.name.partition(" ")
            after = [made[it] for it in node.data_deps]
            if what == "backward":
                made[node.id] = self._compute(trace, int(layer), after)
            elif what == "gradients":
                made[node.id] = self._reduce(trace, int(layer), after)
            else:
                made[node.id] = trace.compute("optimizer", micros=OPTIMIZER, after=after)
        return trace

    def _needs(self) -> Iterable[tuple[str, str]]:
        for layer in range(self.layers):
            yield f"gradients {layer}", f"backward {layer}"
            yield "optimizer", f"gradients {layer}"
            if layer + 1 < self.layers:
                yield f"backward {layer}", f"backward {layer + 1}"


def _work(node: Node) -> tuple[object, ...]:
    """All of a node but its place."""
    return (
        *(node.type, node.comm_type, node.comm_size, node.comm_sizes, node.duration),
        *(node.duration_nanos, node.num_ops, node.tensor_size, node.is_cpu_op, node.involved_dim),
        *(node.pg_name, node.comm_uneven),
    )


def _ancestors(node: Node, nodes: Sequence[Node]) -> set[int]:
    """Ids of all that a node waits for, directly or through others."""
    by_id: Mapping[int, Node] = {it.id: it for it in nodes}
    found: set[int] = set()
    left = list(node.data_deps)
    while left:
        if (id := left.pop()) not in found:
            found.add(id)
            left.extend(by_id[id].data_deps)
    return found
