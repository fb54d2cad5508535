"""Demo 1, first part: one all-reduce of 1 MiB, the same on each of 8 NPUs."""

from pathlib import Path

from simastra import MiB, TraceBuilder

et = TraceBuilder()
et.all_reduce("All-Reduce", size=1 * MiB)
for path in et.write(Path(__file__).with_name("allreduce"), npus=8):
    print(path.name)
