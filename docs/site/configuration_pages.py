"""The reference of the files' keys: a page for each kind of file, from its JSON Schema.

The schemas come from the models, with the docstrings of their fields. Each key of a file has a
heading, so that a search finds it and a link can name it; the keys of what is nested, a table.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from simastra.cli.verbs.schemas import schema_files
from simastra.config.json_schema import JsonSchema

from .files_told import FILES, FileTold
from .prose import code, inline, sentence, table
from .schema_words import allowed, default

FOLDER = "reference/configuration"
"""Where the pages are, in the site."""


def configuration_pages() -> dict[str, str]:
    """Pages by their paths."""
    schemas = {name: json.loads(text) for name, text in schema_files().items()}
    whole = {_keys_of(schema): FILES[name] for name, schema in schemas.items()}
    pages = {f"{FOLDER}/index.md": _index()}
    for name, schema in schemas.items():
        others = {keys: it for keys, it in whole.items() if it is not FILES[name]}
        pages[f"{FOLDER}/{FILES[name].page}"] = _Page(FILES[name], name, schema, others).text()
    return pages


def _index() -> str:
    rows = [(f"[{it.title}]({it.page})", it.given, it.what) for it in FILES.values()]
    return f"""# Configuration files

Every key of every file that simastra reads as its own or as ASTRA-sim's. The pages are made
from the models that check the files; so are the JSON Schemas, which `simastra schemas` writes for
editors.

{table(("file", "given as", "says"), rows)}
"""


@dataclass(slots=True)
class _Page:
    """One page, as it is written.

    Attributes:
        told: what the page says of the file itself.
        schema_name: name of the schema's file.
        schema: what is described.
        others: pages of other files by their keys, which are not listed once more.
        sections: nested objects that are listed below, by their keys: where, and how called.
    """

    told: FileTold
    schema_name: str
    schema: JsonSchema
    others: dict[frozenset[str], FileTold]
    sections: dict[str, tuple[str, JsonSchema]] = field(default_factory=dict)
    _path: str = ""

    def text(self) -> str:
        """The page as Markdown."""
        parts = [f"# {self.told.title}", self.told.intro, *self._keys(), *self._nested()]
        parts.append(f"The schema, for editors: `{self.schema_name}`, of `simastra schemas`.")
        return "\n\n".join(parts) + "\n"

    def _keys(self) -> Iterator[str]:
        """A heading for each key of the file, then those that do nothing."""
        listed = self.schema.get("properties", {})
        for key, about in listed.items():
            if not about.get("deprecated"):
                yield f"## `{key}` {{ #{key} .option }}"
                yield self._described(key, about)
        old = {key: it for key, it in listed.items() if it.get("deprecated")}
        if old:
            yield "## Other spellings, and keys without effect"
            yield table(
                ("key", "is"), [(code(k), inline(it["description"])) for k, it in old.items()]
            )

    def _described(self, key: str, about: JsonSchema) -> str:
        self._path = key
        facts = [f"*Value:* {self._allowed(about)}"]
        if default(about):
            facts.append(f"*default:* {default(about)}")
        if key in self.schema.get("required", ()):
            facts.append("*required*")
        return f"{sentence(about.get('description', ''))}\n\n{'; '.join(facts)}."

    def _nested(self) -> Iterator[str]:
        """A table for each object with keys of its own; they may have more of them."""
        done = 0
        while done < len(self.sections):
            path, schema = list(self.sections.values())[done]
            done += 1
            yield f"## Keys of `{path}` {{ #{_anchor(path)} }}"
            yield table(("key", "value", "default", "meaning"), list(self._rows(path, schema)))

    def _rows(self, path: str, schema: JsonSchema) -> Iterator[tuple[str, ...]]:
        required = schema.get("required", ())
        for key, about in schema["properties"].items():
            self._path = f"{path}.{key}"
            preset = "required" if key in required else default(about)
            yield code(key), self._allowed(about), preset, inline(about.get("description", ""))

    def _allowed(self, about: JsonSchema) -> str:
        return allowed(about, self._parts(), self._linked)

    def _parts(self) -> JsonSchema:
        parts: JsonSchema = self.schema.get("$defs", {})
        return parts

    def _linked(self, schema: JsonSchema) -> str:
        """A link to where an object's keys are; they will be listed there."""
        other = self.others.get(_keys_of(schema))
        if other:
            return f"[the keys of a {other.title.lower()}]({other.page})"
        listed = self._listed_with_more(schema)
        if listed:
            return listed
        name = str(schema["properties"])
        if name not in self.sections:
            taken = {path for path, _ in self.sections.values()}
            self.sections[name] = (_called(self._path, schema, taken), schema)
        label = f"mapping with {code(kind)}" if (kind := _kind_of(schema)) else "mapping"
        return f"[{label}](#{_anchor(self.sections[name][0])})"

    def _listed_with_more(self, schema: JsonSchema) -> str:
        """A link to keys that are listed already, if one of them alone is not an object's."""
        own = schema["properties"].items()
        for path, other in self.sections.values():
            more = other["properties"].keys() - schema["properties"].keys()
            if len(more) == 1 and own <= other["properties"].items():
                return f"[mapping](#{_anchor(path)}) without {code(*more)}"
        return ""


def _called(path: str, schema: JsonSchema, taken: set[str]) -> str:
    """Where an object stands; which one, where several kinds may."""
    first, *others = schema["properties"]
    kind = _kind_of(schema) or (f"{first}, …" if others else first) * (path in taken)
    return f"{path} {{{kind}}}" if kind else path


def _kind_of(schema: JsonSchema) -> str:
    """What tells an object from others that may stand in its place."""
    keys = schema["properties"].items()
    return ", ".join(f"{key}: {it['const']}" for key, it in keys if "const" in it)


def _keys_of(schema: JsonSchema) -> frozenset[str]:
    return frozenset(schema.get("properties", ()))


def _anchor(path: str) -> str:
    return "keys-of-" + "".join(it if it.isalnum() else "-" for it in path).strip("-")
