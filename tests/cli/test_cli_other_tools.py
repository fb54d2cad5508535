"""Command lines of ASTRA-sim's and Chakra's tools, with only the program's name changed."""

import shutil
from pathlib import Path

import pytest
from command_line import RING_CYCLES, Inputs

from simastra.cli import main
from simastra.cli.options.other_tools import converter_words, generator_words

RECORDED = Path(__file__).parent.parent / "field" / "chakra-command-lines"


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with PyTorch's two files of a process, and a text workload."""
    shutil.copytree(RECORDED, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        "--workload-configuration={0} --system-configuration={1} --network-configuration={2}",
        "--workload-configuration {0} --system-configuration {1} --network-configuration {2}",
        "--network_configuration={2} --system_configuration={1} --workload_configuration={0}",
        "--num-queues-per-dim=1 --comm-group-configuration=empty --compute-scale=1 --comm-scale=1 "
        "--injection-scale=1 --rendezvous-protocol=false --workload-configuration={0} "
        "--system-configuration={1} --network-configuration={2}",
        "--workload {0} --system {1} --network {2}",
    ],
)
def test_astra_sims_options_without_a_verb_simulate(ring: Inputs, words: str) -> None:
    names = (name.partition("=")[2] for name in ring.words)
    process = ring.call(*words.format(*names).split(), inputs=False)
    assert process.returncode == 0
    assert process.stdout.count(f"finished, {RING_CYCLES} cycles") == 8


@pytest.mark.parametrize(
    "words",
    [
        "link --rank 0 --chakra-host-trace host.0.json --chakra-device-trace device.0.json "
        "--output-file l.json --log-level WARNING",
        "link --pytorch-et-file host.0.json --kineto-file device.0.json --output-file l.json",
        "link --et-file=host.0.json --kineto-file=device.0.json --output-file=l.json "
        "--annotation=DataLoader --exact-match",
    ],
)
@pytest.mark.parametrize(
    "more",
    [
        "convert PyTorch --input l.json --output t.0.et",
        "convert --log-filename c.log PyTorch --input l.json --output t.0.et --simulate",
        "convert --log_filename=c.log pytorch --input=l.json --output=t.0.et",
        "convert --input_type=PyTorch --input_filename=l.json --output_filename=t.0.et "
        "--num_dims=1",
        "convert --output_filename t.0.et --num_npus 4 --num_passes 1 --num_dims 1 "
        "--input_filename l.json --input_type PyTorch --log_filename c.log",
    ],
)
def test_chakras_linker_and_converter_of_pytorchs_traces(
    recorded: Path, words: str, more: str
) -> None:
    assert main(words.split()) == 0
    assert main(more.split()) == 0
    assert main(["convert", "pytorch", "l.json", "--output", "plain.0.et"]) == 0
    assert (recorded / "t.0.et").read_bytes() == (recorded / "plain.0.et").read_bytes()
    assert not (recorded / "c.log").exists()


@pytest.mark.parametrize(
    "words",
    [
        "convert Text --input micro.txt --output m --num-npus 4 --num-passes 1",
        "convert TEXT --input micro.txt --output m --num_npus 4 --num_dims 1",
        "convert --input_type=Text --input_filename=micro.txt --output_filename=m --num_npus=4 "
        "--num_dims=1 --num_passes=1",
        "convert --input_type Text --input_filename micro.txt --output_filename m --num_npus 4 "
        "--num_dims 1 --num_passes 1",
        "convert --log-filename=c.log Text --input micro.txt --output m --num-npus 4",
        "convert Text --log-filename c.log --input micro.txt --output m --num-npus 4",
    ],
)
def test_chakras_converter_of_texts(recorded: Path, words: str) -> None:
    assert main(words.split()) == 0
    assert main(["convert", "text", "micro.txt", "--output", "plain", "--npus", "4"]) == 0
    for npu in range(4):
        assert (recorded / f"m.{npu}.et").read_bytes() == (
            recorded / f"plain.{npu}.et"
        ).read_bytes()


def test_chakras_generator_visualizers_and_jsonizer(recorded: Path) -> None:
    assert main(["generate", "--num_npus", "2", "--num_dims", "1", "--default_runtime", "5"]) == 0
    ours = ["generate", "examples", "--npus", "2", "--default-runtime", "5", "--output", "."]
    written = {path.name: path.read_bytes() for path in recorded.glob("*.et")}
    assert main(ours) == 0
    assert {path.name: path.read_bytes() for path in recorded.glob("*.et")} == written
    trace = "one_comp_node.0.et"
    assert main(f"visualize --input_filename {trace} --output_filename t.dot".split()) == 0
    assert main(f"jsonize --input_filename={trace} --output_filename=t.json".split()) == 0
    assert main(f"jsonize --input {trace} --output t.json".split()) == 0
    (recorded / "log").write_text("issue,sys->id=0, tick=0, node->id=1, node->name=COMP_NODE_a\n")
    words = "--input_filename=log --output_filename=t.json --num_npus=2 --npu_frequency=1000"
    assert main(["timeline", *words.split(), "--log_filename=c.log"]) == 0


