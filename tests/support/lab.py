"""JupyterLab in a browser's page: a notebook opened, its cells run, changed and read."""

import json
import time
from typing import Any

from support.chromium import Page

SECONDS = 180  # until what is waited for must be there: Python starts in ten to thirty

_PANEL = "window.jupyterapp?.shell.currentWidget"
_CODE = f"{_PANEL}.content.widgets.filter(it => it.model.type === 'code')"


class Lab:
    """The notebook that the page at `address` shows."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        page.open(address)
        self._wait_for(f"!!{_PANEL}?.sessionContext")
        page.evaluate(f"{_PANEL}.sessionContext.ready.then(() => 1)")

    def run_all(self) -> None:
        """Run all cells, and wait until that has ended."""
        self._run("notebook:run-all-cells")

    def run(self, cell: int) -> None:
        """Run one code cell."""
        self._page.evaluate(
            f"(() => {{ const content = {_PANEL}.content;"
            f"content.activeCellIndex = content.widgets.indexOf({_CODE}[{cell}]); }})()"
        )
        self._run("notebook:run-cell")

    def source(self, cell: int) -> str:
        source: str = self._page.evaluate(f"{_CODE}[{cell}].model.sharedModel.getSource()")
        return source

    def write(self, cell: int, source: str) -> None:
        """Replace what a code cell says."""
        self._page.evaluate(f"{_CODE}[{cell}].model.sharedModel.setSource({json.dumps(source)})")

    def save(self) -> None:
        """Save the notebook."""
        self._run("docmanager:save")

    def tabs(self) -> list[str]:
        """What is open."""
        tabs: list[str] = self._page.evaluate(
            "window.jupyterapp.restored.then(() =>"
            "[...window.jupyterapp.shell.widgets('main')].map(it => it.title.label))"
        )
        return tabs

    def stored(self, path: str) -> str:
        """What the browser keeps of a notebook, as JSON."""
        contents = "window.jupyterapp.serviceManager.contents"
        stored: str = self._page.evaluate(
            f"{contents}.get({json.dumps(path)}, {{content: true}})"
            ".then(it => JSON.stringify(it.content))"
        )
        return stored

    def outputs(self) -> list[list[dict[str, Any]]]:
        """What each code cell shows."""
        shown: list[list[dict[str, Any]]] = self._page.evaluate(
            f"{_CODE}.map(it => it.model.outputs.toJSON())"
        )
        return shown

    def text(self, cell: int) -> str:
        """What a code cell shows, as plain text."""
        return "\n".join(
            str(it["data"]["text/plain"]) for it in self.outputs()[cell] if "data" in it
        )

    def _run(self, command: str) -> None:
        self._page.evaluate(
            "window.hasRun = false; window.jupyterapp.commands.execute("
            f"{json.dumps(command)}).then(() => {{ window.hasRun = true; }}); 1"
        )
        self._wait_for("window.hasRun")

    def _wait_for(self, condition: str) -> None:
        end = time.monotonic() + SECONDS
        while not self._page.evaluate(condition):
            assert time.monotonic() < end, f"not so after {SECONDS} s: {condition}"
            time.sleep(0.2)
