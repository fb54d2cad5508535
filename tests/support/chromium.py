"""A headless Chromium, driven through its DevTools protocol over two pipes; no further package."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 120  # seconds without a word from the browser before the test fails


def find_chromium() -> str | None:
    """Its program, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


LAUNCHER = """
import fcntl, os, sys
# The browser reads from descriptor 3 and writes to 4, wherever ours happen to be.
down, up = (fcntl.fcntl(int(word), fcntl.F_DUPFD, 10) for word in sys.argv[1:3])
os.dup2(down, 3)
os.dup2(up, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Page:
    """One page. What the browser says of errors and of what it loads is kept.

    Attributes:
        errors: what scripts complained of.
        requested: what the page asked for, as URLs.
    """

    def __init__(self, process: subprocess.Popen[bytes], to: int, from_: int) -> None:
        self.errors: list[str] = []
        self.requested: list[str] = []
        self._process = process
        self._to, self._from = to, from_
        self._numbers = iter(range(1, 1_000_000))
        self._buffer = b""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attach = {"targetId": target, "flatten": True}
        self._session: str = self._call("Target.attachToTarget", attach)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def open(self, place: Path | str, width: int = 1200, height: int = 900) -> None:
        """Load a file, or an address, and wait until it has been."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", metrics)
        self.call("Page.navigate", {"url": place if isinstance(place, str) else place.as_uri()})
        self._until("Page.loadEventFired")

    def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression; promises are waited for."""
        words = {"expression": script, "returnByValue": True, "awaitPromise": True}
        answer = self.call("Runtime.evaluate", words)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def text(self, selector: str) -> str:
        """What a reader sees of the first element that the selector matches."""
        found: str = self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")
        return found

    def move(self, x: float, y: float) -> None:
        """Move the mouse there."""
        self.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})

    def click(self, x: float, y: float) -> None:
        """Click there."""
        self.move(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            button = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", button)

    def click_on(self, selector: str) -> None:
        """Click on the middle of an element, scrolled to, once what scrolling shows is laid out."""
        middle = self.evaluate(
            f"(async () => {{ const it = document.querySelector({json.dumps(selector)});"
            "const frame = () => new Promise(requestAnimationFrame);"
            "it.scrollIntoView({block: 'center'}); await frame(); await frame();"
            "const box = it.getBoundingClientRect();"
            "return [box.left + box.width / 2, box.top + box.height / 2]; })()"
        )
        self.click(*middle)

    def picture(self, path: Path) -> None:
        """Keep what is seen, as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def call(self, method: str, parameters: dict[str, Any] | None = None) -> Any:
        """Ask the page for something."""
        return self._call(method, parameters or {}, self._session)

    def _call(self, method: str, parameters: dict[str, Any], session: str | None = None) -> Any:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._hear()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]

    def _until(self, event: str) -> None:
        while self._hear().get("method") != event:
            pass

    def _hear(self) -> Any:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], PATIENCE)
            assert ready, f"the browser said nothing for {PATIENCE} s"
            heard = os.read(self._from, 1 << 16)
            assert heard, "the browser has gone"
            self._buffer += heard
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer = json.loads(message)
        self._keep(answer)
        return answer

    def _keep(self, answer: Any) -> None:
        parameters = answer.get("params", {})
        match answer.get("method"):
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(parameters["exceptionDetails"]))
            case "Log.entryAdded":
                self.errors.append(parameters["entry"]["text"])
            case "Network.requestWillBeSent":
                self.requested.append(parameters["request"]["url"])


@contextmanager
def chromium(program: str, profile: Path) -> Iterator[Page]:
    """Start the browser, with a profile of its own; it ends with the block."""
    down_out, down_in = os.pipe()
    up_out, up_in = os.pipe()
    words = [
        *(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking"),
        *("--remote-debugging-pipe", f"--user-data-dir={profile}"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(down_out), str(up_in), *words],
        pass_fds=(down_out, up_in),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(profile)},
    )
    os.close(down_out)
    os.close(up_in)
    try:
        yield Page(process, down_in, up_out)
    finally:
        os.close(down_in)
        os.close(up_out)
        process.terminate()
        process.wait(PATIENCE)
