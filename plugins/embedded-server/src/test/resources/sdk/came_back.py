# SPDX-License-Identifier: Apache-2.0
"""Compares what enqueue_itself.py left when the agent had run it."""
import sys

from clearml import Task

task = Task.get_task(task_id=sys.argv[1])


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


same("status", task.get_status(), "completed")
same("parameters", task.get_parameters(), {"Args/rate": "0.75", "General/layers": "2", "General/name": "local"})
same("scalar", task.get_reported_scalars()["remote"]["rate"], {"name": "rate", "x": [1], "y": [0.75]})
same("outcome", task.artifacts["outcome"].get(), {"rate": 0.75, "layers": 2})
print("all values are the same")
