"""The demos and the course, wherever simastra is installed.

expected   what each demo simulates, and what has to come out of it
play       runs them through the command line, and compares
shipped    where their inputs lie, and all files to begin with: traces, notebooks, networks
"""

from .play import play_all
from .shipped import FOLDERS, TRACES, shipped_files, shipped_folder

__all__ = ["FOLDERS", "TRACES", "play_all", "shipped_files", "shipped_folder"]
