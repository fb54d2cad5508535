"""No output of any verb replaces an input or another output; what can't be written is told."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Inputs, environment, python

from simastra.cli import COMMANDS, Command, main
from simastra.cli.options.command_files import check_files
from simastra.cli.options.input_paths import INPUT_TYPES
from simastra.cli.options.outputs import OutputFolder, OutputType
from simastra.cli.options.parser import text
from simastra.errors import InputError

WORDS_THAT_ARE_NO_PATHS = {
    *("COLLECTIVE", "COMMANDS", "LEVEL", "N", "NAME", "NPU", "NxN", "RATE", "TEXT", "TIME", "X"),
    *("gather|heads", "gpt|llama", "gpipe|1f1b|interleaved", "none|full"),
    *("none|full|selective", "fused|unfused", "FIELD=NAME,..."),
    *("training|prefill|decode", "us|ns", "KEY=VALUE", "URL"),
    ("DIR", "POINT"),  # --replay reads a folder of rows, which nothing is written to
}
PATHS_THAT_NOBODY_USES = {"logging_folder", "log_filename"}  # accepted, and without effect


def verbs() -> Iterator[tuple[str, Command]]:
    """All verbs, those of groups too."""
    for name, entry in COMMANDS.items():
        if isinstance(entry, Command):
            yield name, entry
        else:
            yield from ((f"{name} {verb}", command) for verb, command in entry.commands.items())


def options(role: tuple[type, ...]) -> list[tuple[str, argparse.Action]]:
    """The options of all verbs whose values are of that kind."""
    return [
        (name, action)
        for name, command in verbs()
        for action in command.parser(name)._actions
        if isinstance(action.type, role)
    ]


OUTPUTS = options((OutputType,))


def test_every_option_whose_value_is_a_word_says_whether_it_is_a_path() -> None:
    """A new option that is written to must be declared by `add_output_option`."""
    undeclared = [
        f"{name}: {action.dest} {action.metavar}"
        for name, command in verbs()
        for action in command.parser(name)._actions
        if action.nargs != 0
        and action.type in (None, text)
        and not action.choices
        and action.metavar not in WORDS_THAT_ARE_NO_PATHS
        and action.dest not in PATHS_THAT_NOBODY_USES
    ]
    assert undeclared == []


def test_verbs_that_write_are_these() -> None:
    found = {f"{name} {action.dest}" for name, action in OUTPUTS}
    expected = {
        *("run json", "run timeline", "report output", "report tables", "schemas output"),
        *("bandwidth csv", "bandwidth json", "convert text output", "convert pytorch output"),
        *("convert pytorch groups", "link output", "visualize output", "timeline output"),
        *("jsonize output", "generate collective output", "generate pipeline output"),
        *("generate memory output", "generate transformer output", "generate examples output"),
        *("topology clos output", "topology expand output", "topology show output"),
        "calibrate output",
        *("sweep output", "sweep json", "sweep inputs", "plan output", "plan json"),
    }
    assert expected <= found


def values(name: str, dest: str, path: Path) -> argparse.Namespace:
    """A command line whose output `dest` is at `path`, and nothing else."""
    parser = dict(verbs())[name].parser(name)
    (action,) = [action for action in parser._actions if action.dest == dest]
    assert isinstance(action.type, OutputType)
    return argparse.Namespace(**{dest: action.type(str(path))})


@pytest.mark.parametrize(("name", "output"), [(name, action.dest) for name, action in OUTPUTS])
def test_no_output_replaces_an_input(tmp_path: Path, name: str, output: str) -> None:
    arguments = values(name, output, tmp_path / "x")
    (action,) = [it for it in dict(verbs())[name].parser(name)._actions if it.dest == output]
    for file in [Path(it) for it in vars(arguments)[output].files()]:
        if file == tmp_path / "x" and isinstance(vars(arguments)[output], OutputFolder):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("precious")
        os.link(file, tmp_path / "hard")
        check_files(arguments)
        for kind in INPUT_TYPES:
            arguments.some_input = kind(str(tmp_path / "hard"))
            with pytest.raises(InputError, match=r"is an input; name another") as caught:
                check_files(arguments)
            label = (*action.option_strings, action.metavar)[0]  # one without dashes stands alone
            assert caught.value.on_command_line().startswith(f"{label}: {file} is an")
        del arguments.some_input
        assert file.read_text() == "precious"
        (tmp_path / "hard").unlink()


@pytest.mark.parametrize(("name", "output"), [(name, action.dest) for name, action in OUTPUTS])
def test_no_output_replaces_another(tmp_path: Path, name: str, output: str) -> None:
    arguments = values(name, output, tmp_path / "x")
    arguments.another = OutputType(type(vars(arguments)[output]), "another")(f"{tmp_path}/./x")
    with pytest.raises(
        InputError, match=r"^another: .* is what (?:--)?\w+ names, too; name another"
    ):
        check_files(arguments)
    assert list(tmp_path.iterdir()) == []


def snapshot(folder: Path) -> dict[str, bytes]:
    """What is in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("run --json wl.0.et", "--json: wl.0.et is an input; name another file"),
        ("run --json ./wl.7.et", "--json: ./wl.7.et is an input; name another file"),
        ("run --timeline link", "--timeline: link is an input; name another file"),
        ("run --json hard", "--json: hard is an input; name another file"),
        ("run --json net.yml/", "--json: net.yml/ is an input; name another file"),
        ("run --json q --timeline q", "--timeline: q is what --json names, too; name another"),
        ("run --json q --timeline ./q", "--timeline: ./q is what --json names, too; name"),
        ("run --json log.toml --logging-configuration log.toml", "--json: log.toml is an input"),
        ("run --json q/", "--json: q/ can't be written: that names a folder; name a file"),
        ("report --output wl.3.et", "--output: wl.3.et is an input; name another file"),
        ("report --output d --tables d", "--tables: d is what --output names, too; name another"),
        ("report --output links.csv --tables .", "--tables: links.csv is what --output names"),
        ("report --tables sys.json", "--tables: sys.json is an input; name another folder"),
    ],
)
def test_a_simulations_files_are_safe(ring: Inputs, words: str, message: str) -> None:
    (ring.folder / "link").symlink_to("wl.1.et")
    os.link(ring.folder / "wl.2.et", ring.folder / "hard")
    (ring.folder / "log.toml").touch()
    before = snapshot(ring.folder)
    process = ring.call(*words.split())
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.startswith(f"simastra: {message}")
    assert snapshot(ring.folder) == before


