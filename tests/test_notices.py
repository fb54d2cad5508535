"""Notices, and how programs hear of them."""

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from simastra.notices import Notice, Severity, SimastraWarning, unheard, warn_of

BAD = Notice("free", "system.json", "is left out", "say 50")
REMARK = Notice("unit", "network.yml", "is 2^30", "divide", Severity.INFO)


def heard(call: Callable[[], object]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return list(found)


def called_from(module: str, call: Callable[[], object]) -> Callable[[], None]:
    """A function of another module that calls `call`."""
    names = {"__name__": module, "call": call}
    exec("def outer():\n    call()\n", names)
    outer = names["outer"]
    assert callable(outer)
    return outer


def test_a_notice_is_one_line_with_its_place_and_its_fix() -> None:
    assert str(BAD) == "system.json: is left out (say 50)"
    assert str(Notice("c", "a\nb", "m", "f")) == "a\\nb: m (f)"


def test_only_what_matters_is_a_warning_with_its_code() -> None:
    (warning,) = heard(lambda: warn_of([REMARK, BAD]))
    assert isinstance(warning.message, SimastraWarning)
    assert warning.message.notice == BAD
    assert str(warning.message) == "system.json: is left out (say 50) [free]"


@pytest.mark.parametrize("modules", [(), ("simastra",), ("simastra.a", "simastra.b.c")])
def test_it_is_told_of_the_line_that_called_simastra(modules: tuple[str, ...]) -> None:
    call: Callable[[], object] = partial(warn_of, [BAD])
    for module in modules:  # each calls the one before
        call = called_from(module, call)

    def mine() -> None:
        call()

    (warning,) = heard(mine)
    assert (warning.filename, warning.lineno) == (__file__, mine.__code__.co_firstlineno + 1)


def test_a_name_that_begins_alike_is_somebody_elses() -> None:
    theirs = called_from("simastra_of_mine", partial(warn_of, [BAD]))
    (warning,) = heard(called_from("simastra.a", theirs))
    assert warning.filename == "<string>"
    (warning,) = heard(theirs)
    assert warning.filename == "<string>"


def test_what_is_unheard_in_one_thread_is_heard_in_another() -> None:
    def here_and_there() -> None:
        with unheard(), ThreadPoolExecutor(1) as pool:
            warn_of([BAD])
            pool.submit(warn_of, [BAD]).result()

    assert [it.category for it in heard(here_and_there)] == [SimastraWarning]
    assert [it.category for it in heard(partial(warn_of, [BAD]))] == [SimastraWarning]
