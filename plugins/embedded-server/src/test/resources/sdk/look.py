# SPDX-License-Identifier: Apache-2.0
"""Reads back in a fresh process what show.py reported, and compares values."""
import io
import json
import sys

import numpy
from clearml import StorageManager, Task
from PIL import Image

task = Task.get_task(task_id=sys.argv[1])


def same(what, found, expected):
    if found != expected:
        raise SystemExit("%s: found %r, expected %r" % (what, found, expected))


def picture(url):
    with open(StorageManager.get_local_copy(url, force_download=True), "rb") as file:
        return numpy.array(Image.open(io.BytesIO(file.read())))


plots = {(plot["metric"], plot["variant"]): plot for plot in task.get_reported_plots()}


def figure(metric, variant):
    return json.loads(plots[(metric, variant)]["plot_str"])


shown = [plot for (metric, variant), plot in plots.items() if "shown" in metric + variant]
same("figures by plt.show", len(shown), 1)
line = json.loads(shown[0]["plot_str"])["data"][0]
same("line", ([float(x) for x in line["x"]], [float(y) for y in line["y"]]), ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]))
same("scatter by hand", plots[("by hand", "scatter")]["iter"], 2)
cells = figure("table", "people")["data"][0]["cells"]["values"]
same("table", [[str(value) for value in column] for column in cells][-2:], [["Ann", "Bob"], ["31", "42"]])
points = figure("scatter", "points")["data"][0]
same("points", (list(points["x"]), list(points["y"])), ([0, 1, 2], [1, 3, 2]))
same("surface", figure("surface", "wave")["data"][0]["z"], [[0, 1, 2], [3, 4, 5]])

images = task.get_debug_samples("pixels", "grey")
same("iterations", sorted(image["iter"] for image in images), [0, 1, 2])
for image in images:
    found = picture(image["url"])
    same("size", found.shape, (4, 5, 3))
    same("grey of %d" % image["iter"], set(found.flatten().tolist()), {40 * image["iter"]})
same("own picture", picture(task.get_debug_samples("file", "eye")[0]["url"]).shape[:2], (8, 8))
same("figure as a picture", [image["iter"] for image in task.get_debug_samples("as a picture", "scatter")], [2])
note = task.get_debug_samples("media", "note")[0]["url"]
with open(StorageManager.get_local_copy(note, force_download=True), encoding="utf-8") as file:
    same("note", file.read(), "a note")
print("all values are the same")
