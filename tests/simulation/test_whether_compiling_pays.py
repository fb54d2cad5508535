"""Whether the compiled loop is worth loading, or compiling: nothing of it is loaded to know."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from simastra.simulation.compiled import installed

BETWEEN = (installed.LOADING + installed.COMPILING) // 2
"""Worth loading it, not worth compiling it."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where numba, which is there, would keep it."""
    monkeypatch.setattr(installed, "is_installed", lambda: True)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    (tmp_path / "compiled").mkdir()
    return tmp_path / "compiled"


def kept(cache: Path, python: str) -> Path:
    path = cache / f"loop._play.locals.play-1.{python}.nbi"
    path.touch()
    return path


@pytest.mark.usefixtures("cache")
def test_what_is_not_kept_is_compiled_for_very_many_events_alone() -> None:
    assert not installed.is_worth(BETWEEN)
    assert installed.is_worth(installed.COMPILING + 1)


def test_what_is_kept_for_this_python_is_loaded(cache: Path) -> None:
    kept(cache, "py27")
    assert not installed.is_worth(BETWEEN)
    kept(cache, f"py{sys.version_info.major}{sys.version_info.minor}")
    assert installed.is_worth(BETWEEN)
    assert not installed.is_worth(installed.LOADING)


def test_what_was_kept_before_the_sources_changed_is_not_ours(cache: Path) -> None:
    """Another version's: numba would compile it anew, which takes its time."""
    path = kept(cache, f"py{sys.version_info.major}{sys.version_info.minor}")
    source = Path(installed.__file__).with_name("loop.py").stat().st_mtime
    os.utime(path, (source, source - 1))
    assert not installed.is_worth(BETWEEN)


def test_numba_that_is_told_to_compile_nothing_is_not_loaded(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(cache, f"py{sys.version_info.major}{sys.version_info.minor}")
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert not installed.is_worth(10**9)
