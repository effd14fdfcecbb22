# SPDX-License-Identifier: Apache-2.0
"""Makes a small data set with a child, and runs a pipeline of three steps to its end; prints their ids."""
import os
import sys

from clearml import Dataset, Task
from clearml.automation.controller import PipelineController


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


folder = os.path.join(sys.argv[1], "files of the data set")
os.makedirs(folder)
for name in ("first.txt", "second.txt"):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write("content of " + name)

dataset = Dataset.create(dataset_name="small", dataset_project="data sets")
dataset.add_files(folder)
dataset.upload()
dataset.finalize()
found = Dataset.get(dataset_name="small", dataset_project="data sets")
same("data set", found.id, dataset.id)
with open(os.path.join(found.get_local_copy(), "second.txt"), encoding="utf-8") as copy:
    same("file", copy.read(), "content of second.txt")
child = Dataset.create(dataset_name="small", dataset_project="data sets", parent_datasets=[dataset.id])
child.remove_files("second.txt")
child.upload()
child.finalize()


def one(n):
    return n + 1


def two(x):
    return x * 2


def three(y):
    return y - 1


pipeline = PipelineController(name="pipeline", project="pipelines", version="1.0.0", add_pipeline_tags=False,
                              pool_frequency=0.02)  # minutes
pipeline.add_function_step(name="one", function=one, function_kwargs={"n": 3}, function_return=["x"])
pipeline.add_function_step(name="two", function=two, function_kwargs={"x": "${one.x}"}, function_return=["y"])
pipeline.add_function_step(name="three", function=three, function_kwargs={"y": "${two.y}"}, function_return=["z"])
pipeline.start_locally(run_pipeline_steps_locally=True)
print(" ".join(["built:", dataset.id, child.id, pipeline.task.id]))
