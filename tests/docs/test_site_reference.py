"""The reference of the documentation site has every option and every key."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.site.command_pages import command_pages
from docs.site.configuration_pages import configuration_pages
from docs.site.generated import generated_pages
from docs.site.outside import ROOT
from docs.site.schema_words import allowed
from simastra.calibration.document.file import CalibrationFile
from simastra.cli import COMMANDS, Command
from simastra.config import MemoryConfig, NetworkConfig, PartOptions, SystemConfig
from simastra.config.documented import StrictSection
from simastra.config.graph.keys import GraphKeys, LinkKeys, Loopback, NodeKeys
from simastra.scenario import ScenarioConfig

REFERENCE = configuration_pages()
SCHEMAS = sorted((ROOT / "schemas").glob("*.schema.json"))


def verbs() -> Iterator[tuple[str, str, Command]]:
    """Each verb with its page and its words."""
    for name, command in COMMANDS.items():
        if isinstance(command, Command):
            yield name, name, command
        else:
            yield from ((name, f"{name} {inner}", it) for inner, it in command.commands.items())


def words(text: str) -> str:
    """Letters and digits alone: neither what makes it Markdown nor where lines end counts."""
    return "".join(re.findall(r"\w+", unescape(text).replace("_", ""))).lower()


@pytest.mark.parametrize(
    ("page", "name", "command"), [pytest.param(*it, id=it[1]) for it in verbs()]
)
def test_every_option_of_a_command_is_in_the_reference_with_its_help(
    page: str, name: str, command: Command
) -> None:
    text = command_pages()[f"reference/commands/{page}.md"]
    spans = set(re.findall(r"`([^`\s]+)(?: [^`]*)?`", text))
    shown = words(text)
    parser = command.parser(name)
    for group in parser._action_groups:
        assert words(group.description or "") in shown
    for action in parser._actions:
        assert set(action.option_strings) <= spans
        assert words((action.help or "").partition("%(")[0]) in shown


def keys_of(schema: Any) -> Iterator[str]:
    """The keys of all objects in a JSON Schema, however deep."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for inner in schema.values():
            yield from keys_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys_of(inner)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_key_of_every_schema_is_in_the_reference(path: Path) -> None:
    everything = "".join(REFERENCE.values())
    page = REFERENCE[f"reference/configuration/{path.name.removesuffix('.schema.json')}.md"]
    schema = json.loads(path.read_text("utf-8"))
    top = set(schema.get("properties", {}))
    assert {key for key in top if f"`{key}`" not in page} == set()
    assert {key for key in keys_of(schema) if f"`{key}`" not in everything} == set()


def properties_of(schema: Any) -> Iterator[tuple[str, Any]]:
    """The keys of all objects in a JSON Schema, with what is said of each; not of conditions."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"].items()
        for key, inner in schema.items():
            if key not in ("if", "then", "not"):
                yield from properties_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from properties_of(inner)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_key_has_a_meaning_and_a_default_of_its_type(path: Path) -> None:
    told = list(properties_of(json.loads(path.read_text("utf-8"))))
    mute = {key for key, it in told if not it.keys() & {"description", "const", "$ref"}}
    assert mute == set()
    switches = [it["default"] for _, it in told if it.get("type") == "boolean" and "default" in it]
    assert all(type(it) is bool for it in switches)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_keys_of_a_file_are_told_to_be_required_where_they_are(path: Path) -> None:
    page = REFERENCE[f"reference/configuration/{path.name.removesuffix('.schema.json')}.md"]
    told = {
        key
        for key in re.findall(r"^## `(.+?)` ", page, re.MULTILINE)
        if "*required*" in page.partition(f"## `{key}` ")[2].partition("\n## ")[0]
    }
    assert told == set(json.loads(path.read_text("utf-8")).get("required", ()))


def test_keys_that_are_listed_with_one_more_are_not_listed_again() -> None:
    page = REFERENCE["reference/configuration/scenario.md"]
    assert page.count("| `endpoint-delay` |") == 1
    assert "mapping of names, each to [mapping](#keys-of-npus) without `npus`." in page


def test_limits_of_a_value_are_told() -> None:
    share = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
    assert allowed(share, {}, str) == "number, > 0, ≤ 1"


@pytest.mark.parametrize("path", sorted(REFERENCE))
def test_every_heading_can_be_linked_to(path: str) -> None:
    anchors = re.findall(r"^#+ .*\{ #(\S+)", REFERENCE[path], re.MULTILINE)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", REFERENCE[path])) <= set(anchors)


def derived(model: type) -> Iterator[type]:
    yield model
    for each in model.__subclasses__():
        yield from derived(each)


def test_every_field_of_every_model_is_in_the_reference() -> None:
    text = "".join(REFERENCE.values())
    models = {SystemConfig, NetworkConfig, MemoryConfig, GraphKeys, NodeKeys, LinkKeys, Loopback}
    models |= {CalibrationFile, ScenarioConfig, *derived(PartOptions)}
    assert issubclass(CalibrationFile, StrictSection)
    missing = {
        (model.__name__, key)
        for model in models
        if model.__module__.startswith("simastra.")
        for key in model.model_json_schema(by_alias=True).get("properties", {})
        if f"`{key}`" not in text
    }
    assert not missing


def test_every_document_has_a_place_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    nav = yaml.safe_load(text[text.index("\nnav:") :])
    named = set(re.findall(r"[\w./-]+(?:\.md|/)(?=')", repr(nav)))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} <= named
    assert {it for it in named if it.startswith("repository/")} <= set(generated_pages())


def test_buttons_open_notebooks_that_are_there() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    settings = re.findall(r"^    ([\w-]+\.md): (\w+\.ipynb)$", text, re.MULTILINE)
    assert settings
    for page, notebook in settings:
        assert (ROOT / "docs" / page).exists()
        assert (ROOT / "notebooks" / notebook).exists()
