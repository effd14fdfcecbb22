# SPDX-License-Identifier: Apache-2.0
"""Reads back in a fresh process what produce.py left, and compares values."""
import os
import sys

import numpy
from clearml import InputModel, Model, Task
from clearml.backend_api import Session

task = Task.get_task(task_id=sys.argv[1])


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


def content(path):
    with open(path, "rb") as file:
        return file.read()


parameters = task.get_parameters()
same("parameters", {name: value for name, value in parameters.items() if not name.startswith("Args/folder")}, {
    "Args/rate": "0.25", "Args/names": "['a', 'b']", "Args/fast": "False",
    "Model/depth": "3", "Model/inner/list": "[1, 2]", "Model/inner/none": "", "Model/text": "with # and $",
    "Extra/late": "17"})
cast = task.get_parameters(cast=True)
same("cast", (cast["Args/rate"], cast["Model/depth"], cast["Extra/late"]), (0.25, 3, 17))
nested = task.get_parameters_as_dict()
same("nested", nested["Model"], {"depth": "3", "inner": {"list": "[1, 2]", "none": ""}, "text": "with # and $"})
same("file", task.get_configuration_object("file"), "one: 1\nmany: [a, b]\n")
same("dict", task.get_configuration_object_as_dict("dict"), {"a": {"b": "ü"}})
same("text", task.get_configuration_object("text"), "free text\nof two lines")
same("names", sorted(task.get_configuration_objects()), ["dict", "file", "text"])

artifacts = task.artifacts
same("artifacts", sorted(artifacts), ["array", "dict", "folder", "frame", "large", "object", "picture", "registered",
                                      "replaced", "text", "wildcard"])
same("dict", artifacts["dict"].get(), {"x": [1, 2.5, "three"]})
same("metadata", artifacts["dict"].metadata, {"made": "here"})
same("text", artifacts["text"].get(), "short text")
array = artifacts["array"].get()
same("array", (str(array.dtype), array.tolist()),
     ("float32", numpy.arange(12, dtype=numpy.float32).reshape(3, 4).tolist()))
expected = {"n": [1, 2, 3], "s": ["p", "q", "r"]}
frame = artifacts["frame"].get()
same("frame", frame[["n", "s"]].to_dict("list"), expected)
same("picture", numpy.array(artifacts["picture"].get()).reshape(-1, 3).tolist(), [[10, 20, 30]] * 6)
same("object", artifacts["object"].get(), {1, 2, 3})
tree = str(artifacts["folder"].get())
same("top", content(os.path.join(tree, "top.txt")), b"in top.txt")
same("deep", content(os.path.join(tree, "sub", "deep.txt")), b"in sub/deep.txt")
found = [name for _, _, names in os.walk(str(artifacts["wildcard"].get())) for name in names]
same("wildcard", found, ["deep.txt"])
large = content(artifacts["large"].get_local_copy())
same("large", (len(large), large == b"".join(bytes([i]) * (1 << 19) for i in range(64))), (64 << 19, True))
same("size", artifacts["large"].size, 64 << 19)
same("replaced", artifacts["replaced"].get(), {"version": 2})
same("registered", artifacts["registered"].get()[["n", "s"]].to_dict("list"), expected)

models = {model.name: model for model in task.models["output"]}
same("models", sorted(models), ["first", "second"])
for name, weights in (("first", b"weights one"), ("second", b"weights two")):
    model = InputModel(model_id=models[name].id)
    same("weights of " + name, content(model.get_weights()), weights)
    same("tags of " + name, list(model.tags), ["tag of " + name])
    same("configuration of " + name, model.config_dict, {"size": len(weights)})
    same("comment of " + name, model.comment.endswith("comment of " + name), True)
    same("framework of " + name, model.framework, "PyTorch")
    # The SDK reports a model's scalars but has no method to read them.
    answer = Session().send_request("events", "scalar_metrics_iter_histogram", method="get",
                                    json={"task": model.id, "model_events": True}).json()
    same("scalar of " + name, answer["data"]["quality"]["f1"], {"name": "f1", "x": [1], "y": [0.5]})
same("published", (models["first"].published, models["second"].published), (False, True))
same("by tag", [model.id for model in Model.query_models(project_name="sdk test/products", tags=["tag of first"])],
     [models["first"].id])
same("only published", [model.name for model in Model.query_models(project_name="sdk test/products",
                                                                   only_published=True)], ["second"])
print("all values are the same")
