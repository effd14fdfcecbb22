#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Moves files to stores on this machine and back, by clearml-agent storage and by the vendor's Python client, in turn.

Build first (./build package), and run the tests of plugins/storage-s3, -gcs and -azure once: they install the servers into the
user's cache folder. Prints tables in Markdown: medians of the seconds and of the processor time of whole processes, the median of the
ratios of neighbouring runs, and the peak of resident memory of one process. Only the agent's processes and the vendor's count, not
the server, which is part of every second on the clock.
"""

import argparse
import filecmp
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
import storage_vendor as vendor  # noqa: E402

CACHE = os.path.expanduser("~/.cache/clearml-agent-tests")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Store:
    """A server of this machine with one bucket, and what clearml-agent needs to reach it."""

    def __init__(self, folder):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.folder = os.path.join(folder, self.name)
        os.makedirs(self.folder)
        self.variables = {}
        command, variables = self.command()
        self.log = open(os.path.join(folder, self.name + ".log"), "wb")
        self.process = subprocess.Popen(command, env=dict(os.environ, **variables), stdout=self.log, stderr=self.log)
        try:
            self.await_server()
            self.make_bucket()
        except BaseException:
            self.close()
            raise

    def await_server(self):
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise SystemExit(f"{self.name}: the server does not start, see {self.log.name}")

    def make_bucket(self):
        pass

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


class S3(Store):
    name, server, client, concurrency = "s3", "versitygw 1.8.0", "boto3", 16

    def command(self):
        os.makedirs(os.path.join(self.folder, vendor.BUCKET))
        self.url = f"s3://127.0.0.1:{self.port}/{vendor.BUCKET}/"
        self.settings = (f'sdk.aws.s3.credentials: [{{ host: "127.0.0.1:{self.port}", key: "{vendor.KEY}", '
                         f'secret: "{vendor.SECRET}", secure: false }}]')
        return ([f"{CACHE}/versitygw-1.8.0/versitygw", "--port", f"127.0.0.1:{self.port}", "--quiet", "--keep-alive",
                 "posix", self.folder], {"ROOT_ACCESS_KEY": vendor.KEY, "ROOT_SECRET_KEY": vendor.SECRET})


class Google(Store):
    name, server, client, concurrency = "gcs", "fake-gcs-server 1.56.1", "google-cloud-storage", 8

    def command(self):
        self.url = f"gs://{vendor.BUCKET}/"
        self.settings = ""
        self.variables = {"STORAGE_EMULATOR_HOST": self.address}
        return ([f"{CACHE}/fake-gcs-server-1.56.1/fake-gcs-server", "-scheme", "http", "-host", "127.0.0.1", "-port",
                 str(self.port), "-backend", "filesystem", "-filesystem-root", self.folder, "-log-level", "error",
                 "-public-host", f"127.0.0.1:{self.port}", "-external-url", self.address], {})

    def make_bucket(self):
        urllib.request.urlopen(urllib.request.Request(
            self.address + "/storage/v1/b?project=test", json.dumps({"name": vendor.BUCKET}).encode(),
            {"Content-Type": "application/json"})).close()


class Azure(Store):
    name, server, client, concurrency = "azure", "azurite 3.37.0", "azure-storage-blob", 8

    def command(self):
        self.url = f"azure://{vendor.ACCOUNT}.blob.core.windows.net/{vendor.BUCKET}/"
        self.settings = (f'sdk.azure.storage.containers: [{{ account_name: "{vendor.ACCOUNT}", '
                         f'account_key: "{vendor.SECRET}", endpoint: "{self.address}/{vendor.ACCOUNT}" }}]')
        return (["node", f"{CACHE}/azurite-3.37.0/node_modules/azurite/dist/src/blob/main.js", "--silent",
                 "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", str(self.port),
                 "--location", self.folder], {"AZURITE_ACCOUNTS": f"{vendor.ACCOUNT}:{vendor.SECRET}"})

    def make_bucket(self):
        code = ("import sys\nfrom azure.storage.blob import ContainerClient\nimport storage_vendor as vendor\n"
                "vendor.Azure(sys.argv[1], 1).container.create_container()")
        subprocess.run([arguments.python, "-c", code, self.address], check=True,
                       env=dict(os.environ, PYTHONPATH=os.path.dirname(os.path.abspath(__file__))))


def measured(command, environment):
    """Seconds on the clock, of the processors, and the peak of resident memory in MiB."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"{command} failed: {errors}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def fill(file, mebibytes):
    with open(file, "wb") as out:
        for _ in range(mebibytes):
            out.write(os.urandom(1 << 20))


