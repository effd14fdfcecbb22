# SPDX-License-Identifier: Apache-2.0
"""Three small trainings that report one of everything a page shows; prints 'page: <project> <ids>' at the end."""
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy
import pandas
from clearml import OutputModel, Task

folder = sys.argv[1]
PROJECT = "Digits/Classifier"


def pictures(log, epoch):
    for digit in range(4):
        pixels = numpy.zeros((64, 64, 3), dtype=numpy.uint8)
        rows, columns = numpy.mgrid[0:64, 0:64]
        ring = numpy.abs(numpy.hypot(rows - 32, columns - 32) - 8 - 4 * digit) < 4
        pixels[ring] = (40 + 60 * digit, 200 - 30 * digit, 180)
        log.report_image("predictions", "digit %d" % digit, iteration=epoch, image=pixels)


def figures(log, epoch, rate):
    matrix = numpy.eye(10) * (80 + 5 * epoch) + numpy.random.RandomState(epoch).randint(0, 9, (10, 10))
    log.report_confusion_matrix("confusion matrix", "test", matrix=matrix, iteration=epoch,
                                xaxis="predicted", yaxis="true")
    log.report_histogram("weights", "layer 1", values=numpy.histogram(
        numpy.random.RandomState(1).normal(0, rate, 5000), 30)[0], iteration=epoch)


def train(name, rate, layers, epochs):
    task = Task.init(PROJECT, name, output_uri=True, reuse_last_task_id=False)
    task.add_tags(["baseline"] if rate == 0.1 else ["tuning", "rate"])
    task.connect({"learning_rate": rate, "layers": layers, "optimizer": "adam", "batch": 64})
    task.connect({"width": 28, "shift": 0.1}, name="Augmentation")
    task.connect_configuration({"model": {"layers": layers, "activation": "relu"}, "seed": 7}, name="model")
    log = task.get_logger()
    noise = numpy.random.RandomState(int(rate * 1000))
    print("\x1b[1mtraining\x1b[0m with a rate of \x1b[36m%s\x1b[0m and \x1b[36m%d\x1b[0m layers" % (rate, layers))
    for step in range(epochs * 20):
        for part, offset in (("train", 0.0), ("validation", 0.06)):
            loss = 2.3 * numpy.exp(-step * rate / 12) + 0.08 + offset + noise.normal(0, 0.03)
            log.report_scalar("loss", part, value=float(loss), iteration=step)
            log.report_scalar("accuracy", part, value=float(1 - loss / 2.6), iteration=step)
        log.report_scalar("learning rate", "rate", value=rate * 0.98 ** step, iteration=step)
        if step % 20 == 19:
            epoch = step // 20
            print("\repoch %d: 0%%\repoch %d: 50%%\r\x1b[32mepoch %d\x1b[0m: loss \x1b[33m%.4f\x1b[0m" % (
                epoch, epoch, epoch, loss))
            pictures(log, epoch)
            figures(log, epoch, rate)
    print("\x1b[31mwarning:\x1b[0m the validation loss has not improved for two epochs", file=sys.stderr)
    curve, axes = plt.subplots()
    axes.plot(range(10), [value ** 0.5 for value in range(10)])
    axes.set_xlabel("recall")
    log.report_matplotlib_figure("precision and recall", "test", figure=curve, iteration=epochs)
    plt.close(curve)
    log.report_table("errors", "worst digits", iteration=epochs, table_plot=pandas.DataFrame(
        {"digit": [4, 9, 7], "mistaken for": [9, 4, 1], "count": [17, 12, 9]}))
    log.report_surface("landscape", "loss", iteration=epochs,
                       matrix=numpy.add.outer(numpy.arange(12.0) ** 2, numpy.arange(12.0) ** 2))
    log.report_single_value("test accuracy", float(1 - loss / 2.6))
    log.report_single_value("parameters", 101770)
    task.upload_artifact("predictions", pandas.DataFrame({"digit": range(5), "predicted": [0, 1, 2, 3, 9]}),
                         wait_on_upload=True)
    task.upload_artifact("settings", {"rate": rate, "layers": layers}, wait_on_upload=True)
    weights = os.path.join(folder, "%s.bin" % name.replace(" ", "-"))
    with open(weights, "wb") as out:
        out.write(bytes(range(256)) * 400)
    model = OutputModel(task=task, name="digits " + name, framework="Custom", tags=["digits"],
                        label_enumeration={"zero": 0, "one": 1}, comment="recognizes digits")
    model.update_weights(weights, auto_delete_file=False)
    task.flush(wait_for_uploads=True)
    task.close()
    return task.id


first = train("baseline", 0.1, 2, 6)
second = train("deeper net", 0.2, 4, 6)
third = train("slow rate", 0.05, 2, 6)
one = Task.get_task(task_id=second)

draft = Task.create(project_name=PROJECT, task_name="from a repository", repo="https://example.com/digits.git",
                    branch="main", script="train.py", packages=["numpy==2.1.0", "scikit-learn>=1.5"])
draft.update_task({"script": dict(draft.data.script.to_dict(), diff="""diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -1,4 +1,5 @@
 import numpy
+import pandas

-rate = 0.5
+rate = 0.25
 print('rate', rate)
""")})
draft.set_parameters({"General/learning_rate": "0.25", "General/epochs": "10"})
print("page:", one.data.project, first, second, third, draft.id)
