"""A stderr that passes for a terminal, within this process."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
ERASED = "\x1b[2K"


class Terminal(io.StringIO):
    """Takes what is shown."""

    def isatty(self) -> bool:
        """It passes for one."""
        return True

    @property
    def shown(self) -> str:
        """All that has been shown, colours and movements of the cursor left out."""
        return _CONTROL.sub("", self.getvalue())

    @property
    def frames(self) -> list[str]:
        """What each bar has looked like, one after the other, without its time."""
        plain = re.split(r"[\r\n]+", self.shown)
        return [re.sub(r" *[━╺╸]+ *", "|", it).rpartition(" 0:")[0] for it in plain if "━" in it]


@contextmanager
def stderr_as_terminal() -> Iterator[Terminal]:
    """Stderr is a terminal of 100 columns meanwhile."""
    with pytest.MonkeyPatch.context() as changed, redirect_stderr(Terminal()) as made:
        for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", "100")):
            changed.setenv(name, value)
        yield made
