# SPDX-License-Identifier: Apache-2.0
"""Reports what can be looked at: matplotlib figures, pictures, tables, media; prints the id of its task at the end."""
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy
import pandas
from clearml import Task

folder = sys.argv[1]
task = Task.init("sdk test/pictures", "pictures", reuse_last_task_id=False)
log = task.get_logger()

plt.plot([1, 2, 3], [4, 5, 6])
plt.title("shown")
plt.show()
figure, axes = plt.subplots()
axes.scatter([0, 1], [1, 0])
log.report_matplotlib_figure("by hand", "scatter", figure=figure, iteration=2)
log.report_matplotlib_figure("as a picture", "scatter", figure=figure, iteration=2, report_image=True)

for i in range(3):
    pixels = numpy.full((4, 5, 3), 40 * i, dtype=numpy.uint8)
    log.report_image("pixels", "grey", iteration=i, image=pixels)
path = os.path.join(folder, "own picture.png")
plt.imsave(path, numpy.eye(8))
log.report_image("file", "eye", iteration=7, local_path=path)
note = os.path.join(folder, "note.txt")
with open(note, "w", encoding="utf-8") as out:
    out.write("a note")
log.report_media("media", "note", iteration=1, local_path=note, delete_after_upload=False)

log.report_table("table", "people", iteration=5,
                 table_plot=pandas.DataFrame({"name": ["Ann", "Bob"], "age": [31, 42]}))
log.report_scatter2d("scatter", "points", iteration=4, scatter=[(0, 1), (1, 3), (2, 2)], mode="markers")
log.report_surface("surface", "wave", iteration=0, matrix=numpy.arange(6).reshape(2, 3))
task.flush(wait_for_uploads=True)
task.close()
print(task.id)
