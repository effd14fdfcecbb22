# SPDX-License-Identifier: Apache-2.0
"""Makes tasks that differ, for search.py; prints their ids."""
from clearml import Task

PROJECT = "sdk test/search"

made = {}
for name, kind, tags in (("alpha one", "training", ["red"]), ("alpha two", "testing", ["red", "big"]),
                         ("beta (one)", "training", ["blue"]), ("beta.two", "inference", [])):
    task = Task.create(project_name=PROJECT, task_name=name, task_type=kind)
    task.add_tags(tags)
    task.set_parameters({"General/size": len(name)})
    made[name] = task
made["alpha two"].mark_started(force=True)
made["beta (one)"].mark_started(force=True)
made["beta (one)"].mark_completed()
made["beta.two"].mark_started(force=True)
made["beta.two"].get_logger().report_scalar("loss", "train", 0.125, 3)
made["beta.two"].flush(wait_for_uploads=True)
made["beta.two"].mark_failed(status_message="no reason", force=True)
child = Task.create(project_name=PROJECT + "/child", task_name="gamma", task_type="training")
child.set_parent(made["alpha one"])
print("hidden: %s" % " ".join([task.id for task in made.values()] + [child.id]))
