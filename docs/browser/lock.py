"""Pyodide's list of packages, with ours: what lies in the site, and what comes from its makers.

Pyodide loads what a cell imports by this list (https://pyodide.org, "pyodide-lock.json"). What lies
in the site is named by its file, so that no network is needed; all else keeps its address at
Pyodide's content delivery network and is loaded when there is a network.
"""

import json
import re
from email.message import Message
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# What a cell that imports these will want to import next: they draw, or read and write tables.
WANTED_BY = {
    "simastra.notebook": "matplotlib",
    "simastra.notebook.stepping": "ipywidgets",
    "simastra.sweep": "pyarrow",  # which brings pandas
    "simastra.calibration": "numpy",
}


def write_lock(folder: Path, version: str) -> dict[str, Any]:
    """Replace Pyodide's list in `folder` by one that knows the wheels there; return it."""
    path = folder / "pyodide-lock.json"
    lock: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    packages = lock["packages"]
    for entry in packages.values():
        entry["file_name"] = (
            f"https://cdn.jsdelivr.net/pyodide/v{version}/full/{entry['file_name']}"
        )
    wheels = sorted(folder.glob("*.whl"))
    ours = {canonicalize_name(_metadata(wheel)["Name"]): wheel for wheel in wheels}
    machine = _environment(lock["info"])
    for name, wheel in ours.items():
        packages[name] = _entry(name, wheel, machine, {*packages, *ours})
    for module, package in WANTED_BY.items():
        packages[package]["imports"].append(module)
    path.write_text(json.dumps(lock), encoding="utf-8")
    return lock


def _entry(name: str, wheel: Path, machine: dict[str, str], known: set[str]) -> dict[str, Any]:
    """What the list says of a wheel in the site."""
    metadata = _metadata(wheel)
    asked = map(Requirement, metadata.get_all("Requires-Dist", []))
    needed = {
        canonicalize_name(one.name)
        for one in asked
        if one.marker is None or one.marker.evaluate({**machine, "extra": ""})
    }
    return {
        "name": name,
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": _modules(wheel),
        "depends": sorted(needed & known),
        "unvendored_tests": False,
    }


def _environment(info: dict[str, str]) -> dict[str, str]:
    """Of Pyodide, for the conditions of requirements (PEP 508)."""
    python = info["python"]
    return {
        "sys_platform": "emscripten",
        "platform_system": "Emscripten",
        "platform_machine": info["arch"],
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
    }


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = (
            it for it in archive.namelist() if re.fullmatch(r"[^/]*\.dist-info/METADATA", it)
        )
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def _modules(wheel: Path) -> list[str]:
    """Packages and modules on the first level of a wheel."""
    with ZipFile(wheel) as archive:
        first = {name.partition("/")[0].removesuffix(".py") for name in archive.namelist()}
    return sorted(name for name in first if name.isidentifier())
