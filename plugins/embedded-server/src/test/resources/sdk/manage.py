# SPDX-License-Identifier: Apache-2.0
"""Makes, copies, enqueues, stops, archives and deletes tasks by the SDK, and compares what comes of it."""
from clearml import Task
from clearml.backend_api.session.client import APIClient


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


client = APIClient()
made = Task.create(project_name="sdk test/manage", task_name="made", task_type="testing", script="train.py",
                   packages=["numpy==2.1.0"], docker="python:3.12", docker_args="--ipc=host", add_task_init_call=False)
same("type", str(made.task_type), "testing")
same("image", made.get_base_docker(), "python:3.12 --ipc=host")
made.set_parameters({"Args/rate": 0.5})

copy = Task.clone(made, name="copy", parent=made.id)
same("parameters", copy.get_parameters(), {"Args/rate": "0.5"})
same("parent", copy.parent, made.id)

Task.enqueue(copy, queue_name="default")
same("queued", copy.get_status(), "queued")
queue = client.queues.get_default()
same("entries", [entry.task for entry in client.queues.get_by_id(queue=queue.id).entries], [copy.id])
Task.dequeue(copy)
same("dequeued", copy.get_status(), "created")

Task.enqueue(copy, queue_name="default")
entry = client.queues.get_next_task(queue=queue.id).entry
same("next", entry.task, copy.id)
copy.mark_started(force=True)
same("started", copy.get_status(), "in_progress")
copy.mark_stopped(force=True, status_message="enough")
same("stopped", (copy.get_status(), str(copy.data.status_message)), ("stopped", "enough"))
copy.mark_failed(ignore_errors=False, force=True)
same("failed", copy.get_status(), "failed")
copy.reset(force=True)
same("reset", copy.get_status(), "created")
copy.set_archived(True)
same("archived", copy.get_archived(), True)
same("found", [task.id for task in Task.get_tasks(project_name="sdk test/manage",
                                                  task_filter={"system_tags": ["-archived"]})], [made.id])
identifier = copy.id
same("deleted", bool(copy.delete(raise_on_error=True)), True)
same("gone", list(client.tasks.get_all(id=[identifier], only_fields=["id"])), [])
other = Task.clone(made, name="waits", parent=made.id)
other.set_parameters({"Args/rate": 0.125})
Task.enqueue(other, queue_name="default")
print("managed: %s %s" % (made.id, other.id))
