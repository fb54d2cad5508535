"""A table imports what is looked up, and nothing else."""

from json import JSONDecoder

import pytest

from simastra.lazy_table import LazyTable


@pytest.fixture
def table() -> LazyTable[type]:
    places = {"json": "decoder:JSONDecoder", "wrong": "decoder:scanner", "gone": "no_module:NAME"}
    return LazyTable(type, "json", places)


def test_an_entry_is_what_its_module_has(table: LazyTable[type]) -> None:
    assert table["json"] is JSONDecoder


def test_names_are_known_without_an_import(table: LazyTable[type]) -> None:
    assert list(table) == ["json", "wrong", "gone"]
    assert len(table) == 3
    assert "gone" in table
    with pytest.raises(ModuleNotFoundError):
        table["gone"]


def test_an_entry_of_another_class_is_refused(table: LazyTable[type]) -> None:
    with pytest.raises(TypeError, match="decoder:scanner is <module"):
        table["wrong"]


def test_a_name_that_is_not_there(table: LazyTable[type]) -> None:
    with pytest.raises(KeyError):
        table["yaml"]
    assert table.get("yaml") is None


def test_a_program_has_entries_of_its_own(table: LazyTable[type]) -> None:
    table["own"] = int
    table["json"] = float
    del table["wrong"], table["gone"]
    assert {**table} == {"json": float, "own": int}
