"""`simastra run` starts quickly: it imports what it works with, and nothing for other verbs."""

import subprocess

import pytest
from command_line import Inputs, environment, python

from simastra import MiB, TraceBuilder

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
    "difflib",
    "google",
    "http",
    "ipywidgets",
    "matplotlib",
    "numpy",
    "pandas",
    "rich",
    "simastra.cli.verbs.check.check",
    "simastra.cli.verbs.run.check_shortcuts",
    "simastra.cli.verbs.run.json_file",
    "simastra.cli.progress",
    "simastra.cli.verbs.run.summary",
    "simastra.collect",
    "simastra.collectives.algorithms.direct",
    "simastra.collectives.algorithms.double_binary_tree",
    "simastra.collectives.algorithms.halving_doubling",
    "simastra.collectives.algorithms.rooted",
    "simastra.collectives.algorithms.stepwise_algorithms",
    "simastra.collectives.algorithms.with_options",
    "simastra.collectives.in_network",
    "simastra.collectives.options",
    "simastra.collectives.part_sizes",
    "simastra.collectives.rooted_registry",
    "simastra.collectives.score",
    "simastra.collectives.stepwise",
    "simastra.collectives.stepwise_machine",
    "simastra.collectives.uneven",
    "simastra.config.json_schema",
    "simastra.convert",
    "simastra.debug",
    "simastra.errors.deadlocks",
    "simastra.explain",
    "simastra.foreign.binary",
    "simastra.foreign.documents",
    "simastra.foreign.texts",
    "simastra.jit.function",
    "simastra.network.topology.fully_connected",
    "simastra.network.topology.switch",
    "simastra.network_graph",
    "simastra.notebook",
    "simastra.report",
    "simastra.result.algorithm_decision",
    "simastra.simulation.checking",
    "simastra.simulation.same_collectives",
    "simastra.simulation.shortcuts.attempt",
    "simastra.simulation.shortcuts.fold",
    "simastra.simulation.shortcuts.ring_recurrence",
    "simastra.simulation.uneven_all_to_all",
    "simastra.simulation.uneven_collectives",
    "simastra.simulation.wait_for_graph",
    "simastra.system.shared_bus",
    "simastra.system.switched_player",
    "simastra.trace.columns.kept",
    "simastra.trace.json_form",
    "simastra.trace.protobuf",
    "simastra.transformer",
    "simastra.view.devices",
    "simastra.view.html",
    "simastra.view.table",
    "simastra.workload.kind_of_work",
    "simastra.writing.check",
    "simastra.writing.clash",
    "simastra.writing.replacement",
    "torch",
    "traceback",
    "yaml",
}
"""What a run that goes well doesn't need where stderr is no terminal: neither modules of other
packages, nor rooms of ours. A time would say less: it is another on each machine, and doesn't tell
who loads what."""


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
    assert found & NEVER == {
        "simastra.cli.verbs.run.json_file",
        "simastra.errors.deadlocks",  # a run that ends in one has a file, too
        "simastra.report",
        "simastra.view.devices",  # the bound says whose it is
        "simastra.writing.check",
        "simastra.writing.clash",
        "simastra.writing.replacement",
    }


def test_protobuf_is_there_for_unusual_traces_and_its_json_is_not(ring: Inputs) -> None:
    trace = TraceBuilder()
    trace.all_reduce("urgent", size=1 * MiB, priority=-1)
    trace.write(ring.folder / "wl", 8)
    found = loaded(ring, "run", *ring.words)
    assert "google.protobuf" in found
    assert "google.protobuf.json_format" not in found


@pytest.mark.parametrize("words", [("run", "--help"), ("--version",)])
def test_help_reads_no_trace(ring: Inputs, words: tuple[str, ...]) -> None:
    assert not loaded(ring, *words) & NEVER


def test_who_asks_for_the_version_waits_for_no_verb(ring: Inputs) -> None:
    assert not loaded(ring, "--version") & {
        "simastra.simulation",
        "simastra.trace",
        "simastra.writing",
    }


def test_a_simulation_with_much_to_do_has_its_shortcuts(ring: Inputs) -> None:
    assert "simastra.simulation.shortcuts.fold" in loaded(
        ring, "run", *ring.words, "--shortcuts=always"
    )


FROZEN = """
import gc
from simastra.cli import COMMANDS
ENABLE
COMMANDS["run"]
print(gc.isenabled(), gc.get_freeze_count() > 10_000)
"""


@pytest.mark.parametrize(("before", "after"), [("", "True True"), ("gc.disable()", "False False")])
def test_the_collector_leaves_a_verbs_modules_alone_unless_it_is_off(
    before: str, after: str
) -> None:
    words = python("-c", FROZEN.replace("ENABLE", before))
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == after
