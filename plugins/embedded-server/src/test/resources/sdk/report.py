# SPDX-License-Identifier: Apache-2.0
"""Reports one of everything that a training script reports, and prints the id of its task as the last line."""
import os
import sys

from clearml import OutputModel, Task

folder = sys.argv[1]
task = Task.init("sdk test/reports", "run one", output_uri=True, reuse_last_task_id=False)
parameters = task.connect({"lr": 0.1, "layers": 3, "name": "ünïcode", "nested": {"a.b": "c d"}})
task.connect_configuration({"alpha": {"beta": [1, 2, 3]}}, name="settings")
task.add_tags(["red", "blue"])
task.set_user_properties(owner="somebody")
log = task.get_logger()
for i in range(10):
    log.report_scalar("loss", "train", value=1.0 / (i + 1), iteration=i)
    log.report_scalar("loss", "test", value=2.0 / (i + 1), iteration=i)
log.report_single_value("accuracy", 0.875)
log.report_text("a line of text")
log.report_confusion_matrix("confusion", "ignored", matrix=[[5, 1], [2, 7]], iteration=3)
log.report_histogram("histogram", "values", values=[1, 2, 3, 4], iteration=1)
print("a printed line")

path = os.path.join(folder, "with 100% blanks & ünïcode.txt")
with open(path, "w", encoding="utf-8") as out:
    out.write("the content of a file\n")
task.upload_artifact("numbers", {"one": 1, "two": [2, 2]}, wait_on_upload=True)
task.upload_artifact("file", path, wait_on_upload=True)
task.upload_artifact("text", "a text artifact", wait_on_upload=True)

weights = os.path.join(folder, "weights.bin")
with open(weights, "wb") as out:
    out.write(bytes(range(256)) * 400)
model = OutputModel(task=task, name="the model", framework="Custom", label_enumeration={"cat": 1, "dog": 2})
model.update_weights(weights, auto_delete_file=False)
model.set_metadata("quality", "good", "str")

task.flush(wait_for_uploads=True)
task.close()
print(task.id)
