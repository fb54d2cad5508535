"""A wheel and an environment that has nothing but it, made once, whoever runs tests beside us."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.wheels import ROOT, Environment, build, environment, locked


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is common to all processes of a test run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "release"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def wheel(shared: Path) -> Path:
    """The wheel of this checkout."""
    with locked(shared):
        there = list((shared / "wheel").glob("*.whl"))
        return there[0] if there else build("wheel", ROOT, shared / "wheel")


@pytest.fixture(scope="session")
def bare(shared: Path, wheel: Path) -> Environment:
    """An environment with the wheel and what it depends on; tests don't change it."""
    folder = shared / "bare"
    with locked(shared):
        if (folder / "ready").exists():
            return Environment(folder, wheel)
        made = environment(folder, wheel)
        (folder / "ready").touch()
        return made


@pytest.fixture(scope="session")
def with_extra(shared: Path, wheel: Path) -> Callable[[str], Environment]:
    """Gives an environment with the wheel and one of its extras."""

    def made(extra: str) -> Environment:
        folder = shared / f"with {extra}"
        with locked(shared):
            if not (folder / "ready").exists():
                environment(folder, wheel).add(extra)
                (folder / "ready").touch()
        return Environment(folder, wheel)

    return made