def compare(store, folder, ways):
    """The results of each way, of the agent and of the vendor's client in turn."""
    home = os.path.join(folder, "home-" + store.name)
    os.makedirs(home)
    with open(os.path.join(home, "clearml.conf"), "w") as file:
        file.write(store.settings)
    environment = dict(os.environ, HOME=home, **store.variables)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "storage_vendor.py")
    results = {way: ([], []) for way in ways}
    for run in range(arguments.runs + 1):  # the first one warms the caches and is not counted
        for way, (ours, source, target) in ways.items():
            theirs = [arguments.python, script, store.name, way, store.address, target or source, str(store.concurrency)]
            for who, command in enumerate((ours, theirs)):
                if target and way.endswith("many"):
                    os.makedirs(target)
                result = measured(command, environment)
                if run > 0:
                    results[way][who].append(result)
                if target:
                    check_and_remove(source, target)
    return results


def check_and_remove(source, target):
    if os.path.isdir(source):
        _, different, missing = filecmp.cmpfiles(source, target, os.listdir(source), shallow=False)
        if different or missing:
            raise SystemExit(f"{len(different)} files differ, {len(missing)} are missing")
        shutil.rmtree(target)
    else:
        if not filecmp.cmp(source, target, shallow=False):
            raise SystemExit("the file that came back differs")
        os.remove(target)


def table(title, store, results):
    print(f"| {title} | clearml-agent | {store.client} | ratio | processor time | | ratio | peak memory | |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for way, (ours, theirs) in results.items():
        cells = [way.removesuffix("-many")]
        for column in (0, 1):
            first, second = ([run[column] for run in each] for each in (ours, theirs))
            ratio = statistics.median(a / b for a, b in zip(first, second))
            cells += [f"{statistics.median(first):.2f} s", f"{statistics.median(second):.2f} s", f"{ratio:.2f}"]
        cells += [f"{max(run[2] for run in each):.0f} MiB" for each in (ours, theirs)]
        print("| " + " | ".join(cells) + " |", flush=True)
    print()


def main():
    folder = tempfile.mkdtemp()
    try:
        for make in (S3, Google, Azure):
            if make.name not in arguments.stores.split(","):
                continue
            store = make(folder)
            try:
                print(f"{store.server}, {store.client}, {store.concurrency} at once", flush=True)
                print()
                storage = [arguments.agent, "storage", "cp"]
                if arguments.mebibytes:
                    source, target = os.path.join(folder, "source"), os.path.join(folder, "target")
                    fill(source, arguments.mebibytes)
                    table(f"{arguments.mebibytes} MiB", store, compare(store, folder, {
                        "up": (storage + [source, store.url + "object"], source, None),
                        "down": (storage + [store.url + "object", target], source, target)}))
                    os.remove(source)
                    shutil.rmtree(os.path.join(folder, "home-" + store.name))
                if arguments.objects:
                    source, target = os.path.join(folder, "sources"), os.path.join(folder, "targets")
                    os.makedirs(source)
                    for number in range(arguments.objects):
                        with open(os.path.join(source, f"{number:05d}"), "wb") as file:
                            file.write(os.urandom(10 << 10))
                    table(f"{arguments.objects} x 10 KiB", store, compare(store, folder, {
                        "up-many": (storage + ["-r", source, store.url + "many"], source, None),
                        "down-many": (storage + ["-r", store.url + "many", target], source, target)}))
                    shutil.rmtree(source)
            finally:
                store.close()
                shutil.rmtree(store.folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("agent", help="the command of an unpacked archive")
    parser.add_argument("python", help="an interpreter with boto3, google-cloud-storage and azure-storage-blob")
    parser.add_argument("--stores", default="s3,gcs,azure")
    parser.add_argument("--mebibytes", type=int, default=1024, help="of the large file; 0 for none")
    parser.add_argument("--objects", type=int, default=10_000, help="small files; 0 for none")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    main()
