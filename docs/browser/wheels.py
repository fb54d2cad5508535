"""The packages of the site, from the registries: wheels for wasm, and Pyodide itself."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYYAML = "pyyaml==6.0.3"


class BuildError(Exception):
    """The site can't be built; the text says why, and what to do."""


class FetchError(BuildError):
    """A registry can't be reached, or doesn't have what is asked of it."""


def fetch(words: list[str]) -> None:
    """Run a program that gets something from a registry.

    Raises:
        FetchError: if it fails.
    """
    try:
        run(words)
    except BuildError as error:
        raise FetchError(str(error)) from None


def run(words: list[str], folder: Path | None = None, **environment: str) -> None:
    """Run a program, in a folder if one is given.

    Raises:
        BuildError: if it fails, with what it said.
    """
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise BuildError("\n".join([f"{' '.join(words[:6])} …: it failed:", *said[-15:]]))


def get_pyodide(folder: Path, version: str) -> Path:
    """Have npm fetch Pyodide's core, interpreter and standard library; return where it lies.

    Raises:
        FetchError: there is no npm, or it doesn't get it.
    """
    found = folder / "node_modules" / "pyodide"
    if not (found / "pyodide-lock.json").exists():
        if shutil.which("npm") is None:
            raise FetchError("npm is not here, which brings Pyodide: install Node.js")
        quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries", "1"]
        fetch(["npm", "install", *quiet, "--prefix", str(folder), f"pyodide@{version}"])
    return found


def get_wheels(folder: Path, python: str, platform: str) -> None:
    """Have pip fetch what wheels.txt lists for a Python such as "3.14"; build PyYAML's pure part.

    Raises:
        FetchError: pip doesn't get one.
        BuildError: PyYAML can't be built.
    """
    complete = folder / "complete.txt"
    wanted = (HERE / "wheels.txt").read_text(encoding="utf-8") + PYYAML + python + platform
    if complete.exists() and complete.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    abi = f"cp{python.replace('.', '')}"
    target = ["--python-version", python, "--implementation", "cp", "--abi", abi]
    target += ["--platform", platform, "--only-binary", ":all:"]
    listed = ["--requirement", str(HERE / "wheels.txt"), "--dest", str(folder)]
    fetch([*_pip("download"), "--no-deps", *target, *listed])
    build = [*_pip("wheel"), "--no-deps", "--no-binary", ":all:", "--wheel-dir", str(folder)]
    run([*build, PYYAML], PYYAML_FORCE_LIBYAML="0")
    complete.write_text(wanted, encoding="utf-8")


def build_simastra(folder: Path) -> None:
    """Build the wheel of this checkout.

    Raises:
        BuildError: if that fails.
    """
    # Where hatchling is installed, which builds it, pip needn't fetch it.
    here = ["--no-build-isolation"] if find_spec("hatchling") else []
    run([*_pip("wheel"), "--no-deps", *here, "--wheel-dir", str(folder), str(ROOT)])


def _pip(command: str) -> list[str]:
    return [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check"]
