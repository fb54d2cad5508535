"""Recordings of PyTorch as people have them: linked traces, pairs, device traces, of all ranks.

reading     one file of whichever kind, as a linked trace
files       what words name: files, folders, patterns; what each file is
pairing     which files belong to which rank
conversion  the recording of one rank to its trace
processes   tasks in processes of this machine
ranks       all ranks: traces that fit each other, one set of process groups
"""

from .conversion import RankConversion
from .files import means_several
from .pairing import FoundRecordings, RankRecording, find_recordings
from .ranks import RanksConversion, convert_ranks
from .reading import read_recording

__all__ = [
    "FoundRecordings",
    "RankConversion",
    "RankRecording",
    "RanksConversion",
    "convert_ranks",
    "find_recordings",
    "means_several",
    "read_recording",
]
