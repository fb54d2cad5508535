"""``simastra debug`` for editors: the VS Code extension, and options that don't fit."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from simastra.cli import main
from simastra.cli.command import Command
from simastra.cli.commands import COMMANDS
from simastra.cli.options.arguments import add_input_options
from simastra.cli.options.parser import Parser
from simastra.cli.verbs.schemas import schema_files
from simastra.dialect import DIALECTS

CHOSEN = {"type": "simastra", "request": "launch", "name": "any"}
"""What VS Code adds to a launch configuration."""

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editors") / "vscode"
    assert main(["debug", "--vscode", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "package.json").read_text())


def test_the_manifest_has_what_vscode_wants_of_one(folder: Path, manifest: dict[str, Any]) -> None:
    # https://code.visualstudio.com/api/references/extension-manifest
    assert re.fullmatch(r"[a-z0-9-]+", manifest["name"])
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", manifest["version"])
    assert re.fullmatch(r"\^1\.[0-9]+\.0", manifest["engines"]["vscode"])
    assert {"Debuggers"} <= set(manifest["categories"]) <= {"Debuggers", "Other"}
    assert (folder / manifest["main"]).is_file()
    (debugger,) = manifest["contributes"]["debuggers"]
    assert manifest["activationEvents"] == [f"onDebugResolve:{debugger['type']}"]
    languages = {it["id"] for it in manifest["contributes"]["languages"]}
    assert set(debugger["languages"]) <= languages
    assert {it["language"] for it in manifest["contributes"]["breakpoints"]} <= languages


def test_a_launch_configuration_knows_every_option_of_a_run(manifest: dict[str, Any]) -> None:
    (debugger,) = manifest["contributes"]["debuggers"]
    properties = debugger["configurationAttributes"]["launch"]["properties"]
    parser = Parser("simastra run", "", "")
    add_input_options(parser)
    for option in parser.options():
        name = option.option_strings[0].removeprefix("--")
        said = properties[name]
        assert said["description"]
        assert (said["type"] == "boolean") == (option.nargs == 0 or name == "rendezvous-protocol")
    assert properties["compat"]["enum"] == [*DIALECTS, "auto"]
    assert properties["num-queues-per-dim"] == {
        "type": "integer",
        "description": "logical queues of each network dimension (default: 1)",
        "default": 1,
    }
    run = COMMANDS["run"]
    assert isinstance(run, Command)
    known = {word for it in run.parser("run").options() for word in it.option_strings}
    ours = {"stopOnEntry", "stopAtEnd", "commands", "cwd", "port"}
    assert {f"--{name}" for name in properties.keys() - ours} <= known


def test_examples_and_snippets_are_right_launch_configurations(manifest: dict[str, Any]) -> None:
    (debugger,) = manifest["contributes"]["debuggers"]
    schema = debugger["configurationAttributes"]["launch"]
    Draft7Validator.check_schema(schema)
    known = {*schema["properties"], *CHOSEN}
    closed = {**schema, "propertyNames": {"enum": sorted(known)}}
    examples = [
        *debugger["initialConfigurations"],
        *(it["body"] for it in debugger["configurationSnippets"]),
    ]
    readme = (ROOT / "simastra/cli/verbs/debug/vscode/README.md").read_text()
    documented = (ROOT / "docs/debugging.md").read_text()
    for page in (readme, documented):
        found = re.findall(r'```json\n(\{\n  "version".*?)```', page, re.DOTALL)
        assert found
        examples += [it for text in found for it in json.loads(text)["configurations"]]
    for example in examples:
        Draft7Validator(closed).validate({**CHOSEN, **example})
    for key in ("workload", "stopOnEntry", "num-queues-per-dim", "compat"):
        assert not Draft7Validator(closed).is_valid({**examples[0], key: {}})


def test_schemas_stand_for_files_of_their_names(folder: Path, manifest: dict[str, Any]) -> None:
    told = manifest["contributes"]
    files: set[str] = set()
    for entry in (*told["jsonValidation"], *told["yamlValidation"]):
        path = folder / entry["url"]
        assert path.read_text() == schema_files()[path.name]
        assert not files & set(entry["fileMatch"])
        files |= set(entry["fileMatch"])
        is_yaml = entry in told["yamlValidation"]
        assert all(it.endswith((".yml", ".yaml")) == is_yaml for it in entry["fileMatch"])
    assert len(list((folder / "schemas").iterdir())) == len(schema_files())
    assert {"system.json", "network.yml", "scenario.yml", "study.yml"} <= files


SCRIPT = """
const Module = require("module");
const made = [];
const vscode = {
  DebugAdapterExecutable: class { constructor(...given) { this.given = given; } },
  DebugAdapterServer: class { constructor(...given) { this.given = given; } },
  debug: { registerDebugAdapterDescriptorFactory: (type, factory) => made.push([type, factory]) },
  workspace: { getConfiguration: () => ({ get: () => ["${workspaceFolder}/bin/simastra", "-x"] }) },
};
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
require(process.argv[1]).activate({ subscriptions: [] });
const [[type, factory]] = made;
const workspaceFolder = { uri: { fsPath: "/here" } };
const ask = (configuration) =>
  factory.createDebugAdapterDescriptor({ configuration, workspaceFolder }).given;
console.log(JSON.stringify([type, ask({}), ask({ port: 4711 })]));
"""


def test_the_extension_starts_the_adapter_or_goes_to_its_port(folder: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node here")
    words = [node, "-e", SCRIPT, str(folder / "extension.js")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [
        "simastra",
        ["/here/bin/simastra", ["-x", "debug", "--dap"], {"cwd": "/here"}],
        [4711, "127.0.0.1"],
    ]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--dap", "--workload", "wl"), "--workload isn't taken with --dap: the editor's launch"),
        (("--dap", "-c", "step"), "-c isn't taken with --dap"),
        (("--dap", "--tui"), "--tui isn't taken with --dap"),
        (("--port", "0"), "--port: is of --dap; without it nothing is served"),
        (("--dap", "--port", "70000"), "--port: must be from 0 to 65535, not 70000"),
        (("--dap", "--port", "x"), "--port: must be a whole number, not 'x'"),
        (("--vscode", "/proc/nowhere/x"), "--vscode"),
    ],
)
def test_options_for_editors_that_dont_fit_are_refused(
    words: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["debug", *words]) == 2
    assert problem in capsys.readouterr().err


def test_files_that_are_there_are_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("mine")
    assert main(["debug", "--vscode", str(tmp_path)]) == 2
    assert "README.md is there already, and debug replaces nothing; name" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    assert (tmp_path / "README.md").read_text() == "mine"
