"""What was meant by a word that isn't known here: by what it is used for, then by its letters."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.suggestions import unknown_name
from simastra.view.phrases import listed

if TYPE_CHECKING:
    from simastra import config
else:  # loaded long before, unless nothing was loaded at all
    config = deferred("simastra.config")

_COMMANDS = {
    "init": "start new new-project quickstart project scaffold template examples example setup",
    "machines": "presets preset hardware systems clusters gpus machine list",
    "run": "sim simulate simulation simulator exec launch go astra-sim astra astrasim",
    "check": "validate verify lint test dry-run dryrun",
    "debug": "step stepper gdb pdb debugger trace-run",
    "convert": "import converter chakra-converter chakra_converter",
    "link": "merge trace-link chakra-trace-link chakra_trace_link",
    "generate": "gen make create synth synthesize transformer collective chakra_generator",
    "inspect": "show view info stat stats statistics summary summarize cat head",
    "visualize": "visualise graph plot draw dot picture chakra-visualizer chakra_visualizer",
    "timeline": "perfetto chrome gantt chakra_timeline_visualizer",
    "report": "html page dashboard explain analyze analyse profile",
    "diff": "compare comparison difference versus vs delta",
    "bandwidth": "busbw algbw nccl-tests nccl perf bench benchmark",
    "calibrate": "calibration fit measure measurements nccl-log rccl-tests tune",
    "jsonize": "json dump jsonizer chakra-jsonizer chakra_jsonizer decode",
    "schemas": "schema json-schema",
    "completion": "complete completions autocomplete shell",
    "help": "man usage commands",
}
"""For each verb, what other tools and people call it."""

_OPTIONS = {
    "--workload": "trace traces et ets chakra prefix",
    "--system": "sys",
    "--network": "net",
    "--machine": "preset hardware system-preset",
    "--memory": "mem",
    "--comm-groups": "comm groups comm-group process-groups pg",
    "--network-backend": "backend network-model analytical",
    "--compat": "dialect astra-sim-version",
    "--num-queues-per-dim": "queues",
    "--quiet": "silent q s",
    "--strict": "werror",
    "--explain": "why verbose v attribution critical-path",
    "--statistics": "stats",
    "--json": "output out o result results",
    "--timeline": "output out o perfetto chrome-trace",
    "--output": "out o outfile output-file json prefix dest",
    "--tables": "csv",
    "--npus": "gpus n ranks nodes world-size num-gpus",
    "--batch": "batch-size global-batch global-batch-size b",
    "--micro-batches": "microbatches micro-batch num-micro-batches",
    "--sequence": "seq seq-len sequence-length context-length",
    "--hidden": "hidden-size d-model dim",
    "--layers": "num-layers n-layers",
    "--heads": "num-heads num-attention-heads",
    "--tp": "tensor-parallel tensor-model-parallel-size tensor-parallel-size",
    "--pp": "pipeline-parallel pipeline-model-parallel-size pipeline-parallel-size",
    "--dp": "data-parallel data-parallel-size",
    "--cp": "context-parallel context-parallel-size",
    "--ep": "expert-parallel expert-model-parallel-size expert-parallel-size",
}
"""For each option, what other tools and people call it, without dashes."""

_NETWORK, _SYSTEM = "--network", "--system"
_MOST_LISTED = 4


def unknown_command(word: str, commands: Mapping[str, object]) -> str:
    """Say that a word is no verb, and which one was meant.

    Args:
        word: as it was given.
        commands: the verbs by name.

    >>> unknown_command("simulate", {"run": None, "check": None})
    "unknown command 'simulate'; did you mean 'run'?"
    """
    asked = word.casefold()
    for name, others in _COMMANDS.items():
        if asked in others.split() and name in commands:
            return f"unknown command {word!r}; did you mean {name!r}?"
    starting = [name for name in commands if asked and name.startswith(asked)]
    if starting:
        return f"unknown command {word!r}; did you mean {_either(starting)}?"
    return unknown_name("command", word, commands)


def unknown_option(name: str, options: Mapping[str, object], program: str) -> str:
    """Say that an option isn't known, and what to write in its place.

    What it is used for goes before its letters; of these, how it begins before the rest.

    Args:
        name: with its dashes.
        options: what each of the program's options stands for; several may stand for one thing.
        program: what the command line begins with.
    """
    key = _key_of_a_file(name, options)
    if key is not None:
        return f"unknown option {name!r}; {key}"
    meant = _by_use(name, options) or _by_beginning(name, options)
    meant = meant or get_close_matches(name, options, n=1)
    hint = f"did you mean {_either(meant)}?" if meant else f"see {program} --help"
    return f"unknown option {name!r}; {hint}"


def option_for(word: str, options: Collection[str]) -> str | None:
    """The option before which a word alone should stand: of a trace's prefix, or a file's name."""
    if "--workload" in options:
        with suppress(OSError):  # a name that no file can have
            if Path(f"{word}.0.et").is_file():
                return "--workload"
    endings = {".json": _SYSTEM, ".yml": _NETWORK, ".yaml": _NETWORK}
    option = endings.get(Path(word).suffix.lower())
    return option if option in options else None


def _by_use(name: str, options: Collection[str]) -> list[str]:
    bare = name.lstrip("-").casefold().replace("_", "-")
    if len(bare) == 1 and name.startswith("--"):
        return []  # a letter stands for a word behind one dash only
    return [it for it, others in _OPTIONS.items() if it in options and bare in others.split()]


def _by_beginning(name: str, options: Mapping[str, object]) -> list[str]:
    """The options that begin so; of several that stand for one thing, the shortest."""
    if not name.strip("-"):
        return []
    found: dict[int, str] = {}
    for option in sorted(options, key=len):
        if option.startswith(name):
            found.setdefault(id(options[option]), option)
    return list(found.values())


def _key_of_a_file(name: str, options: Collection[str]) -> str | None:
    """What to say of a key of one of the input files that was given as an option."""
    bare = name.lstrip("-")
    for option, what, keys in (
        (_NETWORK, "network", _keys(config.NetworkConfig)),
        (_SYSTEM, "system", _keys(config.SystemConfig)),
    ):
        found = keys.get(bare.casefold().replace("_", "-"))
        if option in options and found is not None:
            return f"it is a key of the {what} file: write {found} there, and give it as {option}"
    return None


def _keys(kind: "type[config.NetworkConfig] | type[config.SystemConfig]") -> dict[str, str]:
    """The keys of a file, by their names with dashes."""
    names = (field.alias or name for name, field in kind.model_fields.items())
    return {name.replace("_", "-"): name for name in names}


def _either(names: Iterable[str]) -> str:
    """One or several names, as a question lists them."""
    words = list(map(repr, names))
    if len(words) == 1:
        return words[0]
    if len(words) <= _MOST_LISTED:
        return f"{', '.join(words[:-1])} or {words[-1]}"
    return listed(words, _MOST_LISTED)
