"""A wheel and an environment that has nothing but it, made once, whoever runs tests beside us."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.once import folder_of_run, locked
from support.wheels import ROOT, Environment, build, environment


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_run(tmp_path_factory, "release")


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
