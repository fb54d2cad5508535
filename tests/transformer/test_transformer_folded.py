"""A generated step whose NPUs are folded is told as one that went event by event."""

from __future__ import annotations

from functools import cache

import pytest
from small_models import GPT, network, system

from simastra import Options, Simulation
from simastra.cli.verbs.run.finish_lines import FinishLines
from simastra.dialect import MASTER
from simastra.report import statistics
from simastra.result import Result
from simastra.simulation.shortest import shortest_run
from simastra.transformer import Parallelism, Training, build


@cache
def step() -> Simulation:
    parallelism = Parallelism(tp=2, dp=2, pp=2)
    made = build(GPT, parallelism, Training(batch=8, micro_batches=4))
    options = Options(backend="congestion-unaware", dialect=MASTER)
    config = network((2, 2, 2))
    return Simulation(made.trace, system(3), config, comm_groups=made.comm_groups, options=options)


def both() -> tuple[Result, Result]:
    return step().run(shortcuts="always"), step().run(shortcuts="off")


def test_the_representative_did_the_same_at_the_same_times() -> None:
    folded, plain = both()
    assert folded.representative is not None
    assert plain.representative is None
    for npu, records in enumerate(plain.nodes):
        theirs = plain.nodes[folded.representative(npu)]
        assert [(it.activity, it.issued, it.finished) for it in records] == [
            (it.activity, it.issued, it.finished) for it in theirs
        ]
    assert len({folded.representative(npu) for npu in range(8)}) == 2


def test_its_statistics_and_metrics_are_those_of_the_plain_run() -> None:
    folded, plain = both()
    assert statistics(folded) == statistics(plain)
    assert folded.metrics == plain.metrics


def test_its_finish_lines_are_those_of_the_plain_run(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for setting in ("always", "off"):
        lines = FinishLines()
        run = shortest_run(step()._experiment, [lines], setting)
        lines.tell_exposed_communication(run)
        run.run()
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert told[0].count("exposed communication") == 8
