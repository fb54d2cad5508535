"""The same files, given where simastra's inputs are wanted."""

from pathlib import Path

import pytest
from foreign_files import FILES

from simastra import InputError, Simulation, TraceBuilder
from simastra.cli import main
from simastra.collective_schedules import read_schedule
from simastra.config import load_comm_groups, load_memory, load_network, load_system
from simastra.config.load import load_custom_implementations
from simastra.convert.astra_sim_1 import convert_file
from simastra.convert.link import load_device, load_host
from simastra.convert.pytorch import read_linked
from simastra.convert.text.parse import read_workload
from simastra.foreign import InputRole
from simastra.foreign.kinds import SYSTEM, TEXT, FileKind
from simastra.report.timeline_input import read_timeline
from simastra.trace import load_trace
from simastra.trace.contents import jsonized

LOADERS = {
    InputRole.SYSTEM: load_system,
    InputRole.NETWORK: load_network,
    InputRole.MEMORY: load_memory,
    InputRole.GROUPS: load_comm_groups,
    InputRole.CUSTOM: load_custom_implementations,
    InputRole.TRACE: jsonized,
    InputRole.TEXT: read_workload,
    InputRole.VERSION_1: convert_file,
    InputRole.LINKED: read_linked,
    InputRole.HOST: load_host,
    InputRole.DEVICE: load_device,
    InputRole.RESULT: read_timeline,
    InputRole.SCHEDULE: read_schedule,
}


@pytest.mark.parametrize("role", InputRole)
@pytest.mark.parametrize(("kind", "data"), FILES)
def test_each_is_told_wherever_another_is_wanted(
    kind: FileKind, data: bytes, role: InputRole, tmp_path: Path
) -> None:
    if role in kind.roles:
        pytest.skip("this is what is wanted")
    path = tmp_path / "given"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        LOADERS[role](path)
    message = str(caught.value)
    assert message.startswith(f"{path}: this is ")
    swapped = role in (InputRole.HOST, InputRole.DEVICE) and "this is a " in message
    assert kind.what in message or swapped
    assert len(message) < 2000


@pytest.mark.parametrize(
    ("kind", "data"), [pair for pair in FILES if InputRole.TRACE not in pair[0].roles]
)
def test_each_is_told_as_a_trace_file_and_as_the_prefix_of_some(
    kind: FileKind, data: bytes, tmp_path: Path
) -> None:
    for name in ("given", "given.0.et"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=r"^[^ ]*/given(\.0\.et)?: this is ") as caught:
            load_trace(tmp_path / "given", 1)
        assert f": this is {kind.what}, not a Chakra execution trace: " in str(caught.value)
        with pytest.raises(InputError, match=r"^[^ ]*/given(\.0\.et)?: this is ") as of_several:
            load_trace(tmp_path / "given", 4)
        assert str(of_several.value) == str(caught.value)
        (tmp_path / name).unlink()


def test_a_whole_simulation_says_so_in_python(tmp_path: Path) -> None:
    (tmp_path / "net.yml").write_bytes(dict(FILES)[SYSTEM])
    (tmp_path / "sys.json").write_bytes(dict(FILES)[SYSTEM])
    with pytest.raises(InputError, match=r"net\.yml: this is a system configuration, not a netw"):
        Simulation(TraceBuilder(), tmp_path / "sys.json", tmp_path / "net.yml")


def test_the_advice_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mlp.txt").write_bytes(dict(FILES)[TEXT])
    assert main(["inspect", "mlp.txt"]) == 2
    assert "'simastra convert text mlp.txt --output PREFIX" in capsys.readouterr().err


def test_a_trace_in_json_under_another_name_is_to_be_renamed(tmp_path: Path) -> None:
    (tmp_path / "chakra.0.json").write_bytes(b'{"metadata": {}, "nodes": []}')
    with pytest.raises(InputError, match=r"rename chakra\.0\.json to chakra\.0\.et$"):
        load_trace(tmp_path / "chakra", 1)
    with pytest.raises(InputError, match=r"chakra\.0\.json looks like a file; the prefix ends"):
        load_trace(tmp_path / "chakra.0.json", 1)
