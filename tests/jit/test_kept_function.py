"""A function that is compiled once, kept as machine code, and called without numba."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simastra.jit.failed import CallFailedError
from simastra.jit.function import KeptFunction
from simastra.jit.place import CachePlace

emitting = pytest.importorskip("simastra.jit.emitting", reason="needs the extra fast")


def quotient() -> Any:
    """A function that fails where there is none."""

    def divide(a: int, b: int) -> int:
        if b == 0:
            raise RuntimeError
        return a // b

    return emitting.lean(divide)


def never() -> Any:
    raise AssertionError("it was kept")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CachePlace:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    source = tmp_path / "source.py"
    source.write_text("1")
    return CachePlace("quotient", tmp_path, (source,))


def again(place: CachePlace) -> CachePlace:
    """As another process has it."""
    return CachePlace(place.name, place.folder, place.sources)


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_what_is_kept_is_called_without_being_made(place: CachePlace) -> None:
    function = KeptFunction(place, 2, quotient)
    assert not function.is_kept
    assert function(-7, 2) == -4
    kept = KeptFunction(again(place), 2, never)
    assert kept.is_kept
    assert kept(2**62, 2) == 2**61


def test_numba_is_not_imported_for_what_is_kept(place: CachePlace) -> None:
    KeptFunction(place, 2, quotient).load()
    code = f"""
import sys
from pathlib import Path
from simastra.jit.function import KeptFunction; from simastra.jit.place import CachePlace
place = CachePlace({place.name!r}, Path({str(place.folder)!r}), (Path({str(place.sources[0])!r}),))
print(KeptFunction(place, 2, None)(9, 2), "numba" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "4 False\n"


def test_what_raises_fails_and_can_be_called_again(place: CachePlace) -> None:
    function = KeptFunction(place, 2, quotient)
    with pytest.raises(CallFailedError):
        function(1, 0)
    assert function(9, 3) == 3


def test_changed_sources_are_compiled_anew(place: CachePlace, tmp_path: Path) -> None:
    assert KeptFunction(place, 2, quotient)(9, 3) == 3
    place.sources[0].write_text("2")
    changed = KeptFunction(again(place), 2, quotient)
    assert not changed.is_kept
    assert changed(9, 3) == 3
    assert len(files(tmp_path)) == 2


def test_what_is_damaged_is_made_anew(place: CachePlace, tmp_path: Path) -> None:
    KeptFunction(place, 2, quotient).load()
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    for damaged in (b"", b"?", whole[:-20], whole[:-1] + bytes((whole[-1] ^ 1,))):
        path.write_bytes(damaged)
        assert KeptFunction(again(place), 2, quotient)(9, 3) == 3
        assert path.read_bytes() != damaged


def test_there_need_be_no_place_to_keep_it(
    place: CachePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "folder"))
    function = KeptFunction(place, 2, quotient)
    assert function(9, 3) == 3
    assert not function.is_kept


def test_who_has_no_home_keeps_it_beside_the_sources(
    place: CachePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert not place.is_kept()
    KeptFunction(place, 2, quotient).load()
    (kept,) = (tmp_path / "__pycache__").iterdir()
    assert kept.suffix == ".code"
    assert again(place).is_kept()


def test_without_sources_nothing_is_kept(place: CachePlace, tmp_path: Path) -> None:
    place.sources[0].unlink()
    assert KeptFunction(place, 2, quotient)(9, 3) == 3
    assert not place.is_kept()
    assert not files(tmp_path)


def test_what_needs_more_than_its_own_code_is_refused(place: CachePlace, tmp_path: Path) -> None:
    """What it allocates, numba counts in memory of its own."""

    def allocating() -> Any:
        return emitting.lean(lambda a, b: np.zeros(a, np.int64)[b])

    with pytest.raises(ImportError, match="what it compiles needs NRT"):
        KeptFunction(place, 2, allocating).load()
    assert not files(tmp_path)


def test_it_is_told_to_compile_nothing(place: CachePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    with pytest.raises(ImportError, match=r"told to compile nothing \(NUMBA_DISABLE_JIT\)"):
        KeptFunction(place, 2, quotient).load()
