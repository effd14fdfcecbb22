# SPDX-License-Identifier: Apache-2.0
"""Reads back in a fresh process what build_on.py left, and compares values."""
import os
import sys

from clearml import Dataset, Task

parent_id, child_id, pipeline_id = sys.argv[1:4]


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


def content(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


parent = Dataset.get(dataset_id=parent_id)
same("name", (parent.name, parent.project), ("small", "data sets"))
same("final", parent.is_final(), True)
same("files of the parent", sorted(parent.list_files()), ["first.txt", "second.txt"])
copy = parent.get_local_copy()
for name in ("first.txt", "second.txt"):
    same(name, content(copy, name), "content of " + name)
child = Dataset.get(dataset_id=child_id)
same("files of the child", child.list_files(), ["first.txt"])
same("parents", child.get_dependency_graph()[child_id], [parent_id])
same("file of the parent in the child", content(child.get_local_copy(), "first.txt"), "content of first.txt")
same("newest", Dataset.get(dataset_name="small", dataset_project="data sets").id, child_id)
same("listed", sorted(found["id"] for found in Dataset.list_datasets(dataset_project="data sets")),
     sorted([parent_id, child_id]))

pipeline = Task.get_task(task_id=pipeline_id)
same("type", str(pipeline.task_type), "controller")
same("status", pipeline.get_status(), "completed")
steps = {task.name: task for task in Task.get_tasks(task_filter={"parent": pipeline_id})}
same("steps", sorted(steps), ["one", "three", "two"])
for name, given, returned in (("one", {"kwargs/n": "3"}, {"return/x": "4"}),
                              ("two", {"kwargs/x": None}, {"return/y": "8"}),
                              ("three", {"kwargs/y": None}, {"return/z": "7"})):
    same("status of " + name, steps[name].get_status(), "completed")
    parameters = steps[name].get_parameters()
    for key, value in list(given.items()) + list(returned.items()):
        same(name + " " + key, value if value is None else parameters[key], value)
print("all values are the same")
