"""The real server under minutes of mixed load, with faults beside it: nothing may be lost.

``python -m benchmarks.soak --minutes 10``
"""
