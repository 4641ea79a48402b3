"""The machine and the process: processors, memory, processes, signals, environment, log."""
