"""The course in `notebooks/`: its order, tasks with hints and solutions, and a reader's progress.

>>> from simastra.notebook.course import check, hint, progress, solution
>>> hint("1.1")
hint for 1.1: 4 chunks, 2 x 7 steps each

syllabus    notebooks and tracks, as course.toml has them
tasks       each task's hint and solutions, as tasks/*.toml have them
progress    what a reader has answered so far, and the file it is kept in
keeping     the progress of this session: in memory, in a file when asked, in the browser by itself
overview    progress as tables, by track and by notebook
asking      what a notebook calls: check, hint, solution, progress, keep
marking     the progress of a class as a table

Exercises of your own need none of it: simastra.notebook.exercises.
"""

from simastra.notebook.exercises import near, seal

from .asking import check, hint, keep, progress, record, solution
from .marking import Grades, mark
from .syllabus import Course, CourseTrack, Notebook, course
from .tasks import CourseTask, task_named, tasks

__all__ = [
    "Course",
    "CourseTask",
    "CourseTrack",
    "Grades",
    "Notebook",
    "check",
    "course",
    "hint",
    "keep",
    "mark",
    "near",
    "progress",
    "record",
    "seal",
    "solution",
    "task_named",
    "tasks",
]
