"""`simastra demo`: what comes with simastra, played and written out, wherever that is asked for."""

import subprocess
from pathlib import Path

import pytest

from simastra.cli import ExitCode, main
from simastra.demos import FOLDERS, play_all, shipped_files, shipped_folder

ROOT = Path(__file__).parents[2]


def test_a_command_that_fails_makes_its_demo_wrong_and_the_others_go_on(tmp_path: Path) -> None:
    main(["demo", "--output", str(tmp_path)])
    (tmp_path / "traces/demo1_allreduce/network.yml").write_text("topology: [ Rign ]\n")
    (tmp_path / "traces/demo3_resnet/host.0.json.gz").unlink()
    lines: list[str] = []
    assert play_all(tmp_path / "traces", lines.append) == 2
    wrong = [line.split(" (")[0] for line in lines if line.startswith(("WRONG", "as expected"))]
    assert wrong == ["WRONG", "as expected", "as expected", "as expected", "WRONG"]


def test_all_that_is_shipped_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--output", str(tmp_path / "course")]) is ExitCode.OK
    written = {path for path in (tmp_path / "course").rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path / "course").as_posix() for path in written} == {
        *shipped_files()
    }
    assert all(
        (tmp_path / "course" / name).read_bytes() == path.read_bytes()
        for name, path in shipped_files().items()
    )
    said = capsys.readouterr().out
    assert all(f"course/{folder}: " in said for folder in FOLDERS)
    assert "next: cd " in said


def test_what_git_keeps_in_the_folders_is_shipped() -> None:
    listed = subprocess.run(
        ["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert shipped_folder() == ROOT
    assert set(listed) <= set(shipped_files())


@pytest.mark.parametrize("there", ["traces/README.md", "notebooks/01_first_run.ipynb"])
def test_nothing_that_is_there_is_replaced(
    there: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / there).parent.mkdir()
    (tmp_path / there).write_text("mine")
    assert main(["demo", "--output", str(tmp_path)]) is ExitCode.INPUT_ERROR
    assert f"{tmp_path / there} is there already, and demo replaces nothing" in (
        capsys.readouterr().err
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / there]


def test_what_editors_and_python_leave_is_not_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, left = "notebooks/a.ipynb", "notebooks/.ipynb_checkpoints/a.ipynb"
    for name in (kept, left, "traces/__pycache__/a.json", "traces/a.pyc", "docs/networks/a.swp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr("simastra.demos.shipped._INSTALLED", tmp_path)
    assert shipped_files() == {kept: tmp_path / kept}
