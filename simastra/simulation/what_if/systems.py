"""NPUs whose system is their own: other peaks, memories or endpoints than the system file says."""

from __future__ import annotations

from collections.abc import Mapping

from simastra.config import SystemConfig
from simastra.errors import ConfigError, InputError
from simastra.reading import is_reference
from simastra.scenario import NpuConditions, Scenario
from simastra.scenario.npus import NpuEntry
from simastra.simulation.inputs import read_system
from simastra.simulation.platform import Platform
from simastra.units import NpuId


def own_systems(scenario: Scenario, platform: Platform) -> Mapping[NpuId, SystemConfig]:
    """The systems of NPUs that have their own; NPUs that are alike share theirs.

    Raises:
        ConfigError: if one can't be read, is wrong, or differs in what NPUs have in common.
        InputError: if there is no such machine.
    """
    made: dict[tuple[int, ...], SystemConfig] = {}
    found: dict[NpuId, SystemConfig] = {}
    for npu, of in enumerate(scenario.npus):
        if of.system_entries:
            if of.system_entries not in made:
                made[of.system_entries] = _made(of, scenario, platform)
            found[npu] = made[of.system_entries]
    return found


def _made(npu: NpuConditions, scenario: Scenario, platform: Platform) -> SystemConfig:
    system = platform.system
    for index in npu.system_entries:
        place = f"npus[{index}]"
        if platform.prices is not None:
            problem = "a calibration says what computations take; say how these differ, as compute"
            raise scenario.config.error(problem, place)
        system = _with_entry(system, scenario.config.npus[index], scenario, place, platform)
    return system


def _with_entry(
    system: SystemConfig, entry: NpuEntry, scenario: Scenario, place: str, platform: Platform
) -> SystemConfig:
    match entry.system:
        case None:
            pass
        case str() as named:
            system = _read(named, system, scenario, f"{place}.system", platform)
        case keys:
            system = _changed(system, keys, scenario, f"{place}.system")
    own = {"endpoint_delay": entry.endpoint_delay, "local_mem_bw": entry.local_mem_bw}
    given = {key: value for key, value in own.items() if value is not None}
    if "endpoint_delay" in given and system.model_shared_bus:
        problem = "packets share a bus here (model-shared-bus), which has no endpoint-delay"
        raise scenario.config.error(problem, f"{place}.endpoint-delay")
    return _changed(system, given, scenario, place) if given else system


def _read(
    named: str, usual: SystemConfig, scenario: Scenario, key: str, platform: Platform
) -> SystemConfig:
    """The own system of a file or a machine, with what all NPUs have in common from theirs."""
    config = scenario.config
    given = named if is_reference(named) else str(config.folder / named)
    try:
        system = read_system(given, platform.network.dimensions)
    except ConfigError:
        raise
    except InputError as error:
        raise config.error(str(error), key) from None
    for name in system.alike_fields() if not is_reference(named) else ():
        is_given = name in system.model_fields_set
        if is_given and getattr(system, name) != getattr(usual, name):
            problem = f"{system.place(name)} differs from {usual.place(name)}, but all NPUs have"
            raise config.error(f"{problem} this in common; leave it out there", key)
    common = {name: getattr(usual, name) for name in system.alike_fields()}
    return system.model_copy(
        update={name: it for name, it in common.items() if getattr(system, name) != it}
    )


def _changed(
    system: SystemConfig, keys: Mapping[str, object], scenario: Scenario, place: str
) -> SystemConfig:
    config = scenario.config
    names = SystemConfig.file_keys()
    for key in keys:
        if names.get(key, key) in SystemConfig.alike_fields():
            raise config.error("all NPUs have this in common; leave it out", f"{place}.{key}")
    try:
        return system.model_copy(update=keys)
    except ConfigError as error:
        raise ConfigError.of(
            config.error(it.problem, f"{place}.{it.key}" if it.key else place)
            for it in error.mistakes
        ) from None
