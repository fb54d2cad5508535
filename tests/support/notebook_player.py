"""Executes a notebook file in a new kernel of this Python: ``notebook_player.py NOTEBOOK FOLDER``.

A program of its own, so that nothing of Jupyter's (its event loop, its sockets, its warnings) stays
in the process of the tests. The file is replaced by the executed notebook.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS_A_CELL = 120  # a kernel that hangs is given up; far more than any cell takes


def play(path: Path, folder: Path) -> None:
    """Execute the notebook at `path`; the kernel's working directory is `folder`.

    Raises:
        CellExecutionError: if a cell ends with an exception.
    """
    # Imported here: doctest looks into this file where Jupyter isn't installed, too.
    import nbformat  # noqa: PLC0415
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager  # noqa: PLC0415
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415
    from nbclient import NotebookClient  # noqa: PLC0415

    class ThisPython(KernelSpecManager):
        """Knows one kernel, by any name."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            launch = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=launch, display_name=kernel_name, language="python")

    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    with TemporaryDirectory() as sockets:
        # Sockets in the file system: two tests at once can't be given the same port. Their names
        # may have 107 bytes at most, hence not in the test's own folder.
        manager = AsyncKernelManager(
            kernel_spec_manager=ThisPython(), transport="ipc", ip=f"{sockets}/kernel"
        )
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=SECONDS_A_CELL,
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute()
    nbformat.write(notebook, path)


if __name__ == "__main__":
    play(Path(sys.argv[1]), Path(sys.argv[2]))
