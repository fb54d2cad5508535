"""System and network files of ASTRA-sim 1.x → those of 2.x and of simastra.

conversion   the front: convert_files, Converted
system       lines of ``key: value`` → a system JSON
network      the network JSON of 1.x's analytical backend → a network YAML
"""

from .conversion import ConvertedFile, convert_file

__all__ = ["ConvertedFile", "convert_file"]
