"""Demo 1, second part: three nodes on each of 8 NPUs, one of which depends on another."""

from pathlib import Path

from simastra import MiB, TraceBuilder

et = TraceBuilder()
reduced = et.all_reduce("All-Reduce", size=1 * MiB)
et.all_gather("All-Gather", size=2 * MiB, after=reduced)
et.compute("Compute", micros=50)
for path in et.write(Path(__file__).with_name("three_nodes"), npus=8):
    print(path.name)
