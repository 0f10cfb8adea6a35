"""The promised numbers, measured on this machine, each beside a reference from the same run.

`python -m tests.bench` runs every measurement; `python -m tests.bench NAME …` only those named. A measurement is a
module with `measure() -> list[Figure]`, run in a process of its own.
"""
