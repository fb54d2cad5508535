"""The documentation's examples, run where a wheel is installed and nothing else is."""

import re
import tomllib
from pathlib import Path
from subprocess import STDOUT

from simastra.cli import COMMANDS

from .examples import OUTPUTS, ROOT, Example, sessions, without_notices, write_files
from .wheels import Environment

NEED_EXTRAS = frozenset(("calibrate", "completion", "plan", "sweep"))
"""Verbs that do nothing without an extra."""

_VERB = re.compile(r"(?:^|[|;(]) *simastra ([a-z]+)", re.MULTILINE)


def verbs(example: Example) -> set[str]:
    """The verbs that a shell session calls."""
    return set(_VERB.findall(example.code)) & set(COMMANDS)


def quick_examples() -> list[Example]:
    """Shell sessions, short ones, that call every verb that is quick and needs no extra."""
    slow = NEED_EXTRAS | {"demo"}
    left = set(COMMANDS) - slow
    chosen = []
    for example in sorted(sessions(), key=lambda it: len(it.code)):
        called = verbs(example)
        if called & left and not called & slow:
            left -= called
            chosen.append(example)
    return chosen


def folder_to_work_in(environment: Environment, folder: Path) -> Path:
    """Make what a reader without a checkout has: what the wheel writes, and ``out``."""
    done = environment.run(["simastra", "demo", "--output", "."], folder)
    assert done.returncode == 0, done.stderr
    (folder / OUTPUTS).mkdir()
    return folder


def printed(example: Example, environment: Environment, folder: Path) -> str:
    """What an example prints, run in a folder to work in."""
    write_files(example.page, folder)
    shell = example in sessions()
    words = ["bash", "-c", example.code] if shell else ["python", "-c", example.code]
    return without_notices(environment.run(words, folder, stderr=STDOUT).stdout)


def extra_asked_for(example: Example, output: str) -> str:
    """The extra that has to be installed, by our message or by a page's own import; "" if none."""
    if asked := re.search(r"pip install 'simastra\[(\w+)\]'", output):
        return asked[1]
    lacking = re.search(r"^ModuleNotFoundError: No module named '(\w+)'$", output, re.MULTILINE)
    if lacking and re.search(rf"^(import|from) {lacking[1]}\b", example.code, re.MULTILINE):
        return _extra_with(lacking[1])
    return ""


def _extra_with(package: str) -> str:
    """An extra that brings a package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].items()
    return next(name for name, all in extras if any(it.startswith(package) for it in all))
