# SPDX-License-Identifier: Apache-2.0
"""Reads back in a fresh process what manage.py left, and compares values."""
import sys

from clearml import Task
from clearml.backend_api.session.client import APIClient

made, waits = (Task.get_task(task_id=identifier) for identifier in sys.argv[1:3])


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


same("made", (made.name, made.get_status(), str(made.task_type)), ("made", "created", "testing"))
same("image", made.get_base_docker(), "python:3.12 --ipc=host")
same("requirements", made.data.script.requirements["pip"].split(), ["numpy==2.1.0", "clearml"])
same("entry point", made.data.script.entry_point, "train.py")
same("parameters", made.get_parameters(), {"Args/rate": "0.5"})
same("copy", (waits.name, waits.get_status(), waits.parent), ("waits", "queued", made.id))
same("parameters of the copy", waits.get_parameters(), {"Args/rate": "0.125"})
same("image of the copy", waits.get_base_docker(), "python:3.12 --ipc=host")
client = APIClient()
queue = client.queues.get_default()
same("entries", [entry.task for entry in client.queues.get_by_id(queue=queue.id).entries], [waits.id])
same("execution queue", waits.data.execution.queue, queue.id)
print("all values are the same")
