"""Requests and verbs: the options of ``simastra generate`` are those of a study's `generate`."""

import pytest

from simastra import OptionError
from simastra.cli.options.parser import Parser
from simastra.cli.verbs.generate import GENERATORS
from simastra.convert.generate.requests.table import REQUESTS
from simastra.convert.generate.requests.transformer import TransformerRequest

_OF_A_COMMAND = {"help", "output", "force", "quiet", "strict"}
_OF_A_COMMAND |= {"machine"}  # a study has a system, which says how much memory there is
_OF_A_COMMAND |= {"by_ranks"}  # how files are written, of which a study has none


def options(kind: str) -> dict[str, object]:
    parser = Parser("simastra", "", "")
    GENERATORS[kind].add_options(parser)
    return {
        it.option_strings[0].removeprefix("--"): it.default
        for it in parser.options()
        if it.dest not in _OF_A_COMMAND
    }


@pytest.mark.parametrize("kind", REQUESTS)
def test_a_verb_and_a_request_have_the_same_options(kind: str) -> None:
    assert set(options(kind)) == set(REQUESTS[kind].file_keys())


@pytest.mark.parametrize("kind", REQUESTS)
def test_an_option_that_is_left_out_is_so_in_both(kind: str) -> None:
    fields = REQUESTS[kind].model_fields
    keys = REQUESTS[kind].file_keys()
    for option, default in options(kind).items():
        assert default in (None, fields[keys[option]].default)


def test_a_request_knows_its_npus_and_nodes_before_it_is_made() -> None:
    request = TransformerRequest(model="llama3-8b", tp=2, pp=2, layers=4)
    assert request.size_of_machine == len(request.generated().trace.npus)
    assert request.nodes > 0


def test_options_that_contradict_each_other_are_told_by_name() -> None:
    with pytest.raises(OptionError) as caught:
        TransformerRequest(model="llama3-8b", tp=3).generated()
    assert caught.value.option == "tp"
