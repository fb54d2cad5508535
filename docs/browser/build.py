"""All of the site, by `jupyter lite build`."""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

from .contents import copy_contents
from .lock import write_lock
from .mending import let_compressed_files_be_read
from .pages import write_pages
from .wheels import ROOT, BuildError, build_simastra, get_pyodide, get_wheels, run

# What is there before the first cell; the rest of the list is loaded when a cell imports it.
AT_START = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager")
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


def build(output: Path, work: Path) -> None:
    """Build the site in `output`; what is fetched stays in `work`, and may come from there.

    Raises:
        BuildError: something that it needs is not to be had.
    """
    with TemporaryDirectory() as folder:
        built = lay_out(Path(folder), work)
        let_compressed_files_be_read(built)
        write_pages(built)
        shutil.rmtree(output, ignore_errors=True)
        shutil.move(built, output)


def lay_out(folder: Path, work: Path) -> Path:
    """Have JupyterLite build, in an empty folder; return where the site is."""
    lite, built = folder / "lite", folder / "built"
    lay_pyodide(lite / "static" / "pyodide", work)
    copy_contents(ROOT, lite / "contents")
    write_json(lite / "jupyter-lite.json", settings())
    write_json(lite / "jupyter_lite_config.json", how_to_build(lite))
    words = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(lite)]
    run([*words, "--output-dir", str(built)], lite)  # where it keeps what it has done
    return built


def lay_pyodide(folder: Path, work: Path) -> None:
    """Put Pyodide's core into a folder, beside it all wheels, and a list of them."""
    npm = get_pyodide(work / "npm", PYODIDE_VERSION)
    info = json.loads((npm / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    wheels = work / "wheels"
    platform = f"pyemscripten_{info['abi_version']}_{info['arch']}"
    get_wheels(wheels, info["python"].rpartition(".")[0], platform)
    folder.mkdir(parents=True)
    build_simastra(folder)
    for name in (*CORE, "pyodide-lock.json"):
        shutil.copy(npm / name, folder)
    for wheel in (*wheels.glob("*.whl"), *kernel_wheels()):
        shutil.copy(wheel, folder)
    write_lock(folder, PYODIDE_VERSION)


def kernel_wheels() -> list[Path]:
    """Those that the kernel of JupyterLite brings itself."""
    folder = extension(EXTENSIONS[0]) / "static" / "pypi"
    return [it for it in folder.glob("*.whl") if not it.name.startswith("widgetsnbextension-3")]


def extension(name: str) -> Path:
    """Where an extension of JupyterLab lies.

    Raises:
        BuildError: it isn't installed.
    """
    found = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name
    if not found.exists():
        raise BuildError(f"{name} is not installed: pip install -e '.[course]'")
    return found


def settings() -> dict[str, Any]:
    """What the site's page reads: jupyter-lite.json."""
    kernel = {"loadPyodideOptions": {"packages": [*AT_START, "simastra"]}}
    data = {
        "appName": "simastra",
        "exposeAppInBrowser": True,  # as window.jupyterapp, for tests and for pages of teachers
        "litePluginSettings": {KERNEL: kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def how_to_build(lite: Path) -> dict[str, Any]:
    """What ``jupyter lite build`` reads."""
    return {
        "LiteBuildConfig": {
            "apps": ["lab", "repl"],
            "contents": [str(lite / "contents")],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [str(extension(name)) for name in EXTENSIONS],
            "cache_dir": str(lite / "cache"),
        }
    }


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a file that JupyterLite reads."""
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
