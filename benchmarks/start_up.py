"""What a small run takes on the command line, most of which is starting Python."""

import sys
import tempfile
from compileall import compile_dir
from pathlib import Path
from statistics import median

from .catalogue import WORKS
from .process import run_process
from .record import Row
from .settings import Settings
from .work import MEMORY, NETWORK, SYSTEM, TRACE

HERE = Path(__file__).parent.parent

TIMES = 15
QUICK_TIMES = 3


def measure(settings: Settings) -> list[Row]:
    """Time ``simastra run`` on the first demo's work, beside Python and its largest imports."""
    compile_dir(HERE / "simastra", quiet=1)  # as installing does; else each run might do it anew
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        WORKS["ring-8"].write(folder)
        run = (
            *("-m", "simastra", "run", "--quiet"),
            *("--workload", str(folder / TRACE), "--system", str(folder / SYSTEM)),
            *("--network", str(folder / NETWORK), "--memory", str(folder / MEMORY)),
        )
        commands: dict[str, tuple[str, ...]] = {
            "python": ("-c", ""),
            "import simpy": ("-c", "import simpy"),
            "import pydantic": ("-c", "import pydantic; pydantic.BaseModel"),
            "import simastra": ("-c", "import simastra; simastra.Simulation"),
            "simastra run, 8 NPUs": run,
        }
        times = QUICK_TIMES if settings.quick else TIMES
        return [_measure(name, words, times) for name, words in commands.items()]


def _measure(name: str, words: tuple[str, ...], times: int) -> Row:
    runs = [run_process((sys.executable, *words), HERE, 60) for _ in range(times)]
    if any(run.code for run in runs):
        sys.exit(f"{name}: {runs[0].errors}")
    seconds = [run.wall for run in runs]
    row: Row = {
        "command": name,
        "seconds": round(min(seconds), 3),
        "median_seconds": round(median(seconds), 3),
    }
    print(f"  {name:22} {row['seconds']:.3f} s, half of the times {row['median_seconds']:.3f} s")
    return row
