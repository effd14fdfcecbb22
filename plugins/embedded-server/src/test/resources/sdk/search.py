# SPDX-License-Identifier: Apache-2.0
"""Finds in a fresh process what hide.py made by the filters of Task.get_tasks and Task.query_tasks."""
import sys

from clearml import Task

PROJECT = "sdk test/search"

def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))

made = {name: Task.get_task(task_id=identifier)
        for name, identifier in zip(["alpha one", "alpha two", "beta (one)", "beta.two"], sys.argv[1:])}
child = Task.get_task(task_id=sys.argv[5])

def names(**arguments):
    return [task.name for task in Task.get_tasks(**arguments)]

order = ["name"]
everything = ["alpha one", "alpha two", "beta (one)", "beta.two"]
same("ordered", names(project_name=PROJECT, task_filter={"order_by": order}), everything)
same("descending", names(project_name=PROJECT, task_filter={"order_by": ["-name"]}), everything[::-1])

same("by name", names(project_name=PROJECT, task_name="^alpha", task_filter={"order_by": order}), everything[:2])
same("special letters", names(project_name=PROJECT, task_name=r"\(one\)$"), ["beta (one)"])
same("by status", names(project_name=PROJECT, task_filter={"status": ["completed", "failed"], "order_by": order}),
     everything[2:])
same("by type", names(project_name=PROJECT, task_filter={"type": ["testing", "inference"], "order_by": order}),
     ["alpha two", "beta.two"])
same("one tag", names(project_name=PROJECT, tags=["red"], task_filter={"order_by": order}), everything[:2])
same("all tags", names(project_name=PROJECT, tags=["__$all", "red", "big"]), ["alpha two"])
same("any tag", names(project_name=PROJECT, tags=["__$any", "big", "blue"], task_filter={"order_by": order}),
     ["alpha two", "beta (one)"])
same("not this tag", names(project_name=PROJECT, tags=["-red"], task_filter={"order_by": order}), everything[2:])
same("by parent", [task.id for task in Task.get_tasks(task_filter={"parent": made["alpha one"].id})], [child.id])
same("by ids", sorted(names(task_ids=[made["alpha one"].id, made["beta.two"].id])), ["alpha one", "beta.two"])
same("pattern in several fields",
     names(project_name=PROJECT, task_filter={"_any_": {"fields": ["name", "comment"], "pattern": "two"},
                                              "order_by": order}), ["alpha two", "beta.two"])
same("paged", names(project_name=PROJECT, task_filter={"order_by": order, "page": 1, "page_size": 2})[:2], everything[2:])
fields = Task.query_tasks(project_name=PROJECT, task_name="^beta", additional_return_fields=["status", "type", "hyperparams"],
                          task_filter={"order_by": order})
same("fields", [(str(found["status"]), str(found["type"]), found["hyperparams"]["General"]["size"].value) for found in fields],
     [("completed", "training", "10"), ("failed", "inference", "8")])
same("last metrics", Task.get_task(made["beta.two"].id).get_last_scalar_metrics()["loss"]["train"]["last"], 0.125)
same("message", Task.get_task(made["beta.two"].id).data.status_message, "no reason")
same("nothing", names(project_name=PROJECT, task_name="^nobody$"), [])
same("projects", sorted(project.name for project in Task.get_projects() if project.name.startswith(PROJECT)),
     [PROJECT, PROJECT + "/child"])
print("all values are the same")