def test_no_folder_is_asked_for_where_a_file_is_in_its_way(ring: Inputs) -> None:
    process = ring.call("run", "--json=sys.json/q")
    file = ring.folder.resolve() / "sys.json"
    assert process.returncode == 2
    assert process.stderr == f"simastra: --json: {file} can't be made a folder: {file} is a file\n"


@pytest.mark.parametrize(
    ("stream", "name", "output"),
    [
        (1, "standard output", "./said"),
        (1, "standard output", "hard"),
        (2, "standard error", "said"),
    ],
)
def test_no_output_replaces_what_a_stream_goes_to(
    ring: Inputs, stream: int, name: str, output: str
) -> None:
    said, other = ring.folder / "said", ring.folder / "other"
    said.touch()
    os.link(said, ring.folder / "hard")
    inputs = "--workload=wl --system=sys.json --network=net.yml"
    leads = f"{stream}>said {3 - stream}>other"
    words = f"-m simastra run {inputs} --json={output} {leads}"
    code = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} {words}"],
        cwd=ring.folder,
        env=environment(),
        check=False,
        timeout=60,
    ).returncode
    assert code == 2
    told = f"simastra: --json: {output} is where {name} goes; name another file\n"
    assert sorted([said.read_text(), other.read_text()]) == ["", told]


def test_a_stream_is_no_file(ring: Inputs) -> None:
    process = ring.call("run", "--json=/dev/stdout")
    assert (process.returncode, process.stdout) == (2, "")
    message = "--json: /dev/stdout is where standard output goes; name another file"
    assert process.stderr == f"simastra: {message}\n"


def test_a_folder_of_the_prefix_s_name_is_no_input(ring: Inputs) -> None:
    (ring.folder / "wl").mkdir()
    assert ring.call("report", "--tables=wl").returncode == 0
    assert ring.call("report", "--tables=wl").returncode == 0
    assert (ring.folder / "wl" / "tables.json").exists()


