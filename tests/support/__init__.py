"""What several suites need: golden cases, ET bytes written by hand, machines in one line."""
