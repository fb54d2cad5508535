"""What a wheel and a source distribution contain: what is needed, nothing that doesn't belong."""

import re
import shutil
import subprocess
import tarfile
import zipfile
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import pytest
from support.wheels import ROOT, build

from simastra.demos import FOLDERS

LARGEST = 4_500_000  # bytes, of which the recordings of demo 3 are 1,573,000


def kept(*folders: str) -> set[str]:
    """What git keeps."""
    words = ["git", "ls-files", *folders]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.split("\n") if name and (ROOT / name).exists()}


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def brought(extra: str, requirements: list[str]) -> set[str]:
    """What an extra brings, of lines such as ``numpy>=2.0; extra == 'fast'``."""
    return {it.partition(";")[0] for it in requirements if it.endswith(f"extra == '{extra}'")}


def digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a fresh clone of this checkout would have, changes that aren't committed included."""
    folder = tmp_path_factory.mktemp("clean") / "simastra"
    for name in kept():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def clean_wheel(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of that; the fixture `wheel` is of the checkout, whatever lies about there."""
    return build("wheel", clean, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", clean, tmp_path_factory.mktemp("sdist"))


def test_the_wheel_has_the_package_and_what_comes_with_it(clean_wheel: Path) -> None:
    data = "simastra/demos/data/"
    expected = kept("simastra") | {f"{data}{name}" for name in kept(*FOLDERS)}
    expected -= {f"{data}traces/demo.py"}
    (info,) = {name.partition("/")[0] for name in names(clean_wheel) if ".dist-info/" in name}
    metadata = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
    assert names(clean_wheel) == expected | {f"{info}/{name}" for name in metadata}
    assert {"simastra/py.typed", f"{data}notebooks/01_first_run.ipynb"} <= names(clean_wheel)
    assert {"css", "js", "json", "yml", "pyi", "et", "ipynb"} <= {
        name.rpartition(".")[2] for name in names(clean_wheel)
    }
    assert clean_wheel.stat().st_size < LARGEST


def test_the_source_distribution_is_what_git_keeps(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    inside = {member.name.partition("/")[2] for member in members if member.isfile()}
    assert inside == kept() | {"PKG-INFO"}
    assert {(member.uid, member.gid) for member in members} == {(0, 0)}


def test_what_is_left_lying_about_stays_out(clean: Path, clean_wheel: Path, tmp_path: Path) -> None:
    for name in ("simastra/__pycache__/x.pyc", "notebooks/.ipynb_checkpoints/x.ipynb", "out/x.et"):
        (clean / name).parent.mkdir(parents=True, exist_ok=True)
        (clean / name).write_text("x")
    assert names(build("wheel", clean, tmp_path)) == names(clean_wheel)


def test_whoever_builds_gets_the_same_bytes(
    clean: Path, clean_wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "of another name"
    shutil.copytree(clean, other, copy_function=shutil.copy)  # files are as old as this copy
    for path in other.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)  # as a clone is under a umask of 077
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "3", filter="data")
    (unpacked,) = (tmp_path / "3").iterdir()
    for source in (other, unpacked):
        again = build("wheel", source, tmp_path / source.name / "w", TZ="Asia/Tokyo")
        assert digest(again) == digest(clean_wheel)
    assert digest(build("sdist", other, tmp_path / "4", TZ="Asia/Tokyo")) == digest(sdist)
    dated = build("wheel", clean, tmp_path / "dated", SOURCE_DATE_EPOCH="1700000000")
    assert {it.date_time[:3] for it in zipfile.ZipFile(dated).infolist()} == {(2023, 11, 14)}


def test_the_metadata_says_what_is_so(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
    metadata = message_from_bytes(archive.read(name))
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    versions = re.findall(r"Python :: (3\.\d+)$", "\n".join(metadata.get_all("Classifier")), re.M)
    assert versions == ["3.11", "3.12", "3.13", "3.14"]
    extras = set(metadata.get_all("Provides-Extra"))
    shown = (ROOT / "docs" / "shell.md").read_text().partition("## Extras")[2]
    users = set(re.findall(r"^\| `(\w+)` \|", shown, re.MULTILINE))
    assert users <= extras
    needed = metadata.get_all("Requires-Dist")
    assert {extra for extra in extras if brought(extra, needed) <= brought("all", needed)} == (
        users - {"torch"}
    )