MLP = "DATA\n1\nl -1 1 NONE 0 1 NONE 0 1 ALLREDUCE 64 1\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("convert text m.0.et --output m --npus 2", "--output: m.0.et is an input; name another"),
        ("convert text m.0.et --output ./m --npus 2", "--output: m.0.et is an input; name another"),
        (
            "generate transformer --layer-table t.summary.json --output t",
            "--output: t.summary.json is an input; name another prefix",
        ),
        ("jsonize m.0.et --output ./m.0.et", "--output: ./m.0.et is an input; name another file"),
        ("visualize m.dot --output m.dot", "--output: m.dot is an input; name another file"),
        ("timeline m.0.et --output m.0.et", "--output: m.0.et is an input; name another file"),
        ("link m.0.et m.dot --output m.dot", "--output: m.dot is an input; name another file"),
        ("convert pytorch m.dot --output m.dot", "--output: m.dot is an input; name another file"),
        (
            "convert pytorch m.dot --output o.0.et --groups o.0.et",
            "--groups: o.0.et is what --output names, too; name another file",
        ),
        (
            "convert pytorch m.dot --output o.0.et --groups m.dot",
            "--groups: m.dot is an input; name another file",
        ),
        (
            "bandwidth all-reduce --system m.dot --network m.0.et --csv m.dot",
            "--csv: m.dot is an input; name another file",
        ),
        (
            "bandwidth all-reduce --system m.dot --network m.0.et --csv o --json o",
            "--json: o is what --csv names, too; name another file",
        ),
        ("generate collective --npus 2 --output no/x", "--output: there is no folder "),
        ("generate transformer --output no/x", "--output: there is no folder "),
    ],
)
def test_files_of_other_verbs_are_safe(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("m.0.et", "m.dot", "t.summary.json"):
        Path(name).write_text(MLP)
    before = snapshot(tmp_path)
    assert main(words.split()) == 2
    assert capsys.readouterr().err.startswith(f"simastra: {message}")
    assert snapshot(tmp_path) == before


def custom_collective(ring: Inputs) -> None:
    """Let the all-reduce be played from ETs of its own, named for a node."""
    for npu in range(8):
        (ring.folder / f"cc.{npu}.et").write_bytes((ring.folder / "wl.0.et").read_bytes())
    assert main(["generate", "pipeline", "--npus=8", f"--output={ring.folder}/cc"]) == 0
    (ring.folder / "nodes.yml").write_text("1: cc\n")
    ring.system(per_node_custom_implementation="nodes.yml")


@pytest.mark.parametrize("name", ["cc.5.et", "nodes.yml"])
def test_files_that_the_system_file_names_are_inputs_too(ring: Inputs, name: str) -> None:
    custom_collective(ring)
    before = snapshot(ring.folder)
    process = ring.call("run", "--compat=master", f"--json={name}")
    assert (process.returncode, process.stdout) == (2, "")
    assert process.stderr.endswith(f"--json: {name} is an input; name another file\n")
    assert snapshot(ring.folder) == before


def test_a_bandwidths_custom_collectives_are_inputs_too(ring: Inputs) -> None:
    ring.system(all_reduce_implementation_custom="wl", per_node_custom_implementation="nodes.yml")
    (ring.folder / "nodes.yml").write_text("1: wl\n")
    before = snapshot(ring.folder)
    words = ("bandwidth", "all-reduce", "--system=sys.json", "--network=net.yml")
    for name in ("wl.4.et", "nodes.yml"):
        process = ring.call(*words, f"--json={name}", inputs=False)
        assert (process.returncode, process.stdout) == (2, "")
        assert process.stderr == f"simastra: --json: {name} is an input; name another file\n"
    assert snapshot(ring.folder) == before


class TestMemoryTraces:
    """The system file names what is written, in ASTRA-sim's own files in a folder nobody has."""

    def run(self, ring: Inputs, name: str, *words: str) -> tuple[int, str]:
        ring.system(track_local_mem=1, local_mem_trace_filename=name)
        process = ring.call(*words, "--compat=master")
        return process.returncode, process.stderr

    def test_their_folder_is_made_by_run_and_told_by_check(self, ring: Inputs) -> None:
        code, said = self.run(ring, "mem/trace/local", "check")
        assert code == 0
        assert "there is no folder mem/trace; 'simastra run' makes it" in said
        assert not (ring.folder / "mem").exists()
        assert self.run(ring, "mem/trace/local", "run")[0] == 0
        traces = sorted(path.name for path in (ring.folder / "mem" / "trace").iterdir())
        assert traces == [f"local.{npu}.json" for npu in range(8)]
        assert "traceEvents" in json.loads((ring.folder / "mem/trace/local.7.json").read_text())

    @pytest.mark.parametrize("verb", ["run", "check"])
    def test_what_cannot_be_written_is_said_before_anything_runs(
        self, ring: Inputs, verb: str
    ) -> None:
        code, said = self.run(ring, "wl.0.et/local", verb)
        assert code == 2
        assert "sys.json: local-mem-trace-filename: " in said
        assert "wl.0.et can't be made a folder" in said
        (ring.folder / "mem.3.json").mkdir()
        code, said = self.run(ring, "mem", verb)
        assert code == 2
        assert "mem.3.json isn't a regular file" in said
        assert not list(ring.folder.glob("mem.0.json"))

    def test_replace_neither_inputs_nor_other_outputs(self, ring: Inputs) -> None:
        (ring.folder / "net.yml").rename(ring.folder / "in.2.json")
        ring = replace(ring, words=("--workload=wl", "--system=sys.json", "--network=in.2.json"))
        code, said = self.run(ring, "in", "run")
        assert code == 2
        assert "sys.json: local-mem-trace-filename: in.2.json is an input; name another" in said
        code, said = self.run(ring, "out", "run", "--json=out.6.json")
        assert code == 2
        assert "local-mem-trace-filename: out.6.json is what --json names, too" in said
        assert not list(ring.folder.glob("out.*"))


class TestLeftOvers:
    """Files of a larger set stay, and are told."""

    def test_are_told_and_refused_by_strict(self, ring: Inputs) -> None:
        words = ("generate", "collective", "--npus=6", "--output=wl")
        process = ring.call(*words, "--strict", inputs=False)
        assert process.returncode == 2
        process = ring.call(*words, inputs=False)
        assert process.returncode == 0
        assert process.stderr == (
            "simastra: notice: --output: wl.6.et to wl.7.et are of an earlier set, which this one "
            "doesn't replace (delete them, or name another prefix)\n"
        )
        assert (ring.folder / "wl.7.et").exists()
        assert ring.call(*words, "--quiet", inputs=False).stderr == ""

    def test_files_beside_the_traces_count(self, ring: Inputs) -> None:
        words = ("generate", "collective", "--npus=8", "--output=wl")
        assert ring.call(*words, "--group-size=4", inputs=False).stderr == ""
        said = ring.call(*words, inputs=False).stderr
        assert "--output: wl.groups.json is of an earlier set" in said


def test_schemas_and_tables_are_replaced_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["schemas", "--output=sc"]) == 0
    before = snapshot(tmp_path)
    (tmp_path / "sc" / "memory.schema.json").unlink()
    (tmp_path / "sc" / "memory.schema.json").mkdir()
    capsys.readouterr()
    assert main(["schemas", "--output=sc"]) == 2
    assert "memory.schema.json isn't a regular file" in capsys.readouterr().err
    (tmp_path / "sc" / "memory.schema.json").rmdir()
    assert main(["schemas", "--output=sc"]) == 0
    assert snapshot(tmp_path) == before


