# SPDX-License-Identifier: Apache-2.0
"""Reads back in a fresh process what report.py reported, and compares values."""
import json
import sys

from clearml import Model, Task

task = Task.get_task(task_id=sys.argv[1])


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


same("status", task.get_status(), "completed")
same("name", task.name, "run one")
same("project", task.get_project_name(), "sdk test/reports")
same("tags", sorted(task.get_tags()), ["blue", "red"])
parameters = task.get_parameters()
same("lr", parameters["General/lr"], "0.1")
same("layers", parameters["General/layers"], "3")
same("name", parameters["General/name"], "ünïcode")
same("nested", parameters["General/nested/a.b"], "c d")
same("configuration", task.get_configuration_object_as_dict("settings"), {"alpha": {"beta": [1, 2, 3]}})
same("property", task.get_user_properties(value_only=True), {"owner": "somebody"})

scalars = task.get_reported_scalars()
same("x", scalars["loss"]["train"]["x"], list(range(10)))
same("train", scalars["loss"]["train"]["y"], [1.0 / (i + 1) for i in range(10)])
same("test", scalars["loss"]["test"]["y"], [2.0 / (i + 1) for i in range(10)])
same("single", task.get_reported_single_value("accuracy"), 0.875)
last = task.get_last_scalar_metrics()
same("last", last["loss"]["train"]["last"], 0.1)
same("min", last["loss"]["train"]["min"], 0.1)
same("max", last["loss"]["train"]["max"], 1.0)
same("iteration", task.get_last_iteration(), 9)

plots = {(plot["metric"], plot["variant"]): plot for plot in task.get_reported_plots()}
matrix = json.loads(plots[("confusion", "ignored")]["plot_str"])
same("matrix", matrix["data"][0]["z"], [[5, 1], [2, 7]])
same("plot iteration", plots[("confusion", "ignored")]["iter"], 3)
same("histogram", ("histogram", "values") in plots, True)

console = "".join(task.get_reported_console_output(number_of_reports=100))
same("text", "a line of text" in console, True)
same("printed", "a printed line" in console, True)

same("artifacts", sorted(task.artifacts), ["file", "numbers", "text"])
same("dict", task.artifacts["numbers"].get(), {"one": 1, "two": [2, 2]})
same("text artifact", task.artifacts["text"].get(), "a text artifact")
with open(task.artifacts["file"].get_local_copy(), encoding="utf-8") as copy:
    same("file", copy.read(), "the content of a file\n")

outputs = task.models["output"]
same("models", [model.name for model in outputs], ["the model"])
model = Model(model_id=outputs[0].id)
same("framework", model.framework, "Custom")
same("labels", model.labels, {"cat": 1, "dog": 2})
same("metadata", model.get_metadata("quality"), "good")
with open(model.get_local_copy(), "rb") as copy:
    same("weights", copy.read(), bytes(range(256)) * 400)

found = Task.get_tasks(project_name="sdk test/reports", tags=["red"], task_filter={"status": ["completed"]})
same("get_tasks", [entry.id for entry in found], [task.id])
same("by name", Task.get_task(project_name="sdk test/reports", task_name="run one").id, task.id)
same("none", Task.get_tasks(project_name="sdk test/reports", tags=["__$not", "red"]), [])
print("all values are the same")
