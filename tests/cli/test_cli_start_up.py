"""`simastra run` starts quickly: it imports what it works with, and nothing for other verbs."""

import subprocess

import pytest
from command_line import Inputs, environment, python

WATCHED = """
import sys
from simastra.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""

NEVER = {
    "IPython",
    "asyncio",
    "http",
    "ipywidgets",
    "matplotlib",
    "numpy",
    "pandas",
    "rich",
    "simastra.cli.check",
    "simastra.cli.progress",
    "simastra.cli.summary",
    "simastra.collect",
    "simastra.convert",
    "simastra.debug",
    "simastra.explain",
    "simastra.notebook",
    "simastra.report",
    "simastra.transformer",
    "torch",
}
"""What a run that goes well doesn't need where stderr is no terminal."""


def loaded(inputs: Inputs, *words: str) -> set[str]:
    """The modules that a command line has imported when it ends."""
    done = subprocess.run(
        python("-c", WATCHED, *words),
        cwd=inputs.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_a_run_imports_nothing_that_it_does_not_need(ring: Inputs) -> None:
    assert not loaded(ring, "run", *ring.words) & NEVER


def test_a_run_that_writes_json_needs_statistics_and_no_more(ring: Inputs) -> None:
    found = loaded(ring, "run", *ring.words, "--json", "out.json")
    assert found & NEVER == {"simastra.report"}


def test_protobuf_is_there_for_traces_and_its_json_is_not(ring: Inputs) -> None:
    found = loaded(ring, "run", *ring.words)
    assert "google.protobuf" in found
    assert "google.protobuf.json_format" not in found


@pytest.mark.parametrize("words", [("run", "--help"), ("--version",)])
def test_help_reads_no_trace(ring: Inputs, words: tuple[str, ...]) -> None:
    assert not loaded(ring, *words) & (NEVER | {"google.protobuf", "yaml"})