def test_killed_as_soon_as_its_first_file_is_new_a_verb_leaves_the_whole_set(
    tmp_path: Path,
) -> None:
    npus = 400
    words = ("-m", "simastra", "generate", "collective", f"--npus={npus}", "--output=a")
    subprocess.run(python(*words), cwd=tmp_path, env=environment(), check=True, timeout=60)
    first = tmp_path / "a.0.et"
    old, before = first.read_bytes(), first.stat().st_ino
    process = subprocess.Popen(
        python(*words, "--size=2MiB"), cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL
    )
    while process.poll() is None and first.stat().st_ino == before:
        pass
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and len(os.listdir(tmp_path)) != npus:  # noqa: PTH208
        time.sleep(0.01)
    assert len(os.listdir(tmp_path)) == npus  # noqa: PTH208
    (new,) = {path.read_bytes() for path in tmp_path.iterdir()}
    assert new != old


def test_a_full_disk_leaves_all_files_as_they_were(tmp_path: Path) -> None:
    def call(words: str, *, limit: str) -> subprocess.CompletedProcess[str]:
        """Run a verb, with a limit to a file's size in blocks of 512 or 1,024 bytes."""
        line = " ".join(python("-m", "simastra", words))
        return subprocess.run(
            ["sh", "-c", f"ulimit -f {limit}; exec {line}"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    sizes = ",".join(["1MiB"] * 60)
    writers = ("schemas --output sc", f"generate collective --npus 3 --size {sizes} --output r")
    for words in writers:
        assert call(words, limit="unlimited").returncode == 0
    before = snapshot(tmp_path)
    for words in (*writers, writers[1].replace("--output r", "--output new")):
        process = call(words, limit="1")
        assert process.returncode == 2
        assert "can't be written: File too large" in process.stderr
        assert snapshot(tmp_path) == before
