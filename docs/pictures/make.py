"""Every picture of README.md and docs/, made by simastra's own commands: ``make pictures``.

The same commands give the same bytes everywhere, so a test makes them anew and compares.
"""

import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from simastra.cli import ExitCode

PICTURES = Path(__file__).parent
ROOT = PICTURES.parent.parent
DRAWN = (ExitCode.OK, ExitCode.DEADLOCK)
"""How a command may end; a run that can't finish is drawn all the same."""

COMMANDS = (
    "generate transformer --model llama2-7b --layers 8 --pp 4 --dp 2 --micro-batches 8"
    " --output {out}/llama",
    "report --workload {out}/llama --comm-groups {out}/llama.groups.json --system @hgx-h100"
    " --network @hgx-h100:8 --title 'A training step of 8 layers of Llama-2 on 8 H100s'"
    " --output {out}/step.html --picture {out}/step.svg",
    "report --workload {traces}/hang_pipeline/stage --system {traces}/hang_pipeline/system.json"
    " --network {traces}/hang_pipeline/network.yml --title 'A pipeline that stands still'"
    " --output {out}/hang.html --picture {out}/hang.svg",
)


def main() -> None:
    """Make the pictures beside this file, or in the folder that is given."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    with TemporaryDirectory() as out:
        for command in COMMANDS:
            words = [it.format(out=out, traces=ROOT / "traces") for it in shlex.split(command)]
            done = subprocess.run(
                [sys.executable, "-m", "simastra", *words],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode not in DRAWN:
                sys.exit(done.stderr)
        for picture in sorted(Path(out).glob("*.svg")):
            (target / picture.name).write_bytes(picture.read_bytes())
            print(target / picture.name)


if __name__ == "__main__":
    main()
