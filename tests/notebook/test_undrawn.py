"""Plots where matplotlib isn't installed: a line for each, and the program goes on."""

import subprocess
import sys

import pytest

# What a notebook does with pictures, on a Python that finds no matplotlib.
BEFORE = """
import sys
sys.modules["matplotlib"] = None
from simastra import MiB, NetworkConfig, Simulation, SystemConfig, TraceBuilder
from simastra.notebook import plots
trace = TraceBuilder()
trace.all_reduce("it", size=1 * MiB)
network = NetworkConfig(topology=["Ring"], npus_count=[4], bandwidth=[50], latency=[500])
kept = {"preferred_dataset_splits": 1, "local_mem_bw": 0}
simulation = Simulation(trace, SystemConfig(all_reduce_implementation=["ring"], **kept), network)
result = simulation.run()
"""
LINE = (
    "plots: no picture is drawn (plots.{} needs matplotlib, which is not installed here; install "
    "the extra that brings it: pip install 'simastra[notebook]') [undrawn]"
)


def told(code: str) -> list[str]:
    """What the program warns of; its last line says that it has come to its end."""
    words = [
        sys.executable,
        "-W",
        "always::UserWarning",
        "-c",
        f"{BEFORE}\n{code}\nprint('went on')",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout == "went on\n", done.stderr
    return [
        line.partition("SimastraWarning: ")[2]
        for line in done.stderr.splitlines()
        if "SimastraWarning: " in line
    ]


def test_a_plot_says_in_a_line_what_is_missing() -> None:
    assert told("plots.gantt(result, npus=[0])\nplots.network(result, network)") == [
        LINE.format("gantt"),
        LINE.format("network"),
    ]


def test_a_figure_of_several_plots_says_it_once() -> None:
    code = """
figure, (left, right) = plots.subplots(1, 2, figsize=(9, 4))
plots.gantt(result, ax=left)
plots.attribution(simulation.explain(), ax=right).set_title("to the right")
"""
    assert told(code) == [LINE.format("subplots")]


def test_axes_take_whatever_is_asked_of_them() -> None:
    code = """
figure, ax = plots.subplots()
(line,) = ax.loglog([1, 2], [3, 4], "o-", label="it")
ax.axhline(3, color=line.get_color())
ax.set(xlabel="bytes")
ax.xaxis.set_major_formatter(str)
figure.savefig("it.png")
"""
    assert told(code) == [LINE.format("subplots")]


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (2, 3)])
def test_nothing_is_nested_as_the_axes_would_be(shape: tuple[int, int]) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after conftest.py has chosen the backend

    from simastra.notebook.plots.undrawn import Undrawn, undrawn_grid  # noqa: PLC0415

    def nesting(axes: object) -> object:
        return [nesting(it) for it in axes] if hasattr(axes, "__len__") else None

    _, nothing = undrawn_grid(Undrawn("it isn't here"), *shape)
    assert nesting(nothing) == nesting(plt.subplots(*shape)[1])


def test_matplotlib_that_comes_meanwhile_draws() -> None:
    code = """
del sys.modules["matplotlib"]
import matplotlib
matplotlib.use("Agg")
axes = plots.gantt(result, npus=[0])
assert len(axes.collections) == 1
assert plots.gantt.__module__ == "simastra.notebook.plots.gantt"
"""
    assert told(code) == []
