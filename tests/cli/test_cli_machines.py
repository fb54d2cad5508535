"""Machines on the command line, and starting sets: what is printed works as printed."""

import shlex
from pathlib import Path

import pytest

from simastra.cli import main
from simastra.config.load import load_network, load_system
from simastra.machines import machine, names

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: Capture, command: str) -> str:
    assert main(shlex.split(command)) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys: Capture, command: str) -> str:
    assert main(shlex.split(command)) == 2
    return capsys.readouterr().err


def test_all_machines_are_listed(capsys: Capture) -> None:
    lines = said(capsys, "machines").splitlines()
    assert [line.split()[0] for line in lines[1:-2]] == list(names())
    assert "8, 8xN" in next(line for line in lines if line.startswith("hgx-h100"))


def test_one_is_shown_with_its_files_and_sources(capsys: Capture) -> None:
    shown = said(capsys, "machines hgx-h100:8x4")
    assert "bandwidth: [ 419.09515857696533, 46.566128730773926 ]" in shown
    assert "450 GB/s, 50 GB/s of 10^9 bytes" in shown
    assert "memory of an NPU: 80,000,000,000 bytes" in shown
    assert all(word in shown for word in ("datasheet", "NCCL", "SHARP"))


def test_one_that_needs_a_shape_is_shown_with_an_example_of_one(capsys: Capture) -> None:
    assert said(capsys, "machines tpu-v4").startswith("@tpu-v4:4x4x4: Google TPU v4")


@pytest.mark.parametrize("verb", ["run", "check", "report --output r.html", "debug -c where"])
def test_a_machine_can_stand_for_files(verb: str, capsys: Capture) -> None:
    said(capsys, "generate collective --npus 16 --size 1MiB --output ar")
    machines = "--network @hgx-h100:8x2 --system @hgx-h100"
    name, *options = verb.split()
    assert said(capsys, f"{name} --workload ar {machines} {' '.join(options)}")


def test_cycles_are_those_of_the_files_that_are_shown(capsys: Capture, here: Path) -> None:
    said(capsys, "generate collective --npus 16 --size 1MiB --output ar")
    said(capsys, "init own --machine hgx-h100:8x2")
    files = "--network own/network.yml --system own/system.json"
    by_name = said(capsys, "run --workload ar --network @hgx-h100:8x2 --system @hgx-h100")
    assert by_name == said(capsys, f"run --workload ar {files}")
    made = machine("hgx-h100:8x2")
    assert load_network(here / "own/network.yml") == made.network
    assert load_system(here / "own/system.json") == made.system


def test_a_machine_beside_a_network_file_has_its_dimensions(capsys: Capture, here: Path) -> None:
    said(capsys, "generate collective --npus 4 --size 1MiB --output ar")
    (here / "net.yml").write_text(
        "topology: [ Ring, Ring ]\nnpus_count: [ 2, 2 ]\nbandwidth: [ 50, 50 ]\nlatency: [ 5, 5 ]\n"
    )
    assert said(capsys, "run --workload ar --network net.yml --system @dgx-a100").count("\n") == 4


@pytest.mark.parametrize("system", ["@tpu-v5p", "@tpu-v5p:4x4x4", "@hgx-h100"])
def test_what_an_npu_does_needs_no_shape(system: str, capsys: Capture) -> None:
    said(capsys, "generate collective --npus 64 --size 1MiB --output ar")
    shown = said(capsys, f"run --workload ar --system {system} --network @tpu-v5p:4x4x4")
    assert shown.count(" finished, ") == 64
    assert "needs its shape" in refused(
        capsys, f"run --workload ar --system {system} --network @tpu-v5p"
    )


def test_bandwidths_of_a_machine(capsys: Capture) -> None:
    shown = said(
        capsys, "bandwidth all-reduce --network @dgx-a100 --system @dgx-a100 -b 64M -e 64M"
    )
    busbw = float(shown.splitlines()[3].split()[-1])
    assert 200 < busbw < 300  # below the 300 GB/s of a link


def test_a_file_whose_name_begins_so_is_named_with_its_folder(capsys: Capture, here: Path) -> None:
    (here / "@net.yml").write_text(
        "topology: [ Ring ]\nnpus_count: [ 8 ]\nbandwidth: [ 50 ]\nlatency: [ 500 ]\n"
    )
    said(capsys, "generate collective --npus 8 --size 1MiB --output ar")
    shown = said(capsys, "run --workload ar --network ./@net.yml --system @demo")
    assert "117780" in shown


