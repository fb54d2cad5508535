"""The course's site, built once for all tests of a run, and served to a browser."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from .once import locked


def built_site(shared: Path) -> Path:
    """The site, in a folder that all processes of a run share; the first one builds it."""
    if shutil.which("npm") is None or find_spec("jupyterlite_pyodide_kernel") is None:
        pytest.skip("the course's site needs npm, and the extra 'course'")
    from docs.browser.build import build  # noqa: PLC0415 - it imports JupyterLite's kernel
    from docs.browser.wheels import ROOT, FetchError  # noqa: PLC0415

    site, unreached = shared / "course", shared / "unreached"
    fetched = ROOT / "out" / "course-work"  # by `make course`, or by tests before
    fetched.mkdir(parents=True, exist_ok=True)
    with locked(shared), locked(fetched):
        if not site.exists() and not unreached.exists():
            try:
                build(site, fetched)
            except FetchError as error:
                unreached.write_text(str(error), encoding="utf-8")
    if unreached.exists():
        pytest.skip("the course's site needs packages that can't be fetched here")
    return site


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder to this machine; the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
