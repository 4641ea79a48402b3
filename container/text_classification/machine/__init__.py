"""The machine and the process: processors, memory, signals, environment, log."""
