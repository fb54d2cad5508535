"""The inputs of one point, each read when it is asked for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from simastra.calibration import Calibration
from simastra.calibration.ready_files import ready_names
from simastra.config import CommGroups, ConfigModel, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config.text_file import limited_bytes
from simastra.convert.generate.requests.table import REQUESTS
from simastra.dialect import MASTER
from simastra.errors import ConfigError, OptionError
from simastra.scenario import ScenarioConfig
from simastra.scenario.paths import rebased
from simastra.simulation import Options
from simastra.simulation.calibrated import usual_system
from simastra.suggestions import unknown_name
from simastra.sweep.digest import digest_of
from simastra.units import MiB

from .axes import Value
from .documents import NOTHING, InputFiles, StudyInput, calibration_of, mapping_of, traces_given
from .key_paths import KeyPath, KeyPathError
from .option_keys import OptionKeys
from .roots import CALIBRATION, KIND, ROOTS, SCENARIO
from .workloads import GeneratedWorkload, TraceFilesGiven, Workload

Made = TypeVar("Made", covariant=True)  # noqa: PLC0105  # as all others are called
Model = TypeVar("Model", bound=ConfigModel)

_MOST_MODELS = 4096
_FILES = ("layer-table", CALIBRATION)
"""Keys of ``generate`` that name files."""

_OF_GENERATED = {"compat": MASTER.name}
"""Of what is generated: left to the trace, points whose collectives name process groups would be
simulated as one ASTRA-sim does, and the others as another."""


@dataclass(frozen=True, slots=True)
class PointPart(Generic[Made]):
    """An input of a point.

    Attributes:
        made: what it is to a simulation: the same object for the same content.
        document: the same as a mapping.
        digest: of what decides the result.
    """

    made: Made
    document: Mapping[str, Value]
    digest: str


@dataclass(frozen=True)
class PointParts:
    """Reads the inputs of a point. Each method raises ConfigError where its input makes no sense.

    Attributes:
        givens: inputs as wholes, by their names.
        deeper: what is written into them, the shorter key paths first.
        files: reads what is named.
    """

    givens: Mapping[str, StudyInput]
    deeper: Sequence[tuple[KeyPath, Value]]
    files: InputFiles

    def system(self, dimensions: int) -> PointPart[SystemConfig]:
        """Each NPU, for a network of so many dimensions."""
        document = self._given("system").mapping(dimensions)
        if "system" not in self.givens:  # as of what is calibrated
            document = mapping_of(usual_system())
        return self._config("system", SystemConfig, document)

    def network(self) -> PointPart[NetworkConfig]:
        """Between NPUs."""
        return self._config("network", NetworkConfig, self._given("network").mapping())

    def memory(self) -> PointPart[MemoryConfig] | None:
        """Remote memory; None for none."""
        return self._unless_empty("memory", MemoryConfig)

    def comm_groups(self) -> PointPart[CommGroups] | None:
        """Process groups that the study says; None for none."""
        return self._unless_empty("comm-groups", CommGroups)

    def calibration(self) -> PointPart[Calibration] | None:
        """Times as they were measured; None to simulate them."""
        given = self._given(CALIBRATION)
        document = self._written(CALIBRATION, given.mapping())
        if not document:
            return None
        if given.calibration is not None and document is given.document:
            return PointPart(given.calibration, document, given.calibration.digest)
        try:
            made = _calibration(json.dumps(document))
        except ConfigError as error:
            raise moved(error, self.files.source, CALIBRATION) from None
        return PointPart(made, document, made.digest)

    def scenario(self) -> PointPart[ScenarioConfig] | None:
        """What is different from what the rest says; None for nothing."""
        given = self._given(SCENARIO)
        written = self._written(SCENARIO, given.mapping())
        if not written:
            return None
        folder = self.files.folder if given.source is None else Path(given.source).parent
        document = rebased(written, folder)
        try:
            made = _scenario(json.dumps(document))
            contents = [digest_of(limited_bytes(it, MiB, "").hex()) for it in made.files]
            contents += [traces_given(str(made.folder / it.workload)).digest for it in made.jobs]
        except ConfigError as error:
            raise moved(error, self.files.source, SCENARIO) from None
        return PointPart(made, document, digest_of([written, contents] if contents else written))

    def options(self) -> PointPart[Options]:
        """How it is simulated."""
        document = self._given("options").mapping()
        if "workload" not in self.givens:
            document = {**_OF_GENERATED, **document}
        keys = self._config("options", OptionKeys, document)
        try:
            return PointPart(_options(keys.made), keys.document, keys.digest)
        except OptionError as error:
            key = f"options.{error.option}"
            raise ConfigError(error.problem, source=self.files.source, key=key) from None

    def workload(self, npus: int) -> PointPart[Workload]:
        """What NPUs do, of which the network has so many."""
        traces = self._given("workload").traces
        return self._generated(npus) if traces is None else _part_of_files(traces)

    def _generated(self, npus: int) -> PointPart[Workload]:
        document = dict(self._written("generate", self.givens["generate"].mapping()))
        kind = self._kind(document.pop(KIND, None))
        if "npus" in REQUESTS[kind].model_fields:
            document.setdefault("npus", npus)
        contents: dict[str, Value] = {}
        for key in _FILES:
            if isinstance(name := document.get(key), str) and name not in ready_names():
                document[key], contents[key] = self.files.content(name, f"generate.{key}")
        request = self._parsed("generate", REQUESTS[kind], document)
        content: Value = {**document, **contents} if contents else request.digest
        workload = GeneratedWorkload(request.made)
        return PointPart(workload, {KIND: kind, **document}, digest_of([kind, content]))

    def _kind(self, written: Value) -> str:
        if isinstance(written, str) and written in REQUESTS:
            return written
        problem = f"is required, one of {', '.join(REQUESTS)}"
        if isinstance(written, str):
            problem = unknown_name("kind", written, REQUESTS)
        raise ConfigError(problem, source=self.files.source, key=f"generate.{KIND}")

    def _given(self, root: str) -> StudyInput:
        return self.givens.get(root, NOTHING)

    def _unless_empty(self, root: str, model: type[Model]) -> PointPart[Model] | None:
        document = self._given(root).mapping()
        return self._config(root, model, document) if self._written(root, document) else None

    def _config(
        self, root: str, model: type[Model], document: Mapping[str, Value]
    ) -> PointPart[Model]:
        """An input, after what is written into what is given."""
        return self._parsed(root, model, self._written(root, document))

    def _written(self, root: str, document: Mapping[str, Value]) -> Mapping[str, Value]:
        written: object = document
        for key, value in self.deeper:
            if key.root == root:
                try:
                    written = key.written(written, value)
                except KeyPathError as error:
                    problem = str(error)
                    raise ConfigError(problem, source=self.files.source, key=str(key)) from None
        assert isinstance(written, Mapping)  # a path that leads into it leaves it one
        return written

    def _parsed(
        self, root: str, model: type[Model], document: Mapping[str, Value]
    ) -> PointPart[Model]:
        """An input as a model; what is wrong is told of its file, or of its place in the study."""
        file = self._given(root).source
        text = json.dumps(document)
        if file is not None:
            return _parsed(model, file, text)
        try:
            return _parsed(model, f"{self.files.source}: {root}", text)
        except ConfigError as error:
            raise moved(error, self.files.source, root) from None


def _part_of_files(given: TraceFilesGiven) -> PointPart[Workload]:
    return PointPart(given, {"prefix": given.prefix, "digest": given.digest}, given.digest)


@lru_cache(_MOST_MODELS)
def _parsed(
    model: type[ConfigModel], source: str, text: str
) -> PointPart[Any]:  # caches know no types
    """An input as a model: the same one for the same text."""
    document: dict[str, Value] = json.loads(text)
    return PointPart(model.parse(document, source), document, digest_of(document))


@lru_cache(_MOST_MODELS)
def _calibration(text: str) -> Calibration:
    document: dict[str, Value] = json.loads(text)
    return calibration_of(document, CALIBRATION)


@lru_cache(_MOST_MODELS)
def _scenario(text: str) -> ScenarioConfig:
    return ScenarioConfig.parse(json.loads(text))


@lru_cache(_MOST_MODELS)
def _options(keys: OptionKeys) -> Options:
    return keys.options()


def moved(error: ConfigError, source: Path | str, place: str) -> ConfigError:
    """An error of an input that stands in the study, with the keys that it has there."""
    return ConfigError.of(
        ConfigError(it.problem, source=source, key=f"{place}{_within(it.key, place)}")
        for it in error.mistakes
    )


def _within(key: str | None, place: str) -> str:
    """A key behind that of its input, unless it is this; a calibration has a `system`, too."""
    if not key or (key in ROOTS and place not in (CALIBRATION, SCENARIO)):
        return ""
    return key if key.startswith("[") else f".{key}"
