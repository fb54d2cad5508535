"""The backends on which collectives are played: all but those that need a calibration."""

from simastra.network import BACKENDS

PLAYED = {name: entry for name, entry in BACKENDS.items() if not entry.is_calibrated}