@pytest.mark.parametrize(
    ("words", "option", "severity"),
    [
        ("convert --log-filename c.log Text --input micro.txt --output m --num-npus 1", "log", 1),
        ("convert PyTorch --input l.json --output t.et --log-filename c.log", "log-filename", 1),
        ("convert PyTorch --input l.json --output t.et --num-dims 1", "num-dims", 0),
        ("link host.0.json device.0.json --output m.json --log-level INFO", "log-level", 1),
        ("link host.0.json device.0.json --output m.json --annotation A", "annotation", 1),
        ("link host.0.json device.0.json --output m.json --exact-match", "exact-match", 1),
    ],
)
def test_a_log_that_is_not_written_is_a_warning_and_what_nobody_misses_is_not(
    recorded: Path, capsys: pytest.CaptureFixture[str], words: str, option: str, severity: int
) -> None:
    assert main(["link", "host.0.json", "device.0.json", "--output", "l.json"]) == 0
    assert main([*words.split(), "--strict"]) == 2 * severity
    assert f"--{option}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        (["text", "a"], ["text", "a"]),
        (["--input-type=Text", "a"], ["text", "a"]),
        (["a", "--input_type", "PyTorch", "b"], ["pytorch", "a", "b"]),
        (["--log-filename", "l", "Text", "a"], ["text", "a", "--log-filename", "l"]),
        (["--log_filename=l", "Text"], ["text", "--log_filename=l"]),
        (["--log-filename"], ["--log-filename"]),
        ([], []),
        (["--help"], ["--help"]),
    ],
)
def test_the_converter_comes_first(words: list[str], understood: list[str]) -> None:
    assert converter_words(words) == understood


def test_a_generator_without_a_name_is_chakras() -> None:
    assert generator_words(["--num_npus", "2"]) == ["examples", "--num_npus", "2"]
    for words in (["--help"], ["-h"], [], ["pipeline", "--npus=2"]):
        assert generator_words(words) == words


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "--logical-topology-configuration=l.json",
            "of ASTRA-sim's ns-3 frontend, which simulates",
        ),
        (
            "--logical_topology_configuration l.json",
            "of ASTRA-sim's ns-3 frontend, which simulates",
        ),
        (
            "--htsim-proto=tcp --htsim_opts -topo x",
            "of ASTRA-sim's htsim frontend, which simulates",
        ),
        ("--units-count 8", "of ASTRA-sim 1.x: write topology, npus_count, bandwidth and latency"),
        ("-w a -g 8 -n b", "-w is an option of SimAI: convert its workload by 'simastra convert"),
        ("-n topology", "-n is an option of SimAI: give its topology, as it is, as --network"),
        ("-g_p_s 8", "-g_p_s is an option of SimAI: leave it out; the network says which NPUs"),
        ("-tp_o 0.3", "-tp_o is an option of SimAI: leave it out; what overlaps is simulated"),
        ("-t 8", "-t is an option of SimAI in ns-3: leave it out"),
        ("--run-name=a", "--run-name is an option of ASTRA-sim 1.x: leave it out; --json names"),
    ],
)
def test_an_option_of_another_simulator_says_what_to_do(
    capsys: pytest.CaptureFixture[str], words: str, message: str
) -> None:
    assert main(["--workload-configuration=w", *words.split()]) == 2
    assert message in capsys.readouterr().err


def test_letters_are_those_of_the_tool_whose_place_a_command_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    inputs = ["--system", "s.json", "--network", "n.yml"]
    assert main(["bandwidth", "all-reduce", *inputs, "-g", "8"]) == 2
    assert "-g is an option of nccl-tests: leave it out; the network" in capsys.readouterr().err
    assert main(["inspect", "-w", "a"]) == 2
    assert "unknown option '-w'" in capsys.readouterr().err


def test_underscores_and_dashes_are_one_in_options_and_not_in_values(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", "text", "--input=no_such.txt", "--output=m", "--num_npus=1"]) == 2
    assert "no_such.txt: file not found" in capsys.readouterr().err
    assert main(["convert", "text", "--in_put=micro.txt"]) == 2
    assert "unknown option '--in_put'; did you mean '--input'?" in capsys.readouterr().err
