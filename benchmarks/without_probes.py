"""Leaves out what tells probes of messages, phases and links, as modules are imported.

For measuring what that costs where nobody listens: `Stripper` is put into ``sys.meta_path`` before
simastra is imported, and then the same sources run as if they had never heard of such records.
"""

import ast
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

_PACKAGES = ("simastra.network", "simastra.system", "simastra.collectives")


class Stripper:
    """An import hook.

    Attributes:
        removed: statements that have been left out, as ``module:line``.
    """

    def __init__(self) -> None:
        self.removed: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module as Python does, and have ours loaded by `_Loader`."""
        if not name.startswith(_PACKAGES):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path, self.removed)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, removed: list[str]) -> None:
        super().__init__(name, path)
        self._removed = removed

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.get_filename(fullname))
        without = _Without(fullname)
        tree = ast.fix_missing_locations(without.visit(ast.parse(source)))
        self._removed += without.removed
        code: CodeType = compile(tree, self.get_filename(fullname), "exec", dont_inherit=True)
        return code


class _Without(ast.NodeTransformer):
    """Takes out statements that do nothing but tell probes."""

    def __init__(self, module: str) -> None:
        self._module = module
        self.removed: list[str] = []

    def visit_If(self, node: ast.If) -> ast.AST:
        if _hears(node.test) and not node.orelse:
            return self._nothing(node)
        return self.generic_visit(node)

    def _nothing(self, node: ast.stmt) -> ast.stmt:
        self.removed.append(f"{self._module}:{node.lineno}")
        return ast.copy_location(ast.Pass(), node)


def _hears(expression: ast.expr) -> bool:
    """Whether an expression asks whether a list of listeners is empty."""
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.NamedExpr(target=ast.Name(id=name)):
            return name.removeprefix("_").startswith("on_")
        case _:
            return False
