"""What tools cost on a long trace: processes as a whole, beside the plain run of the same trace."""

import json
import re
import sys
import tempfile
from pathlib import Path

from simastra.trace import Trace, write_trace

from .loading import nodes
from .process import run_process
from .record import Row
from .settings import Settings

SIZES = (100_000, 1_000_000)
"""Nodes of the trace, which is one NPU's."""
QUICK_NODES = 20_000
_LIMIT = 1800.0  # seconds
_MB = 1e6
_SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}
_NETWORK = "topology: [Ring]\nnpus_count: [1]\nbandwidth: [50.0]\nlatency: [500.0]\n"

_BACK = r"""
import sys
from time import process_time
from simastra import Simulation
from simastra.debug import Stepper
stepper = Stepper(Simulation("trace", "system.json", "network.yml"))
stepper.go_to(int(sys.argv[1]))
start = process_time()
stepper.back()
print(process_time() - start)
"""

_FILES = ("--workload", "trace", "--system", "system.json", "--network", "network.yml", "--quiet")
_TOOLS = {
    "run": ("run", *_FILES),
    "run --json": ("run", *_FILES, "--json", "run.json"),
    "run --json --timeline": ("run", *_FILES, "--json", "run.json", "--timeline", "run.trace.json"),
    "run --explain": ("run", *_FILES, "--explain"),
    "report": ("report", *_FILES, "--output", "report.html"),
}


def measure(settings: Settings) -> list[Row]:
    """Measure each size in turn."""
    rows: list[Row] = []
    for size in (QUICK_NODES,) if settings.quick else SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_trace(folder / "trace", Trace.uniform(nodes(size), 1))
            (folder / "system.json").write_text(json.dumps(_SYSTEM), encoding="utf-8")
            (folder / "network.yml").write_text(_NETWORK, encoding="utf-8")
            rows += [_tool(tool, words, size, folder) for tool, words in _TOOLS.items()]
            rows.append(_back(size, folder))
    return rows


def _tool(tool: str, words: tuple[str, ...], size: int, folder: Path) -> Row:
    process = run_process((sys.executable, "-m", "simastra", *words), folder, _LIMIT)
    if process.code:
        sys.exit(f"{tool}: {process.errors}")
    row: Row = {
        "what": f"{tool}, {size:,} nodes",
        "cpu_seconds": round(process.cpu, 2),
        "peak_megabytes": round(process.peak / _MB),
    }
    if tool == "report":
        row["page_megabytes"] = round((folder / "report.html").stat().st_size / _MB, 2)
    print(f"  {row['what']}: {row['cpu_seconds']} s, {row['peak_megabytes']} MB")
    return row


def _back(size: int, folder: Path) -> Row:
    """A step back from the position of that number."""
    position = size
    words = (sys.executable, "-W", "ignore", "-c", _BACK, str(position))
    process = run_process(words, folder, _LIMIT)
    found = re.search(r"[\d.]+", process.output)
    if process.code or not found:
        sys.exit(f"back: {process.errors}")
    row: Row = {
        "what": f"debugger, back from position {position:,}",
        "cpu_seconds": round(float(found[0]), 2),
    }
    print(f"  {row['what']}: {row['cpu_seconds']} s")
    return row
