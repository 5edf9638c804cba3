"""Watching: log lines, metrics and spans of one process, all without personal data.

`steps` is what the rest of the house uses; `metrics` is what is counted, `shared` the counts of
all processes of a machine, `logs` and `tracing` are where lines and spans go.
"""
