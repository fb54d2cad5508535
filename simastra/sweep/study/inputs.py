"""From a setting to the inputs of a point."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from simastra.calibration import Calibration
from simastra.config import CommGroups, ConfigModel, MemoryConfig, NetworkConfig, SystemConfig
from simastra.config.messages import show_key
from simastra.errors import ConfigError
from simastra.scenario import ScenarioConfig
from simastra.simulation import Options
from simastra.sweep.digest import digest_of

from .axes import Axis, Setting, Value
from .documents import NOTHING, InputFiles, StudyInput
from .key_paths import KeyPath, KeyPathError
from .mistakes import Mistakes
from .point_parts import Made, PointPart, PointParts, moved
from .roots import CALIBRATION, SCENARIO
from .workloads import Workload


@dataclass(frozen=True, slots=True)
class PointInputs:
    """All that a point is computed from. Models with the same content are the same objects.

    Attributes:
        workload: what NPUs do.
        system: each NPU.
        network: between NPUs.
        memory: remote memory, None for none.
        comm_groups: process groups of a file; None for none, or those of what is generated.
        calibration: times as they were measured; None where they are simulated.
        scenario: what is different from what the rest says; None for nothing.
        options: the rest.
        documents: the same as plain mappings, by the names that key paths begin with.
        digest: of all that decides the result, by content: paths are not in it.
    """

    workload: Workload
    system: SystemConfig
    network: NetworkConfig
    memory: MemoryConfig | None
    comm_groups: CommGroups | None
    calibration: Calibration | None
    scenario: ScenarioConfig | None
    options: Options
    documents: Mapping[str, Value]
    digest: str

    def default(self, path: KeyPath) -> object:
        """What a key is that is left out; None if there is no such key, or it has no default."""
        models: Mapping[str, ConfigModel | None] = {
            "system": self.system,
            "network": self.network,
            "memory": self.memory,
            "generate": self.workload.request,
        }
        model = models.get(path.root)
        if model is None or len(path.inner) != 1:
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
        self, base: Mapping[str, StudyInput], axes: tuple[Axis, ...], files: InputFiles
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
                            mistakes.found.extend(moved(error, self._source, place).mistakes)

    def leads_nowhere(self, path: KeyPath) -> str:
        """Why a path leads nowhere in the base; empty if it doesn't."""
        try:
            path.written(self._base.get(path.root, NOTHING).mapping(), None)
        except KeyPathError as error:
            return str(error)
        return ""

    def problems(self, setting: Setting) -> list[ConfigError]:
        """All that is wrong with the inputs of a point, not only the first."""
        parts = self._parts(setting)
        wrong: list[ConfigError] = []
        npus = 1
        with _gathering(wrong):
            parts.system(1)
        with _gathering(wrong):
            npus = parts.network().made.npus
        others = parts.calibration, parts.scenario, parts.options
        for read in (parts.memory, parts.comm_groups, *others):
            with _gathering(wrong):
                read()
        with _gathering(wrong):
            parts.workload(npus)
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
        parts = self._parts(setting)
        network = parts.network()
        system = parts.system(network.made.dimensions)
        memory, groups, options = parts.memory(), parts.comm_groups(), parts.options()
        calibration, scenario = parts.calibration(), parts.scenario()
        workload = parts.workload(network.made.npus)
        named = {
            "network": network,
            "system": system,
            "memory": memory,
            "comm-groups": groups,
            CALIBRATION: calibration,
            SCENARIO: scenario,
        }
        told = {name: part for name, part in named.items() if part is not None and part.document}
        documents = {name: part.document for name, part in told.items()}
        more = {workload.made.root: workload.document, "options": options.document}
        return PointInputs(
            workload.made,
            system.made,
            network.made,
            _made(memory),
            _made(groups),
            _made(calibration),
            _made(scenario),
            options.made,
            {**documents, **more},
            _digest(told, workload, options),
        )

    def _parts(self, setting: Setting) -> PointParts:
        """Inputs as wholes, and what is written into them."""
        givens = dict(self._base)
        deeper: list[tuple[KeyPath, Value]] = []
        for axis in self._axes:
            for key, value in axis.parts(setting[axis.name]):
                if key.inner:
                    deeper.append((key, value))
                else:
                    givens[key.root] = self._files.read(key.root, value)
        return PointParts(givens, sorted(deeper, key=lambda it: len(it[0].inner)), self._files)


def _made(part: PointPart[Made] | None) -> Made | None:
    return None if part is None else part.made


def _digest(
    told: Mapping[str, PointPart[object]],
    workload: PointPart[Workload],
    options: PointPart[Options],
) -> str:
    of_files = {name: part.digest for name, part in told.items()}
    return digest_of({**of_files, "workload": workload.digest, "options": options.made.to_dict()})


@contextmanager
def _gathering(found: list[ConfigError]) -> Iterator[None]:
    """Gather what is wrong within, which ends there."""
    try:
        yield
    except ConfigError as error:
        found.extend(error.mistakes)
