"""simastra as a wheel: built, and installed into environments that have nothing else.

An environment made here can't read the checkout: Python refuses it there (`_GUARD`).
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NETWORK_TROUBLE = ("Could not find a version", "Failed to establish", "Temporary failure in name")

_GUARD = f"""\
import os, sys

def refuse(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if path == {str(ROOT)!r} or path.startswith({str(ROOT) + os.sep!r}):
            sys.stderr.write(f"the checkout is read: {{path}}\\n")
            os._exit(99)

sys.addaudithook(refuse)
"""


def build(kind: str, source: Path, output: Path, **environment: str) -> Path:
    """Build what `kind` says, "wheel" or "sdist", of a folder of sources."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(output)]
    environment = {**os.environ, **environment}
    subprocess.run(words, cwd=source, env=environment, check=True, capture_output=True)
    (made,) = output.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment with a wheel of simastra.

    Attributes:
        folder: where it is.
        wheel: what was installed into it.
    """

    folder: Path
    wheel: Path

    @property
    def programs(self) -> Path:
        """Where its programs are."""
        return self.folder / "bin"

    def install(self, *requirements: str) -> None:
        """Install packages; the test is left out where none can be had."""
        words = [self.programs / "python", "-m", "pip", "install", "--quiet", *requirements]
        words += ["--disable-pip-version-check"]
        # Not here: Python would look into the checkout for modules, and isn't let.
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            words, cwd=self.folder, env=ours, capture_output=True, text=True, check=False
        )
        if any(it in done.stderr for it in NETWORK_TROUBLE):
            pytest.skip("no packages can be had here")
        assert done.returncode == 0, done.stderr

    def add(self, extra: str) -> None:
        """Install an extra of simastra, as the message says that asks for it."""
        self.install(f"{self.wheel}[{extra}]")

    def run(
        self, words: list[str], folder: Path, stderr: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder; the reader's ``simastra`` and ``python`` are those in here."""
        return subprocess.run(
            words,
            cwd=folder,
            env={
                "PATH": os.pathsep.join((str(self.programs), os.defpath)),
                "HOME": str(folder),
                "LC_ALL": "C.UTF-8",
            },
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
        )


def environment(folder: Path, wheel: Path, python: str = sys.executable) -> Environment:
    """Make an environment of this Python with a wheel and what that depends on."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True, capture_output=True)
    made = Environment(folder, wheel)
    made.install(str(wheel))
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "_guard.py").write_text(_GUARD)
    (packages / "_guard.pth").write_text("import _guard\n")
    return made


def other_pythons() -> dict[str, str]:
    """Interpreters beside this one that simastra is for, as far as there are any, by version."""
    minors = [minor for minor in (11, 12, 13, 14) if minor != sys.version_info.minor]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {}
    for version in (f"3.{minor}" for minor in minors):
        kept = sorted(versions.glob(f"{version}.*/bin/python"))
        if python := str(kept[-1]) if kept else shutil.which(f"python{version}"):
            found[version] = python
    return found
