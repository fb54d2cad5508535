"""Studies in which one thing is wrong: one message, with the file, the key and the line."""

import re
from pathlib import Path

import pytest

from simastra import ConfigError
from simastra.sweep import Study

RIGHT = {
    "generate": "generate: {kind: collective, size: 1MiB}",
    "system": "system: '@demo'",
    "network": "network: {topology: [Ring], npus_count: [8], bandwidth: [50], latency: [500]}",
    "axes": "axes: {'network.bandwidth[0]': [25, 50], tp: {key: generate.size, values: [1KiB]}}",
}
"""A study, line by line, by the key that stands there."""

# What stands instead of a line, or, for "+", behind them all; and how the message begins.
CASES = [
    ("+", "for-each: tpp", "for-each: unknown axis 'tpp'; did you mean 'tp'?"),
    ("+", "for-each: [tp, tpp]", "for-each[1]: unknown axis 'tpp'; did you mean 'tp'?"),
    ("+", "for-each: [tp, tp]", "for-each[1]: names tp again; name it once"),
    ("+", "for-each: 3", "for-each: must be an axis, or a list of them, not 3"),
    ("+", "for-each: ['network.bandwidth[0]', tp]", "for-each: names every axis, so that no two"),
    ("+", "for-each: tp\nmode: {optuna: {points: 3}}", "for-each: is not for mode optuna, which"),
    ("axes", "axes: {}", "axes: is empty; name what is varied, as"),
    ("axes", "axes: []", "axes: must be a mapping of keys to values, not a list"),
    ("axes", "axes: 3", "axes: must be a mapping of keys to values, not 3"),
    ("axes", "", "axes: is required (what is varied: key paths, each"),
    (
        "axes",
        "axes: {network.bandwidth: [[25]], network.bandwidth: [[50]]}",
        "axes.network.bandwidth: is given twice",
    ),
    (
        "axes",
        "axes: {'network.bandwidth[0]': []}",
        "axes.network.bandwidth[0]: has no values; give at least one",
    ),
    (
        "axes",
        "axes: {'network.bandwidth[0]': 50}",
        "axes.network.bandwidth[0]: must be a list, not 50",
    ),
    (
        "axes",
        "axes: {'network.bandwidth[0]': }",
        "axes.network.bandwidth[0]: must be a list, not null",
    ),
    (
        "axes",
        "axes: {'network.bandwidth[0': [50]}",
        "axes.network.bandwidth[0: 'network.bandwidth[0' is no key path such as",
    ),
    (
        "axes",
        "axes: {'network..bandwidth': [50]}",
        "axes.network..bandwidth: 'network..bandwidth' is no key path such as",
    ),
    ("axes", "axes: {'': [50]}", "axes.'': '' is no key path such as network.bandwidth[0]"),
    ("axes", "axes: {'[0]': [50]}", "axes.[0]: '[0]' is no key path such as"),
    (
        "axes",
        "axes: {'netwrk.bandwidth[0]': [50]}",
        "axes.netwrk.bandwidth[0]: unknown input 'netwrk'; did you mean 'network'?",
    ),
    (
        "axes",
        "axes: {'network.bandwith[0]': [50]}",
        "axes.network.bandwith[0]: unknown key 'network.bandwith'; did you mean",
    ),
    (
        "axes",
        "axes: {'network.bandwidth[1]': [50]}",
        "axes.network.bandwidth[1]: network.bandwidth has no entry [1]; the last is",
    ),
    (
        "axes",
        "axes: {'network.bandwidth.x': [50]}",
        "axes.network.bandwidth.x: network.bandwidth is a list, so it has no key x",
    ),
    ("axes", "axes: {size: [50]}", "axes.size: unknown input 'size'; known are workload,"),
    (
        "axes",
        "axes: {'workload.x': [50]}",
        "axes.workload.x: leads into a workload's files; name the whole",
    ),
    (
        "axes",
        "axes: {'workload': [nowhere]}",
        "axes.workload[0]: nowhere.0.et: file not found; it would be the",
    ),
    ("axes", "axes: {'network': [nowhere.yml]}", "axes.network[0]: nowhere.yml: file not found"),
    (
        "axes",
        "axes: {'network': ['@nothing']}",
        "axes.network[0]: unknown machine 'nothing'; known are demo,",
    ),
    (
        "axes",
        "axes: {'network': [3]}",
        "axes.network[0]: must be the path of a file, or a mapping, not 3",
    ),
    (
        "axes",
        "axes: {'system': ['@hgx-h1000']}",
        "axes.system[0]: unknown machine 'hgx-h1000'; did you mean",
    ),
    (
        "axes",
        "axes: {'network': ['@hgx-h100:7x3']}",
        "axes.network[0]: @hgx-h100:7x3 has 7 along NVLink 4 through",
    ),
    (
        "axes",
        "axes: {'memory': ['@demo']}",
        "axes.memory[0]: @demo has none, like all machines; leave it",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size}}",
        "axes.x: says no values; give one of values, linear and",
    ),
    ("axes", "axes: {x: {key: generate.size, values: 3}}", "axes.x.values: must be a list, not 3"),
    (
        "axes",
        "axes: {x: {key: generate.size, values: []}}",
        "axes.x: has no values; give at least one",
    ),
    (
        "axes",
        "axes: {x: {key: generate.sise, values: [3]}}",
        "axes.x.key: unknown key 'generate.sise'; did you mean",
    ),
    ("axes", "axes: {x: {key: 3, values: [3]}}", "axes.x.key: must be a key path such as"),
    (
        "axes",
        "axes: {x: {key: generate.size, keys: [generate.size], values: [3]}}",
        "axes.x.key: has both key and keys; give only one of them",
    ),
    (
        "axes",
        "axes: {x: {keys: [], values: [3]}}",
        "axes.x.keys: is empty; name the keys that go together",
    ),
    (
        "axes",
        "axes: {x: {keys: generate.size, values: [3]}}",
        "axes.x.keys: must be a list, not 'generate.size'",
    ),
    (
        "axes",
        "axes: {x: {keys: [generate.size, generate.npus], values: [3]}}",
        "axes.x.values[0]: must be a list of 2, a value for each key, not 3",
    ),
    (
        "axes",
        "axes: {x: {keys: [generate.size, generate.npus], values: [[3, 4, 5]]}}",
        "axes.x.values[0]: must be a list of 2, a value for each key, not",
    ),
    (
        "axes",
        "axes: {x: {keys: [generate.size, generate.npuss], values: [[3, 4]]}}",
        "axes.x.keys: unknown key 'generate.npuss'; did you mean",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2]}}",
        "axes.x: needs points, how many there are, or a factor;",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [0, 2], points: 3}}",
        "axes.x.log: must have ends larger than 0",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1], points: 3}}",
        "axes.x.log: must be the two ends of the range, not a list",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: 1, points: 3}}",
        "axes.x.log: must be a list, not 1",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, x], points: 3}}",
        "axes.x.log[1]: must be a number, or a quantity with its unit,",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2MiB], points: 3}}",
        "axes.x.log: has ends of different kinds; give both the same",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2], points: 0}}",
        "axes.x.points: must be a whole number from 1 to 1,000,000, not",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2], points: 2.5}}",
        "axes.x.points: must be a whole number from 1 to 1,000,000, not",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2], points: many}}",
        "axes.x.points: must be a whole number from 1 to 1,000,000, not",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2], points: 3, factor: 2}}",
        "axes.x: needs points, how many there are, or a factor;",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2], factor: 1}}",
        "axes.x.factor: must be a number larger than 1, not 1",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, log: [1, 2], step: 1}}",
        "axes.x.step: is no part of a range that is log",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [1, 2], factor: 1}}",
        "axes.x.factor: is no part of a range that is linear",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [1, 2], step: 0}}",
        "axes.x.step: must be a number larger than 0, not 0",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [0, 1], step: 1e-9}}",
        "axes.x: has more than 1,000,000 values",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [1, 2], points: 9999999}}",
        "axes.x.points: must be a whole number from 1 to 1,000,000, not",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [1, 2], points: 2, whole: maybe}}",
        "axes.x.whole: must be true or false, not 'maybe'",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [1, 2], log: [1, 2], points: 2}}",
        "axes.x: has linear and log; give one of values, linear",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, linear: [1, .inf], points: 2}}",
        "axes.x.linear[1]: must be a number, or a quantity with its unit,",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, values: [1], points: 2}}",
        "axes.x.points: is for a range, linear or log, not for values",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, valeus: [1]}}",
        "axes.x.valeus: unknown key 'valeus'; did you mean 'values'?",
    ),
    (
        "axes",
        "axes: {x: {key: generate.size, values: [1GB/s]}}",
        "axes.x.values[0]: must be a size such as 1MiB (2^20 bytes), 1MB",
    ),
    (
        "axes",
        "axes: {'network.latency[0]': [1parsec]}",
        "axes.network.latency[0][0]: must be a duration such as 500ns, 0.5us or 2ms,",
    ),
    (
        "axes",
        "axes: {'network.bandwidth[0]': [25, 50Gs]}",
        "axes.network.bandwidth[0][1]: must be a bandwidth such as 50GB/s (10^9",
    ),
    (
        "axes",
        "axes: {'options.network-backend': [congested], 'options.bakend': [x]}",
        "axes.options.bakend: unknown key 'options.bakend'; did you mean",
    ),
    ("system", "", "system: is required (each NPU: a file, a machine, or"),
    ("system", "system: ", "system: must be a file, a machine such as @hgx-h100:8,"),
    ("system", "system: 3", "system: must be a file, a machine such as @hgx-h100:8,"),
    ("system", "system: []", "system: must be a file, a machine such as @hgx-h100:8,"),
    ("system", "system: nowhere.json", "system: nowhere.json: file not found"),
    ("system", "system: '@hgx-h1000'", "system: unknown machine 'hgx-h1000'; did you mean"),
    (
        "system",
        "system: {preferred-dataset-split: 4}",
        "system.preferred-dataset-split: unknown key 'preferred-dataset-split'; did you",
    ),
    (
        "system",
        "system: {preferred-dataset-splits: 4, local-mem-bw: 1ns}",
        "system.local-mem-bw: must be a bandwidth such as 50GB/s (10^9",
    ),
    (
        "system",
        "system: {preferred-dataset-splits: none}",
        "system.preferred-dataset-splits: must be a whole number, not 'none'",
    ),
    (
        "system",
        "system: {active-chunks-per-dimension: 1}",
        "system.preferred-dataset-splits: is required (number of chunks a collective is",
    ),
    ("network", "", "network: is required (the network: a file, a machine"),
    ("network", "network: nowhere.yml", "network: nowhere.yml: file not found"),
    ("network", "network: '@hgx-h100:7x3'", "network: @hgx-h100:7x3 has 7 along NVLink 4 through"),
    (
        "network",
        "network: {topology: [Ring], npus_count: [8], bandwidth: [50, 25], latency: [500]}",
        "network: npus_count has 1 dimensions, bandwidth has 2",
    ),
    (
        "network",
        "network: {topology: [Ring], npus_count: [8], bandwidth: [50]}",
        "network.latency: is required (latency of each dimension's links,",
    ),
    (
        "network",
        "network: {topology: [Ring], npus_count: [8], bandwidth: [50us], latency: [500]}",
        "network.bandwidth[0]: must be a bandwidth such as 50GB/s (10^9",
    ),
    ("generate", "", "workload: is required, or generate: what the NPUs do"),
    (
        "generate",
        "generate: {size: 1MiB}",
        "generate.kind: is required, one of collective, pipeline,",
    ),
    (
        "generate",
        "generate: {kind: colective}",
        "generate.kind: unknown kind 'colective'; did you mean",
    ),
    ("generate", "generate: collective", "generate: must be a mapping of keys to values, not"),
    (
        "generate",
        "generate: {kind: collective, sise: 1MiB}",
        "generate.sise: unknown key 'sise'; did you mean 'size'?",
    ),
    (
        "generate",
        "generate: {kind: collective, size: 1GB/s}",
        "generate.size: must be a size such as 1MiB (2^20 bytes), 1MB",
    ),
    ("generate", "workload: nowhere", "workload: nowhere.0.et: file not found; it would be the"),
    ("generate", "workload: 3", "workload: must be a string, not 3"),
    ("generate", "workload: ''", "workload: must not be empty (prefix of trace files,"),
    ("+", "where: 3", "where: must be a condition such as 'tp * pp <= 8', or"),
    ("+", "where: [3]", "where: must be a condition such as 'tp * pp <= 8', or"),
    ("+", "where: 'tp >'", "where[0]: is no expression: invalid syntax in 'tp >'"),
    ("+", "where: 'tpp > 3'", "where[0]: unknown name 'tpp'; did you mean 'tp'?"),
    ("+", "where: [tp > 1, 'latency[0] > 3']", "where[1]: unknown name 'latency[0]'; known are"),
    (
        "+",
        "where: 'network.latncy[0] > 3'",
        "where[0]: unknown name 'network.latncy'; did you mean",
    ),
    ("+", "where: open('x')", "where[0]: unknown function 'open'; known are abs, ceil,"),
    ("+", "where: 'max(tp, key=3)'", "where[0]: has 'max(tp, key=3)'; arguments have no names"),
    ("+", "where: '[x for x in tp]'", "where[0]: has '[x for x in tp]', which expressions here"),
    ("+", "where: 'tp.__class__'", "where[0]: unknown name 'tp.__class__'; did you mean 'tp'?"),
    ("+", "where: 'makespan_ns > 3'", "where[0]: asks for the column makespan_ns; "),
    ("+", "where: 'lambda: 3'", "where[0]: has 'lambda: 3', which expressions here don't"),
    (
        "+",
        "where: 'network.bandwidth[tp] > 1'",
        "where[0]: has 'network.bandwidth[tp]', which is no key",
    ),
    ("+", "columns: 3", "columns: must be a mapping of keys to values, not 3"),
    ("+", "columns: {cost: }", "columns.cost: must be an expression, not null"),
    ("+", "columns: {cost: [3]}", "columns.cost: must be an expression, not a list"),
    ("+", "columns: {cost: 'npuz * 3'}", "columns.cost: unknown name 'npuz'; did you mean 'npus'?"),
    ("+", "columns: {cost: 'cost * 2'}", "columns.cost: is computed from itself"),
    (
        "+",
        "columns: {makespan_ns: 3}",
        "columns.makespan_ns: is a column that every row has; choose another",
    ),
    (
        "+",
        "columns: {cost: '10 ** 10 ** 10'}",
        "columns.cost: '10 ** 10 ** 10' has no value: a number",
    ),
    (
        "+",
        "columns: {'cost of it': 3}",
        "columns.cost of it: must be called by letters, digits and",
    ),
    ("+", "columns: {npus: 3}", "columns.npus: is a column that every row has; choose another"),
    ("+", "columns: {tp: 3}", "columns.tp: is an axis; choose another name"),
    ("+", "objectives: 3", "objectives: must be a mapping of keys to values, not 3"),
    (
        "+",
        "objectives: {makespam: min}",
        "objectives.makespam: unknown column 'makespam'; did you mean",
    ),
    ("+", "objectives: {makespan: least}", "objectives.makespan: must be min or max, not 'least'"),
    ("+", "objectives: {makespan: }", "objectives.makespan: must be min or max, not null"),
    ("+", "objectives: {}", "objectives: is empty; name a column, as makespan: min"),
    (
        "+",
        "objectives: {makespan: min, makespan_ns: max}",
        "objectives.makespan_ns: is makespan_ns again; give it one goal",
    ),
    (
        "+",
        "objectives: {shortcut: min}",
        "objectives.shortcut: is a column of texts; an objective is a number",
    ),
    ("+", "mode: griddy", "mode: unknown mode 'griddy'; did you mean 'grid'?"),
    ("+", "mode: {random: {}}", "mode.random.points: is required (how many are run)"),
    (
        "+",
        "mode: {random: {points: 0}}",
        "mode.random.points: must be at least 1, not 0 (how many are run)",
    ),
    (
        "+",
        "mode: {random: {points: 3, sed: 1}}",
        "mode.random.sed: unknown key 'sed'; did you mean 'seed'?",
    ),
    (
        "+",
        "mode: {optuna: {points: 3, sampler: tpee}}",
        "mode.optuna.sampler: must be 'nsga2' or 'tpe', not 'tpee'",
    ),
    ("+", "mode: [grid]", "mode: must be the name of a mode, or a mapping of it"),
    ("+", "mode: {grid: {}, random: {}}", "mode: must be the name of a mode, or a mapping of it"),
    ("+", "mode: {random: 3}", "mode.random: must be a mapping of keys to values, not 3"),
    ("+", "mode: random", "mode.random.points: is required (how many are run)"),
    (
        "+",
        "options: {network-backend: congested}",
        "options.network-backend: unknown backend 'congested'; did you mean",
    ),
    (
        "+",
        "options: {bakend: fluid}",
        "options.bakend: unknown key 'bakend', and no key of this file",
    ),
    (
        "+",
        "options: {num-queues-per-dim: 0}",
        "options.num-queues-per-dim: must be at least 1, not 0 (logical queues of",
    ),
    ("+", "options: 3", "options: must be a mapping of keys to values, not 3"),
    (
        "+",
        "options: {injection-scale: -1}",
        "options.injection-scale: must be at least 0, not -1 (factor on the",
    ),
    (
        "+",
        "options: {compat: astra-sim 9}",
        "options.compat: unknown dialect 'astra-sim 9'; of ASTRA-sim 2",
    ),
    ("+", "memory: nowhere.json", "memory: nowhere.json: file not found"),
    ("+", "memory: {memory-type: X}", "memory.memory-type: must be 'NO_MEMORY_EXPANSION',"),
    ("+", "comm-groups: nowhere.json", "comm-groups: nowhere.json: file not found"),
    (
        "+",
        "comm-groups: {'1': [0, 0]}",
        "comm-groups.1[1]: NPU 0 is already at position 0; list each NPU",
    ),
    ("+", "title: []", "title: must be a string, not a list"),
    ("+", "axis: {}", "axis: unknown key 'axis'; did you mean 'axes'?"),
    ("+", "title: a\ntitle: b", "title: is given twice"),
    ("+", "x: &a 3\ny: *a", "uses the YAML alias *a; write the value itself"),
    ("+", "\tx: 3", "is not YAML: a line begins with a tab; indent it by blanks"),
]


