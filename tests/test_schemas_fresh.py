"""The committed JSON Schemas are those that the code makes."""

from pathlib import Path

from simastra.cli.verbs.schemas import schema_files

SCHEMAS = Path(__file__).parent.parent / "schemas"


def test_the_schemas_are_fresh() -> None:
    committed = {
        path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.schema.json")
    }
    assert committed == schema_files(), "run: simastra schemas --output schemas"
