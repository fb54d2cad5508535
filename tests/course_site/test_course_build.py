"""The course's site as `make course` builds it."""

import json
from pathlib import Path

from docs.browser.contents import course_files
from docs.browser.wheels import ROOT

MB = 10**6


def test_the_site_is_small_and_has_no_source_maps(site: Path) -> None:
    files = [it for it in site.rglob("*") if it.is_file()]
    assert [it for it in files if it.suffix == ".map"] == []
    pyodide = site / "static" / "pyodide"
    # Pyodide's own distribution aside; our wheels, which lie beside it, count.
    own = [it for it in files if it.parent != pyodide or it.suffix == ".whl"]
    assert sum(it.stat().st_size for it in own) <= 40 * MB


def test_notebooks_and_traces_are_those_of_the_checkout(site: Path) -> None:
    for part in course_files(ROOT):
        assert (site / "files" / part).read_bytes() == (ROOT / part).read_bytes(), part


def test_what_the_page_starts_with_lies_in_the_site(site: Path) -> None:
    settings = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    kernel = plugins["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert (site / kernel["pyodideUrl"]).exists()
    pyodide = site / "static" / "pyodide"
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = list(kernel["loadPyodideOptions"]["packages"])
    assert "simastra" in wanted
    for name in wanted:  # it grows by what its members need
        assert (pyodide / lock[name]["file_name"]).exists(), name
        wanted += [it for it in lock[name]["depends"] if it not in wanted]


def test_compressed_recordings_are_not_listed_as_json(site: Path) -> None:
    listing = site / "api" / "contents" / "traces" / "demo3_resnet" / "all.json"
    content = json.loads(listing.read_text(encoding="utf-8"))["content"]
    types = {it["mimetype"] for it in content if it["name"].endswith(".gz")}
    assert types == {"application/gzip"}
