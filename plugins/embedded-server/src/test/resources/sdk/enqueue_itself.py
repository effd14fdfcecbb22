# SPDX-License-Identifier: Apache-2.0
"""Hands itself over to a queue; the part behind that runs where an agent takes it."""
import argparse

from clearml import Task

task = Task.init("sdk test/remote", "hands itself over", reuse_last_task_id=False)
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, default=0.5)
arguments = parser.parse_args()
options = task.connect({"layers": 2, "name": "local"})
if Task.running_locally():
    print(task.id)
task.execute_remotely(queue_name="remote", exit_process=True)
print("remote rate %s layers %s name %s" % (arguments.rate, options["layers"], options["name"]))
task.get_logger().report_scalar("remote", "rate", arguments.rate, 1)
task.upload_artifact("outcome", {"rate": arguments.rate, "layers": options["layers"]}, wait_on_upload=True)
