"""Which divisions of a model are run: all that divide it and fit."""

import pytest

from simastra import OptionError, machine
from simastra.convert.generate.requests.transformer import TransformerRequest
from simastra.sweep.planning import planned


def test_every_division_is_run_or_counted() -> None:
    found = planned("llama3-8b", "@hgx-h100:8", batch=32)
    ways = sum(2 if pp == 0 else 3 for tp in range(4) for pp in range(4 - tp))  # powers of 2
    usual = [it for it in found.divisions if it.micro_batches in (it.pp, 2 * it.pp, 4 * it.pp)]
    assert len(usual) + found.too_large + found.indivisible == ways
    assert {it.npus for it in found.divisions} == {8}
    assert found.study.space.size == len(found.divisions)


def test_what_is_run_is_what_the_division_says_and_fits() -> None:
    found = planned("llama3-8b", "@hgx-h100:8", batch=32)
    for number, division in enumerate(found.divisions):
        request = found.study.inputs(found.study.space.setting(number)).workload.request
        assert isinstance(request, TransformerRequest)
        assert (request.tp, request.pp, request.dp) == (division.tp, division.pp, division.dp)
        assert (request.batch, request.recompute) == (32, division.recompute)
        summary = request.built().summary
        assert max(it.total for it in summary.memory) <= found.capacity
    assert found.capacity == machine("hgx-h100:8").memory_capacity


def test_layers_are_computed_again_only_where_they_must() -> None:
    found = planned("llama3-8b", "@hgx-h100:8", batch=32)
    for number, division in enumerate(found.divisions):
        request = found.study.inputs(found.study.space.setting(number)).workload.request
        assert isinstance(request, TransformerRequest)
        if division.recompute == "full":
            without = request.model_copy(update={"recompute": "none"}).built().summary
            assert max(it.total for it in without.memory) > found.capacity


def test_sequences_go_one_by_one_where_that_spares_computing_layers_again() -> None:
    found = planned("llama3-8b", "@hgx-h100:8", batch=64)
    single = [it for it in found.divisions if it.micro_batches > 4 * it.pp]
    assert single
    for division in single:
        degrees = (division.tp, division.pp, division.dp)
        others = [it for it in found.divisions if (it.tp, it.pp, it.dp) == degrees]
        assert division.micro_batches * division.dp == 64
        assert [it.recompute for it in others] == ["full"] * (len(others) - 1) + ["none"]


def test_a_model_that_fits_nowhere_says_what_is_missing() -> None:
    with pytest.raises(OptionError, match=r"doesn't fit on 8 NPUs.*has 80,000,000,000"):
        planned("llama3-70b", "@hgx-h100:8")


def test_numbers_that_divide_nothing_are_told() -> None:
    with pytest.raises(OptionError, match="can't be divided among 64 NPUs"):
        planned("gpt2-xl", "@hgx-h100:8x8", batch=1)


def test_a_network_alone_has_no_npus_of_its_own() -> None:
    with pytest.raises(OptionError, match=r"^system: is required"):
        planned("llama3-8b", "network.yml")


def test_other_keys_of_the_ready_study_can_be_changed() -> None:
    found = planned("llama3-70b", "@hgx-h100:8x8", changes={"generate.zero": "3"})
    assert len(found.divisions) > len(planned("llama3-70b", "@hgx-h100:8x8").divisions)
