"""What --doctest-modules must not import: it needs PyTorch."""

collect_ignore = ["tiny_run.py"]
