"""Every example of the documentation, in an environment that has a wheel and nothing else.

An example that asks for an extra is run again with that extra: what a message says to install has
to suffice. That takes minutes: ``make examples`` runs it, continuous integration only a part
(test_wheel_installed.py).
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.examples import Example, programs, sessions
from support.wheel_examples import extra_asked_for, folder_to_work_in, printed
from support.wheels import Environment


@pytest.mark.parametrize("example", [*sessions(), *programs()], ids=str)
def test_an_example_runs_where_only_the_wheel_is(
    example: Example,
    bare: Environment,
    with_extra: Callable[[str], Environment],
    tmp_path: Path,
) -> None:
    output = printed(example, bare, folder_to_work_in(bare, tmp_path))
    if output != example.printed and (extra := extra_asked_for(example, output)):
        again = tmp_path / "again"
        again.mkdir()
        output = printed(example, with_extra(extra), folder_to_work_in(bare, again))
    assert output == example.printed
