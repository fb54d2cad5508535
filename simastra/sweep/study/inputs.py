"""From a setting to the inputs of a point."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from simastra.config import CommGroups, ConfigModel, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config.fields import MOST_DIMENSIONS
from simastra.config.messages import show_key
from simastra.convert.generate.requests import GenerateRequest
from simastra.convert.generate.requests.table import REQUESTS
from simastra.dialect import MASTER
from simastra.errors import ConfigError, OptionError
from simastra.machines import machine
from simastra.simulation import Options
from simastra.suggestions import unknown_name
from simastra.sweep.digest import digest_of

from .axes import Axis, Setting, Value
from .documents import Given, InputFiles, TraceFilesGiven
from .key_paths import KeyPath, KeyPathError
from .mistakes import Mistakes
from .option_keys import OptionKeys
from .roots import KIND, MODELS, ROOTS

_MOST_MODELS = 4096
_TABLE = "layer-table"
"""The key of ``generate`` that names a file."""

_OF_GENERATED = {"compat": MASTER.name}
"""Of what is generated: left to the trace, points whose collectives name process groups would be
simulated as one ASTRA-sim does, and the others as another."""


@dataclass(frozen=True, slots=True)
class PointInputs:
    """All that a point is computed from. Models with the same content are the same objects.

    Attributes:
        workload: trace files, or what is asked of a generator.
        system: each NPU.
        network: between NPUs.
        memory: remote memory, None for none.
        comm_groups: process groups of a file; None for none, or those of what is generated.
        options: the rest.
        documents: the same as plain mappings, by the names that key paths begin with.
        digest: of all that decides the result, by content: paths are not in it.
    """

    workload: TraceFilesGiven | GenerateRequest
    system: SystemConfig
    network: NetworkConfig
    memory: MemoryConfig | None
    comm_groups: CommGroups | None
    options: Options
    documents: Mapping[str, Value]
    digest: str

    def default(self, path: KeyPath) -> object:
        """What a key is that is left out; None if there is no such key, or it has no default."""
        models = {"system": self.system, "network": self.network, "memory": self.memory}
        model = self.workload if path.root == "generate" else models.get(path.root)
        if not isinstance(model, ConfigModel) or len(path.inner) != 1:
            return None
        default: object = getattr(model, model.file_keys().get(str(path.inner[0]), ""), None)
        return default[0] if isinstance(default, tuple) and len(default) == 1 else default


class InputMaker:
    """Makes the inputs of points: the base, with each axis's value at its key paths.

    Args:
        base: what the study says of each input.
        axes: what is varied.
        files: reads what is given.
    """

    def __init__(
        self, base: Mapping[str, Given], axes: tuple[Axis, ...], files: InputFiles
    ) -> None:
        self._base = dict(base)
        self._axes = axes
        self._files = files
        self._source = files.source

    def read_all(self, mistakes: Mistakes) -> None:
        """Read whole inputs that axes name, once for all points."""
        for axis in self._axes:
            for at, value in enumerate(axis.values):
                for key, it in axis.parts(value):
                    if not key.inner:
                        try:
                            self._files.read(key.root, it)
                        except ConfigError as error:
                            place = f"axes.{show_key(axis.name)}[{at}]"
                            mistakes.found.extend(_moved(error, self._source, place).mistakes)

    def leads_nowhere(self, path: KeyPath) -> str:
        """Why a path leads nowhere in the base; empty if it doesn't."""
        told = self._base.get(path.root) or Given(None)
        document = told.document
        if told.machine and path.root == "system":
            document = machine(told.machine, shape_matters=False).system_keys(MOST_DIMENSIONS)
        try:
            path.written(document or {}, None)
        except KeyPathError as error:
            return str(error)
        return ""

    def problems(self, setting: Setting) -> list[ConfigError]:
        """All that is wrong with the inputs of a point, not only the first."""
        givens, deeper = self._split(setting)
        wrong: list[ConfigError] = []
        network = None
        for root in MODELS:
            try:
                part = self._config(root, givens, deeper, 1)
                network = part.model if root == "network" else network
                if root == "options":
                    self._options(part.model)
            except ConfigError as error:
                wrong.extend(error.mistakes)
        try:
            npus = network.npus if isinstance(network, NetworkConfig) else 1
            self._workload(givens, deeper, npus)
        except ConfigError as error:
            wrong.extend(error.mistakes)
        return wrong

    def base_document(self) -> dict[str, object]:
        """The base as data, by content: for a digest."""
        return {
            root: it.traces.digest if it.traces else it.machine or it.document
            for root, it in self._base.items()
        }

    def inputs(self, setting: Setting) -> PointInputs:
        """The inputs of a point.

        Raises:
            InputError: the setting makes no sense.
        """
        givens, deeper = self._split(setting)
        network = self._config("network", givens, deeper)
        assert isinstance(network.model, NetworkConfig)
        system = self._config("system", givens, deeper, network.model.dimensions)
        memory = self._config("memory", givens, deeper)
        groups = self._config("comm-groups", givens, deeper)
        options = self._config("options", givens, deeper)
        workload, document, digest = self._workload(givens, deeper, network.model.npus)
        parts = {"network": network, "system": system, "memory": memory, "comm-groups": groups}
        told = {name: part for name, part in parts.items() if part.document}
        decides = {**{name: part.digest for name, part in told.items()}, "workload": digest}
        chosen = self._options(options.model)
        return PointInputs(
            workload,
            system.as_model(SystemConfig),
            network.model,
            memory.as_model(MemoryConfig) if "memory" in told else None,
            groups.as_model(CommGroups) if "comm-groups" in told else None,
            chosen,
            {
                **{name: part.document for name, part in told.items()},
                **document,
                "options": options.document,
            },
            digest_of({**decides, "options": chosen.to_dict()}),
        )

    def _split(self, setting: Setting) -> tuple[dict[str, Given], list[tuple[KeyPath, Value]]]:
        """Inputs as wholes, and what is written into them, the shorter paths first."""
        givens, deeper = dict(self._base), []
        for axis in self._axes:
            for key, value in axis.parts(setting[axis.name]):
                if key.inner:
                    deeper.append((key, value))
                else:
                    givens[key.root] = self._files.read(key.root, value)
        return givens, sorted(deeper, key=lambda it: len(it[0].inner))

    def _config(
        self,
        root: str,
        givens: Mapping[str, Given],
        deeper: list[tuple[KeyPath, Value]],
        dimensions: int = 0,
    ) -> "_Part":
        told = givens.get(root) or Given(None)
        document = told.document
        if told.machine and root == "system":
            document = machine(told.machine, shape_matters=False).system_keys(dimensions)
        if root == "options" and "workload" not in givens:
            document = {**_OF_GENERATED, **(document or {})}
        document = self._written(document or {}, root, deeper)
        if root in ("memory", "comm-groups") and not document:
            return _Part(None, document, "")
        source = f"{self._source}: {root}" if told.source is None else told.source
        try:
            return _parsed(root, source, json.dumps(document))
        except ConfigError as error:
            raise _moved(error, self._source, root) if told.source is None else error from None

    def _written(
        self, document: Mapping[str, Value], root: str, deeper: list[tuple[KeyPath, Value]]
    ) -> Mapping[str, Value]:
        written: object = document
        for key, value in deeper:
            if key.root == root:
                try:
                    written = key.written(written, value)
                except KeyPathError as error:
                    raise ConfigError(str(error), source=self._source, key=str(key)) from None
        assert isinstance(written, Mapping)
        return written

    def _workload(
        self, givens: Mapping[str, Given], deeper: list[tuple[KeyPath, Value]], npus: int
    ) -> tuple[TraceFilesGiven | GenerateRequest, dict[str, Value], str]:
        files = givens.get("workload")
        if files is not None and files.traces is not None:
            named: Value = {"prefix": files.traces.prefix, "digest": files.traces.digest}
            return files.traces, {"workload": named}, files.traces.digest
        asked = dict(self._written(givens["generate"].document or {}, "generate", deeper))
        kind = asked.pop(KIND, None)
        if not isinstance(kind, str) or kind not in REQUESTS:
            problem = f"is required, one of {', '.join(REQUESTS)}"
            if isinstance(kind, str):
                problem = unknown_name("kind", kind, REQUESTS)
            raise ConfigError(problem, source=self._source, key=f"generate.{KIND}")
        if "npus" in REQUESTS[kind].model_fields:
            asked.setdefault("npus", npus)
        content = ""
        if isinstance(table := asked.get(_TABLE), str):
            asked[_TABLE], content = self._files.content(table)
        try:
            part = _parsed(f"generate {kind}", f"{self._source}: generate", json.dumps(asked))
        except ConfigError as error:
            raise _moved(error, self._source, "generate") from None
        document: dict[str, Value] = {"generate": {KIND: kind, **asked}}
        return (
            part.as_model(GenerateRequest),
            document,
            digest_of([kind, part.digest] if not content else [kind, {**asked, _TABLE: content}]),
        )

    def _options(self, keys: ConfigModel | None) -> Options:
        assert isinstance(keys, OptionKeys)
        try:
            return _options(keys)
        except OptionError as error:
            key = f"options.{error.option}"
            raise ConfigError(error.problem, source=self._source, key=key) from None


@dataclass(frozen=True, slots=True)
class _Part:
    """An input: as a model, as a mapping, and the digest of this."""

    model: ConfigModel | None
    document: Mapping[str, Value]
    digest: str

    def as_model(self, kind: type[Any]) -> Any:
        assert isinstance(self.model, kind)
        return self.model


@lru_cache(_MOST_MODELS)
def _parsed(root: str, source: str, text: str) -> _Part:
    """An input as a model: the same one for the same text."""
    document: dict[str, Value] = json.loads(text)
    kind = root.removeprefix("generate ")
    model = REQUESTS[kind] if root != kind else MODELS[root]
    return _Part(model.parse(document, source), document, digest_of(document))


@lru_cache(_MOST_MODELS)
def _options(keys: OptionKeys) -> Options:
    return keys.options()


def _moved(error: ConfigError, source: Path | str, place: str) -> ConfigError:
    """An error of an input that stands in the study, with the keys that it has there."""
    return ConfigError.of(
        ConfigError(it.problem, source=source, key=f"{place}{_within(it.key)}")
        for it in error.mistakes
    )


def _within(key: str | None) -> str:
    """A key behind that of its input, unless it is this."""
    if not key or key in ROOTS:
        return ""
    return key if key.startswith("[") else f".{key}"
