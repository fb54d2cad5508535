"""Whole sessions, letter by letter: what is typed stands behind ``>>``, what is answered below."""

from collections.abc import Callable
from pathlib import Path

import pytest
from asked import Asked
from hangs import a_collective_of_another_size, stuck_behind_a_receive
from machines_seen import incast, two_dimensions, two_npus

from simastra.debug import CommandError
from simastra.simulation import Simulation

FOLDER = Path(__file__).parent / "transcripts"
MACHINES: dict[str, Callable[[], Simulation]] = {
    "two_npus": two_npus,
    "two_dimensions": two_dimensions,
    "incast": incast,
    "stuck": lambda: stuck_behind_a_receive().simulation,
    "unequal": lambda: a_collective_of_another_size().simulation,
}


def session(ask: Asked, lines: list[str]) -> str:
    """What is typed and answered."""
    shown = []
    for line in lines:
        try:
            answer = ask(line)
        except CommandError as error:
            answer = f"*** {error}"
        shown += [f">> {line}", *([answer] if answer else [])]
    return "\n".join(shown) + "\n"


@pytest.mark.parametrize("name", MACHINES)
def test_a_session_reads_as_it_is_written_down(name: str) -> None:
    written = (FOLDER / f"{name}.txt").read_text("utf-8")
    typed = [line[3:] for line in written.splitlines() if line.startswith(">> ")]
    assert session(Asked(MACHINES[name](), columns=60), typed) == written