@pytest.mark.parametrize(("line", "written", "told"), CASES)
def test_one_mistake_is_told_once_with_its_key_and_line(
    tmp_path: Path, line: str, written: str, told: str
) -> None:
    lines = {**RIGHT, line: written}
    file = tmp_path / "study.yml"
    file.write_text("\n".join(filter(None, lines.values())) + "\n")
    with pytest.raises(ConfigError) as caught:
        Study.load(file)
    (message,) = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert message.startswith(f"study.yml: {told}")
    number = re.search(r"\(line (\d+)\)$", message)
    assert bool(number) == bool(written)  # what isn't there has no line
    if number is not None:
        assert int(number[1]) in range(1, len(file.read_text().splitlines()) + 1)


def test_there_are_a_hundred_of_them() -> None:
    assert len(CASES) >= 100


def test_all_mistakes_of_a_study_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "study.yml"
    parts = ["generate: {kind: collective, sise: 1}", "system: nowhere.json", "mode: griddy"]
    file.write_text("\n".join([*parts, "where: tpp > 1", "axes: {'network.x': [1]}"]) + "\n")
    with pytest.raises(ConfigError) as caught:
        Study.load(file)
    keys = [mistake.key for mistake in caught.value.mistakes]
    assert sorted(map(str, keys)) == ["axes.network.x", "mode", "network", "system", "where[0]"]


def test_what_axes_bring_need_not_be_there_before() -> None:
    network = {"topology": ["Ring"], "npus_count": [8], "latency": [500]}
    base = {"generate": {"kind": "collective"}, "system": "@demo", "network": network}
    asked = Study(**base, axes={"network.bandwidth": [[25], ["50GiB/s"]]})
    assert asked.inputs(asked.space.setting(1)).network.bandwidth == (50,)


def test_a_value_that_is_wrong_at_one_point_is_no_mistake_of_the_study() -> None:
    network = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [50], "latency": [500]}
    base = {"generate": {"kind": "collective"}, "system": "@demo", "network": network}
    asked = Study(**base, axes={"network.bandwidth[0]": [0, 50]})
    with pytest.raises(ConfigError, match="must be larger than 0"):
        asked.inputs(asked.space.setting(0))
    assert asked.inputs(asked.space.setting(1)).network.bandwidth == (50,)
