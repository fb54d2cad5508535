"""Every kind of work has a colour in a Chrome trace, and no two have one."""

from simastra.palette.chrome import CHROME_COLOURS
from simastra.workload.kind_of_work import KindOfWork


def test_each_kind_has_a_colour_of_its_own() -> None:
    assert set(CHROME_COLOURS) == set(KindOfWork)
    assert len(set(CHROME_COLOURS.values())) == len(KindOfWork)
