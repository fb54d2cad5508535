"""Whether this is a POSIX system in all that concerns files."""

import os
import sys

IS_POSIX = os.name == "posix" and sys.platform != "emscripten"
"""Files can be locked, and the system says how many may be open.

Windows does that otherwise. A browser's Python (Pyodide) calls itself POSIX, and has neither.
"""
