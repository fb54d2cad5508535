"""The extension for VS Code as files: its manifest follows from the options and the schemas.

So keys of a launch configuration and of configuration files are completed and checked as the
installed simastra takes them.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from simastra.cli.options.parser import OneOf, number, truth, whole_number
from simastra.cli.verbs.schemas import schema_files
from simastra.debug.adapter import MIME_TYPE, JsonObject
from simastra.version import version

from .launch import COMMANDS, FOLDER, LAUNCH_KEYS, STOP_ON_ENTRY, launch_parser

_MANIFEST = "package.json"
_ASIS = ("extension.js", "README.md")
"""Files that are kept as they are, beside this one."""
_SCHEMAS = "schemas"
_DEBUGGER = "simastra"
LANGUAGE = "simastra-trace"
"""What an editor takes a trace's text for, so that breakpoints can be set in it."""
_LANGUAGE: JsonObject = {
    "id": LANGUAGE,
    "aliases": ["Execution trace"],
    "extensions": [".trace"],
    "mimetypes": [MIME_TYPE],
}
_NO_VERSION = "0.0.0"  # where simastra isn't installed
_OLDEST_VSCODE = "^1.75.0"

_FILES: Mapping[str, tuple[str, ...]] = {
    "system": ("system.json", "*.system.json", "*_system.json"),
    "network": ("network.yml", "network.yaml", "*.network.yml", "*.network.yaml"),
    "memory": ("memory.json", "*.memory.json", "*_memory.json"),
    "comm-groups": ("comm-groups.json", "comm_groups.json", "*.groups.json"),
    "calibration": ("calibration.json", "*.calibration.json"),
    "scenario": ("scenario.yml", "scenario.yaml", "*.scenario.yml", "*.scenario.yaml"),
    "study": ("study.yml", "study.yaml", "*.study.yml", "*.study.yaml"),
}
"""What files are called that have a schema, by the schema's name."""
_YAML = ".yml"


def names() -> Iterator[str]:
    """The names of the extension's files."""
    yield from (_MANIFEST, *_ASIS)
    yield from (f"{_SCHEMAS}/{name}.schema.json" for name in _FILES)


def extension_files() -> dict[str, str]:
    """The extension's files: name to content."""
    schemas = schema_files()
    here = Path(__file__).parent / "vscode"
    return {
        _MANIFEST: json.dumps(manifest(), indent=2, ensure_ascii=False) + "\n",
        **{name: (here / name).read_text(encoding="utf-8") for name in _ASIS},
        **{f"{_SCHEMAS}/{name}.schema.json": schemas[f"{name}.schema.json"] for name in _FILES},
    }


def next_steps(folder: str) -> str:
    """What to do with the folder."""
    return f"cd {shlex.quote(folder)} && npx @vscode/vsce package --allow-missing-repository"


def manifest() -> JsonObject:
    """What the extension adds to VS Code."""
    return {
        "name": "simastra",
        "displayName": "simastra",
        "description": "Step through simulations of distributed machine learning, also backwards.",
        "version": _three_numbers(version()),
        "publisher": "simastra",
        "license": "MIT",
        "engines": {"vscode": _OLDEST_VSCODE},
        "categories": ["Debuggers", "Other"],
        "keywords": ["simulation", "distributed machine learning", "Chakra", "ASTRA-sim"],
        "main": "./extension.js",
        "activationEvents": [f"onDebugResolve:{_DEBUGGER}"],
        "contributes": {
            "languages": [_LANGUAGE],
            "breakpoints": [{"language": LANGUAGE}],
            "debuggers": [_debugger()],
            "jsonValidation": list(_validation(yaml=False)),
            "yamlValidation": list(_validation(yaml=True)),
            "configuration": _settings(),
        },
    }


def _debugger() -> JsonObject:
    return {
        "type": _DEBUGGER,
        "label": "simastra",
        "languages": [LANGUAGE],
        "configurationAttributes": {
            "launch": {"required": ["network"], "properties": dict(_properties())}
        },
        "initialConfigurations": [launch_example()],
        "configurationSnippets": [
            _snippet("step through", "Stops before the first event; steps go forward and back."),
            _snippet(
                "to the deadlock",
                "Goes on until no NPU can, and says who waits for what and why.",
                {STOP_ON_ENTRY: False},
            ),
            _snippet(
                "to a node",
                "Begins with a breakpoint, as the prompt's 'break' takes it.",
                {STOP_ON_ENTRY: False, COMMANDS: ["break node ${1:NAME}"]},
            ),
        ],
    }


def _snippet(what: str, meaning: str, further: JsonObject = MappingProxyType({})) -> JsonObject:
    """A launch configuration to begin with."""
    name = f"simastra: {what}"
    body = {**launch_example(), "name": name, **further}
    return {"label": name, "description": meaning, "body": body}


def launch_example() -> JsonObject:
    """A launch configuration, as of the files that ``simastra init`` makes."""
    return {
        "type": _DEBUGGER,
        "request": "launch",
        "name": "simastra: step through",
        FOLDER: "${workspaceFolder}",
        "workload": "step",
        "system": "system.json",
        "network": "network.yml",
    }


def _properties() -> Iterator[tuple[str, JsonObject]]:
    """What a launch configuration can say."""
    for option in launch_parser().options():
        name = option.option_strings[0].removeprefix("--")
        if name != "-h":
            yield name, _option(option)
    for name, key in LAUNCH_KEYS.items():
        items = {"items": {"type": "string"}} if key.kind == "array" else {}
        yield (
            name,
            {
                "type": key.kind,
                **items,
                "description": key.meaning,
                "default": list(key.default) if isinstance(key.default, tuple) else key.default,
            },
        )
    yield (
        "port",
        {"type": "integer", "description": "port of 'simastra debug --dap --port' that runs"},
    )


def _option(option: argparse.Action) -> JsonObject:
    """What a key says that stands for an option."""
    kind = "boolean" if option.nargs == 0 else _TYPES.get(option.type, "string")
    said: dict[str, object] = {"type": kind, "description": _explained(option)}
    if isinstance(option.type, OneOf):
        default = [] if option.default is None else [option.default]
        said["enum"] = list(dict.fromkeys([*option.type.names, *default]))
    if option.default is not None:
        said["default"] = option.default
    return said


_TYPES: Mapping[object, str] = {whole_number: "integer", number: "number", truth: "boolean"}
"""The type of a value, by the option's."""


def _explained(option: argparse.Action) -> str:
    """As the help says it, in which argparse fills in what there is of the option."""
    return (option.help or "") % vars(option)


def _validation(*, yaml: bool) -> Iterator[JsonObject]:
    for name, files in _FILES.items():
        if any(file.endswith(_YAML) for file in files) is yaml:
            yield {"fileMatch": list(files), "url": f"./{_SCHEMAS}/{name}.schema.json"}


def _settings() -> JsonObject:
    return {
        "title": "simastra",
        "properties": {
            "simastra.command": {
                "type": "array",
                "items": {"type": "string"},
                "minItems": 1,
                "default": ["simastra"],
                "description": "The words that start simastra, such as "
                '["${workspaceFolder}/.venv/bin/python", "-m", "simastra"].',
                "scope": "machine-overridable",
            }
        },
    }


def _three_numbers(said: str) -> str:
    """A version as VS Code takes it: nothing behind three numbers."""
    match = re.match(r"\d+\.\d+\.\d+", said)
    return match[0] if match else _NO_VERSION
