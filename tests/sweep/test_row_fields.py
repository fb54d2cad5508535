"""The columns of a study's rows."""

from simastra.sweep import Study
from simastra.sweep.rows import fields_of_rows
from simastra.sweep.study.measured import RESERVED

STUDY = Study(
    generate={"kind": "collective", "size": "1MiB"},
    system="@demo",
    network="@demo",
    axes={"network.bandwidth[0]": [25, 50]},
    columns={"cost": "npus * 100"},
)


def test_a_study_can_take_no_name_that_every_row_has() -> None:
    names = [field.name for field in fields_of_rows(STUDY)]
    assert len(set(names)) == len(names)
    assert {*names} - {"network.bandwidth[0]", "cost"} == RESERVED


def test_a_studys_column_says_how_it_is_computed() -> None:
    meanings = {field.name: field.meaning for field in fields_of_rows(STUDY)}
    assert meanings["cost"] == "npus * 100"
