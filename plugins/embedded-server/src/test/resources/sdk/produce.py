# SPDX-License-Identifier: Apache-2.0
"""Uploads an artifact of each kind, parameters of each kind and models; prints the id of its task at the end."""
import argparse
import os
import sys

import numpy
import pandas
from clearml import OutputModel, Task
from PIL import Image

folder = sys.argv[1]
task = Task.init("sdk test/products", "products", output_uri=True, reuse_last_task_id=False)

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--rate", type=float, default=0.25)
parser.add_argument("--names", nargs="*", default=["a", "b"])
parser.add_argument("--fast", action="store_true")
parser.parse_args()
task.connect({"depth": 3, "inner": {"list": [1, 2], "none": None}, "text": "with # and $"}, name="Model")
task.set_parameter("Extra/late", 17, description="set by hand", value_type=int)
settings = os.path.join(folder, "settings.yaml")
with open(settings, "w", encoding="utf-8") as out:
    out.write("one: 1\nmany: [a, b]\n")
task.connect_configuration(settings, name="file", description="a file")
task.connect_configuration({"a": {"b": "ü"}}, name="dict")
task.set_configuration_object("text", config_text="free text\nof two lines")

task.upload_artifact("dict", {"x": [1, 2.5, "three"]}, metadata={"made": "here"}, wait_on_upload=True)
task.upload_artifact("text", "short text", wait_on_upload=True)
task.upload_artifact("array", numpy.arange(12, dtype=numpy.float32).reshape(3, 4), wait_on_upload=True)
frame = pandas.DataFrame({"n": [1, 2, 3], "s": ["p", "q", "r"]})
task.upload_artifact("frame", frame, wait_on_upload=True)
task.upload_artifact("picture", Image.new("RGB", (3, 2), (10, 20, 30)), wait_on_upload=True)
task.upload_artifact("object", {1, 2, 3}, wait_on_upload=True, auto_pickle=True)
tree = os.path.join(folder, "tree")
os.makedirs(os.path.join(tree, "sub"))
for name in ("top.txt", "sub/deep.txt"):
    with open(os.path.join(tree, name), "w", encoding="utf-8") as out:
        out.write("in " + name)
task.upload_artifact("folder", tree, wait_on_upload=True)
task.upload_artifact("wildcard", os.path.join(tree, "sub", "*.txt"), wait_on_upload=True)
large = os.path.join(folder, "large.bin")
with open(large, "wb") as out:
    for i in range(64):
        out.write(bytes([i]) * (1 << 19))
task.upload_artifact("large", large, wait_on_upload=True)
task.upload_artifact("replaced", {"version": 1}, wait_on_upload=True)
task.upload_artifact("replaced", {"version": 2}, wait_on_upload=True)
task.register_artifact("registered", frame)

for name, content in (("first", b"weights one"), ("second", b"weights two")):
    path = os.path.join(folder, name + ".bin")
    with open(path, "wb") as out:
        out.write(content)
    model = OutputModel(task=task, name=name, framework="PyTorch", tags=["tag of " + name],
                        config_dict={"size": len(content)}, comment="comment of " + name)
    model.update_weights(path, auto_delete_file=False, iteration=4)
    model.report_scalar("quality", "f1", 0.5, 1)
model.publish()
task.flush(wait_for_uploads=True)
task.close()
print(task.id)
