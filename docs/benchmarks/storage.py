#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Moves a file to an S3 server of this machine and back, by clearml-agent storage and by boto3, alternating.

Build first (./build package). Usage: storage.py CLEARML_AGENT VERSITYGW PYTHON [MEBIBYTES] [RUNS]
CLEARML_AGENT is the command of an unpacked archive, VERSITYGW the program that the tests of plugins/storage-s3 install into the
user's cache folder, PYTHON an interpreter with boto3. Prints a table in Markdown: seconds of whole processes, medians, and the peak
of resident memory of one process in MiB.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

KEY, SECRET = "benchmark-key", "benchmark-secret"

BOTO = """
import sys, boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
client = boto3.client("s3", endpoint_url=sys.argv[1], aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3],
                      region_name="us-east-1", config=Config(max_pool_connections=512))
# as the ClearML SDK calls it
config = TransferConfig(max_concurrency=16, multipart_threshold=8 << 20, multipart_chunksize=8 << 20)
if sys.argv[4] == "up":
    client.upload_file(sys.argv[5], "bucket", "object", Config=config)
else:
    client.download_file("bucket", "object", sys.argv[5], Config=config)
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def measured(command, environment):
    """Seconds, and the peak of resident memory in MiB."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"{command} failed: {errors}")
    return seconds, usage.ru_maxrss / 1024


def main():
    agent, gateway, python = sys.argv[1:4]
    size = int(sys.argv[4]) if len(sys.argv) > 4 else 1024
    runs = int(sys.argv[5]) if len(sys.argv) > 5 else 3
    folder = tempfile.mkdtemp()
    port = free_port()
    os.makedirs(os.path.join(folder, "buckets", "bucket"))
    server = subprocess.Popen(
        [gateway, "--port", f"127.0.0.1:{port}", "--quiet", "--keep-alive", "posix", os.path.join(folder, "buckets")],
        env=dict(os.environ, ROOT_ACCESS_KEY=KEY, ROOT_SECRET_KEY=SECRET),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        source, target = os.path.join(folder, "source"), os.path.join(folder, "target")
        with open(source, "wb") as file:
            for _ in range(size):
                file.write(os.urandom(1 << 20))
        home = os.path.join(folder, "home")
        os.makedirs(home)
        with open(os.path.join(home, "clearml.conf"), "w") as file:
            file.write(f'sdk.aws.s3.credentials: [{{ host: "127.0.0.1:{port}", key: "{KEY}", secret: "{SECRET}", secure: false }}]')
        environment = dict(os.environ, HOME=home)
        address = f"s3://127.0.0.1:{port}/bucket/object"
        boto = [python, "-c", BOTO, f"http://127.0.0.1:{port}", KEY, SECRET]
        commands = {
            ("clearml-agent", "up"): [agent, "storage", "cp", source, address],
            ("boto3", "up"): boto + ["up", source],
            ("clearml-agent", "down"): [agent, "storage", "cp", address, target],
            ("boto3", "down"): boto + ["down", target],
        }
        results = {key: [] for key in commands}
        for run in range(runs + 1):  # the first one warms the caches and is not counted
            for key, command in commands.items():
                result = measured(command, environment)
                if run > 0:
                    results[key].append(result)
                if key[1] == "down":
                    subprocess.run(["cmp", source, target], check=True)
                    os.remove(target)
        print(f"| {size} MiB | clearml-agent | boto3 | ratio | peak of clearml-agent | peak of boto3 |")
        print("| --- | --- | --- | --- | --- | --- |")
        for way in ("up", "down"):
            ours, theirs = results["clearml-agent", way], results["boto3", way]
            first, second = (statistics.median(seconds for seconds, _ in each) for each in (ours, theirs))
            print(f"| {way} | {first:.2f} s | {second:.2f} s | {first / second:.2f} "
                  f"| {max(peak for _, peak in ours):.0f} MiB | {max(peak for _, peak in theirs):.0f} MiB |")
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