def test_unknown_machines_and_shapes(capsys: Capture) -> None:
    command = "run --workload ar --network {} --system @demo"
    assert "--network: unknown machine 'hgx'" in refused(capsys, command.format("@hgx"))
    assert "64 NPUs are 8x8" in refused(capsys, command.format("@hgx-h100:64"))


def test_no_machine_has_a_remote_memory(capsys: Capture) -> None:
    command = "run --workload ar --network @demo --system @demo --memory @demo"
    assert refused(capsys, command) == (
        "simastra: --memory: @demo has no remote memory, like all machines; leave it out, or name "
        "a file\n"
    )


def test_two_machines_are_compared_in_one_command(capsys: Capture) -> None:
    said(capsys, "generate collective --npus 16 --size 16MiB --output ar")
    a, b = "dgx-a100", "hgx-h100"
    first = f"--system @{a} --network @{a}:8x2"
    shown = said(capsys, f"diff --workload ar {first} --system-b @{b} --network-b @{b}:8x2")
    assert "serialisation" in shown


@pytest.mark.parametrize("folder", ["first", "a b/first", "."])
def test_a_starting_set_is_simulated_by_the_command_that_is_printed(
    folder: str, capsys: Capture, here: Path
) -> None:
    printed = said(capsys, shlex.join(["init", folder])).splitlines()
    program, *words = shlex.split(printed[-1].removeprefix("next: "))
    assert program == "simastra"
    assert said(capsys, shlex.join(words)).count(" finished, ") == 8
    sessions = [
        line.removeprefix("$ ")
        for line in (here / folder / "README.md").read_text().splitlines()
        if line.startswith("$ ")
    ]
    assert len(sessions) == 5
    for session in sessions:
        end = " -c quit" if " debug " in session else ""
        said(capsys, session.removeprefix("simastra ") + end)


def test_a_starting_set_of_a_machine_computes_by_its_roofline(capsys: Capture) -> None:
    (line,) = said(capsys, "init h --machine hgx-h100").splitlines()[-1:]
    shown = said(capsys, line.removeprefix("next: simastra "))
    cycles = int(shown.split()[2])
    assert 4 * 5_000 < cycles < 1_000_000  # 16 MiB through 3350 GB/s take 5 us


@pytest.mark.parametrize("name", ["README.md", "network.yml", "step.3.et", "step.99.et"])
def test_nothing_is_replaced(name: str, capsys: Capture, here: Path) -> None:
    (here / "first").mkdir()
    (here / "first" / name).write_text("mine")
    assert refused(capsys, "init first") == (
        f"simastra: DIR: first/{name} is there already, and init replaces nothing; name another "
        "folder\n"
    )
    assert [it.name for it in (here / "first").iterdir()] == [name]
    assert (here / "first" / name).read_text() == "mine"


def test_all_files_that_are_there_are_counted_once(capsys: Capture) -> None:
    said(capsys, "init first")
    assert "first/README.md and 10 more are there already" in refused(capsys, "init first")


def test_what_else_is_in_the_folder_stays(capsys: Capture, here: Path) -> None:
    (here / "first").mkdir()
    (here / "first/notes.txt").write_text("mine")
    said(capsys, "init first")
    assert (here / "first/notes.txt").read_text() == "mine"


def test_what_init_refuses(capsys: Capture, here: Path) -> None:
    (here / "file").write_text("")
    assert "the folder to be made is missing" in refused(capsys, "init")
    assert "unknown machine 'x'" in refused(capsys, "init new --machine x")
    assert "file" in refused(capsys, "init file")
    # Told at once: nothing as large as that is made first.
    assert "makes 8,000,000 files" in refused(capsys, "init new --machine hgx-h100:8x1000000")
    (here / "own.yml").write_text(
        "title: t\nnpu: n\nmemory_bandwidth: 1TB/s\n"
        "dimensions: [{name: a, topology: Rong, npus: 4, bandwidth: 5GB/s, latency: 3ns}]\n"
    )
    assert "@own.yml:4: topology[0]: unknown topology 'Rong'; did you mean 'Ring'?" in refused(
        capsys, "init new --machine own.yml:4"
    )
    assert not (here / "new").exists()
