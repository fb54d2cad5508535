"""Ready studies, and what is to stand at their keys instead."""

from itertools import islice

import pytest

from simastra import ConfigError, InputError, OptionError, Simulation
from simastra.sweep import Study
from simastra.sweep.study.changes import changed
from simastra.sweep.study.ready import names


@pytest.mark.parametrize("name", names())
def test_a_ready_study_has_points_that_run(name: str) -> None:
    asked = Study.load(f"@{name}")
    for number in islice(asked.space.numbers(), 2):
        inputs = asked.inputs(asked.space.setting(number))
        request = inputs.workload.request
        assert request is not None
        made = request.generated()
        simulation = Simulation(
            made.trace,
            inputs.system,
            inputs.network,
            comm_groups=made.comm_groups,
            options=inputs.options,
        )
        assert simulation.run().makespan > 0
    assert asked.title
    assert not asked.files


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("best-parallelism", {"generate.model": "llama3-70b", "network": "@hgx-h100:8x16"}),
        ("best-parallelism", {"generate.batch": "512", "axes.generate.zero": "[0, 1, 3]"}),
        ("topology-cost", {"network.npus_count[0]": "64", "generate.type": "all-to-all"}),
        ("topology-cost", {"columns.cost": "npus * bandwidth[0] * 3"}),
        ("algorithms-by-size", {"network": "@tpu-v5p:4x4x4", "system": "@tpu-v5p"}),
        ("algorithms-by-size", {"axes.size.log": "[1KiB, 1GiB]"}),
        ("network-needed", {"generate.model": "llama3-70b", "generate.dp": "4"}),
    ],
)
def test_what_their_comments_say_may_be_changed(name: str, changes: dict[str, str]) -> None:
    asked = Study.load(f"@{name}", changes)
    assert asked.digest != Study.load(f"@{name}").digest or "axes.size.log" in changes


def test_points_of_generated_workloads_are_simulated_as_one_astra_sim_does() -> None:
    asked = Study.load("@best-parallelism")
    numbers = list(asked.space.numbers())
    dialects = {asked.inputs(asked.space.setting(it)).options.dialect.name for it in numbers}
    assert dialects == {"master"}
    auto = Study.load("@best-parallelism", {"options.compat": "auto"})
    assert auto.inputs(auto.space.setting(numbers[0])).options.dialect.by_trace


def test_a_name_that_there_is_not_says_which_there_are() -> None:
    with pytest.raises(InputError, match="unknown study 'best-paralelism'; did you mean"):
        Study.load("@best-paralelism")


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("generat.model", "x", "unknown key 'generat'; did you mean 'generate'"),
        ("generate..x", "x", "is no key path"),
        ("network.bandwidth[0]", "3", "network is '@hgx-h100:8x2', so it has no key bandwidth"),
        ("generate.model", "[", "is not YAML"),
        ("axes.generate.tp.log[2]", "3", r"has no entry \[2\]"),
    ],
)
def test_a_change_that_fits_nowhere_is_told(key: str, written: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        Study.load("@best-parallelism", {key: written})


def test_a_change_that_is_wrong_has_no_line_of_the_file() -> None:
    with pytest.raises(ConfigError) as caught:
        Study.load("@best-parallelism", {"generate.zeroo": "3"})
    assert str(caught.value) == (
        "@best-parallelism: generate.zeroo: unknown key 'zeroo'; did you mean 'zero'?"
    )


def test_a_change_leads_into_an_axis_with_dots_in_its_name() -> None:
    axes = {"generate.tp": {"log": [1, 8], "factor": 2}}
    assert changed({"axes": axes}, "axes.generate.tp.log[1]", "4") == {
        "axes": {"generate.tp": {"log": [1, 4], "factor": 2}}
    }
