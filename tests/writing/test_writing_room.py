"""simastra replaces files in one place only, so that what holds there holds for all."""

import ast
from pathlib import Path

import simastra

ROOT = Path(simastra.__file__).parent
WRITES = {"mkdir", "rename", "symlink_to", "touch", "write_bytes", "write_text", "rmtree", "rmdir"}
OTHERS = {
    "collect/recorder.py": {"mkdir"},  # the folder in which PyTorch records
    "cli/output.py": {"open"},  # os.devnull
    "debug/prompt/history.py": {"mkdir"},  # of the prompt's history
    "debug/prompt/readline_editing.py": {"mkdir"},  # the same
    "demos/play.py": {"mkdir"},  # within a temporary folder, in which demos are played
    "jit/place.py": {"mkdir"},  # the folder of machine code that is kept
    "sweep/dataset/folder.py": {"mkdir", "open"},  # the folder of a sweep, and its lock
    "sweep/engines/inputs_by_content.py": {"write_bytes"},  # a worker's own copy, for a moment
    "trace/files.py": {"write_bytes"},  # into a pipe
}
"""What writes nevertheless, and why."""


def writing_calls(path: Path) -> set[str]:
    """Names of methods called in a module that write to the file system."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return {name for call in calls if (name := _name(call)) in WRITES or _opens_to_write(call)}


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _opens_to_write(call: ast.Call) -> bool:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    words = {value.value for value in values if isinstance(value, ast.Constant)}
    modes = {word for word in words if isinstance(word, str) and set(word) <= set("abtwx+")}
    flags = any("O_WRONLY" in ast.dump(value) or "O_RDWR" in ast.dump(value) for value in values)
    return _name(call) == "open" and (flags or any(set(mode) & set("awx+") for mode in modes))


def test_modules_outside_the_room_write_nothing_themselves() -> None:
    found = {str(path.relative_to(ROOT)): writing_calls(path) for path in ROOT.rglob("*.py")}
    outside = {
        module: calls
        for module, calls in found.items()
        if calls and not module.startswith("writing/")
    }
    assert outside == OTHERS


def test_the_room_is_recognised() -> None:
    assert "open" in writing_calls(ROOT / "writing" / "new_file.py")
    assert "rename" in writing_calls(ROOT / "writing" / "folder.py")
