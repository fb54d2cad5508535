"""How fast simastra is: ``python -m benchmarks``. What each one measures: benchmarks/README.md."""
