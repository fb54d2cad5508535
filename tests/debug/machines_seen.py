"""Small machines whose course can be followed by hand."""

from support.machines import network, one_collective, system

from simastra import CollectiveType, KiB, Simulation, Trace, TraceBuilder


def two_npus() -> Simulation:
    """0 computes for 2000 ns and sends; 1 receives at 3720 ns and computes until 6720 ns.

    The message is on the wire for 65536 B / 53.687 B/ns = 1220 ns, and 500 ns later it is there.
    """
    npus = [TraceBuilder(npu) for npu in range(2)]
    work = npus[0].compute("work before", micros=2)
    npus[0].send("send", size=64 * KiB, to=1, after=work)
    received = npus[1].recv("receive", size=64 * KiB, source=0)
    npus[1].compute("work after", micros=3, after=received)
    return Simulation(Trace.of(npus), system(), network(("Ring", 2)))


def two_dimensions() -> Simulation:
    """An all-reduce of two chunks over two dimensions: reduce-scatter, all-reduce, all-gather."""
    return Simulation(
        one_collective(CollectiveType.ALL_REDUCE),
        system(["ring", "ring"], preferred_dataset_splits=2),
        network(("Ring", 4), ("Switch", 2)),
    )


def incast() -> Simulation:
    """Seven NPUs send to NPU 0 at once, by one switch, which is device 8."""
    npus = [TraceBuilder(npu) for npu in range(8)]
    for npu in range(1, 8):
        npus[npu].send("send", size=64 * KiB, to=0)
        npus[0].recv(f"from {npu}", size=64 * KiB, source=npu)
    return Simulation(Trace.of(npus), system(), network(("Switch", 8)))
