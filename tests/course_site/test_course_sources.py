"""What the course's site is made of, without building it."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest

from docs.browser.contents import copy_contents, course_files
from docs.browser.lock import WANTED_BY, write_lock
from docs.browser.mending import let_compressed_files_be_read
from docs.browser.pages import write_pages
from docs.browser.wheels import HERE, ROOT, BuildError

CDN = "https://cdn.jsdelivr.net/pyodide/v1.2.3/full/"


def wheel(folder: Path, name: str, version: str, *requirements: str) -> None:
    """A wheel with one module of its own name."""
    lines = [
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {it}" for it in requirements),
    ]
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines))


@pytest.fixture
def packages(tmp_path: Path) -> dict[str, dict[str, object]]:
    """Pyodide's list, after two wheels have come to it."""
    made_there = (*WANTED_BY.values(), "simpy", "idna")
    entries = {
        name: {"name": name, "file_name": f"{name}.whl", "imports": [name]} for name in made_there
    }
    info = {"python": "3.14.2", "arch": "wasm32", "abi_version": "2026_0"}
    lock = tmp_path / "pyodide-lock.json"
    lock.write_text(json.dumps({"info": info, "packages": entries}), encoding="utf-8")
    asked = (
        "simpy>=4",
        "tomli; python_version < '3.11'",
        "pexpect; sys_platform != 'emscripten'",
        "idna; extra == 'web'",
        "numpy; platform_machine == 'wasm32'",
        "nowhere>=1",  # neither in the site nor Pyodide's: a reader's cell says so when it imports
    )
    wheel(tmp_path, "simpy", "4.1")
    wheel(tmp_path, "simastra", "0.1", *asked)
    write_lock(tmp_path, "1.2.3")
    listed: dict[str, dict[str, object]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return listed


def test_a_wheel_in_the_site_is_loaded_from_there(packages: dict[str, dict[str, object]]) -> None:
    assert packages["simpy"]["file_name"] == "simpy-4.1-py3-none-any.whl"
    assert packages["simastra"]["imports"] == ["simastra"]


def test_a_wheel_brings_what_it_needs_on_wasm(packages: dict[str, dict[str, object]]) -> None:
    assert packages["simastra"]["depends"] == ["numpy", "simpy"]


def test_what_is_not_in_the_site_is_loaded_from_pyodide(
    packages: dict[str, dict[str, object]],
) -> None:
    assert packages["idna"]["file_name"] == f"{CDN}idna.whl"
    for module, package in WANTED_BY.items():
        assert module in packages[package]["imports"]  # type: ignore[operator]


def test_the_course_is_laid_out_as_in_the_checkout(tmp_path: Path) -> None:
    copied = copy_contents(ROOT, tmp_path)
    assert [it for it in copied if (tmp_path / it).read_bytes() != (ROOT / it).read_bytes()] == []
    names = {it.as_posix() for it in copied}
    assert {f"notebooks/{it.name}" for it in (ROOT / "notebooks").glob("*.ipynb")} <= names
    assert {"traces/demo1_allreduce/network.yml", "docs/networks/rails.yml"} <= names
    assert not [
        it for it in copied if "__pycache__" in it.parts or it.parts[:2] == ("docs", "browser")
    ]


def test_what_git_does_not_keep_is_no_part_of_the_course(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*_mine.ipynb\n")
    (tmp_path / "notebooks").mkdir()
    for name in ("a.ipynb", "a_mine.ipynb"):
        (tmp_path / "notebooks" / name).touch()
    assert course_files(tmp_path) == [Path("notebooks/a.ipynb")]


def test_links_from_notebooks_lead_to_what_is_in_the_course() -> None:
    there = set(course_files(ROOT))
    for notebook in (it for it in there if it.suffix == ".ipynb"):
        text = (ROOT / notebook).read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)
        reached = {(ROOT / notebook.parent / it).resolve().relative_to(ROOT) for it in links}
        assert {it for it in reached if it not in there} == set(), notebook


def test_a_jupyterlite_that_tests_names_otherwise_is_refused(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "main.js").write_text("isJson()")
    with pytest.raises(BuildError, match="JupyterLite has another test for JSON now"):
        let_compressed_files_be_read(tmp_path)


def test_the_first_page_leads_to_every_notebook(tmp_path: Path) -> None:
    write_pages(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    linked = re.findall(r'<td><a href="index\.html\?path=([\w.]+)">', page)
    assert linked == [it.name for it in sorted((ROOT / "notebooks").glob("*.ipynb"))]


def test_the_first_five_minutes_run_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    write_pages(tmp_path)
    names: dict[str, object] = {}
    code = (HERE / "templates" / "five_minutes.txt").read_text(encoding="utf-8")
    exec(code, names)
    assert names["simulation"].run().makespan == 117_780  # type: ignore[attr-defined]
    page = (tmp_path / "five_minutes.html").read_text(encoding="utf-8")
    (address,) = re.findall(r'src="([^"]*[?&;]code=[^"]*)"', page)
    assert parse_qs(urlsplit(unescape(address)).query)["code"] == [code.strip()]
    for suggested in re.findall(r"<dt><code>(.*?)</code>", page):
        assert eval(suggested, names) is not None
