#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures whole runs of tasks whose repositories are large.

Usage: execute.py INSTALLATION [FOLDER [REPOSITORY...]], with an installation of the agent and the repositories of checkout.py, or
"80 MB modified". Each task is created by `run` in a working copy of the repository and prints one line. Prints the time of the
second run, whose environment is in the cache, in seconds, and the peaks of memory of the commands `run` and `execute` in MB.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

from checkout import REPOSITORIES, git, sparse


def modified(folder):
    """A tracked file of 80 MB, of which 4 MB are noise in the working copy."""
    with open(os.path.join(folder, "model.ckpt"), "r+b") as file:
        for megabyte in range(0, 80, 20):
            file.seek(megabyte << 20)
            file.write(os.urandom(1 << 20))


CASES = {name: (make, None) for name, make in REPOSITORIES.items()}
CASES["80 MB modified"] = (sparse(80), modified)


class Peaks:
    """The peaks of memory of the agent's processes in one home, by their command."""

    def __init__(self, home):
        self.home, self.found = home, {"run": 0, "execute": 0}

    def look(self):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
                    words = file.read().split("\0")
                with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                    peak = next((int(line.split()[1]) for line in file if line.startswith("VmHWM")), 0)
            except OSError:
                continue
            if f"-Duser.home={self.home}" in words and "--module" in words:
                command = words[words.index("--module") + 2]
                self.found[command] = max(self.found.get(command, 0), peak)


def run(agent, work, variables, peaks):
    start = time.monotonic()
    process = subprocess.Popen([agent, "run", "train.py"], cwd=work, env=variables, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    while process.poll() is None:
        peaks.look()
        time.sleep(0.1)
    output = process.stdout.read()
    if process.returncode or "it runs" not in output:
        sys.exit(f"the task failed:\n{output}")
    return time.monotonic() - start


def measure(name, agent, folder):
    make, change = CASES[name]
    origin, work, home = (os.path.join(folder, part) for part in ("origin", "work", "home"))
    os.makedirs(home)
    make(origin)
    with open(os.path.join(origin, "train.py"), "w", encoding="utf-8") as file:
        file.write("print('it runs')\n")
    git(origin, "add", "train.py")
    git(origin, "commit", "-m", "script")
    git(folder, "clone", "file://" + origin, work)
    if change:
        change(work)
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("CLEARML_", "TRAINS_"))}
    variables |= {"HOME": home, "XDG_CACHE_HOME": os.path.join(home, ".cache"), "CLEARML_AGENT_AOT": "use"}
    peaks = Peaks(home)
    try:
        run(agent, work, variables, peaks)
        seconds = run(agent, work, variables, peaks)
    finally:
        subprocess.run([agent, "server", "stop"], env=variables, stdout=subprocess.DEVNULL, check=False)
    print(f"| {name} | {seconds:.1f} | {peaks.found['run'] // 1024} | {peaks.found['execute'] // 1024} |", flush=True)


def main():
    agent = os.path.join(sys.argv[1], "bin", "clearml-agent")
    base = sys.argv[2] if len(sys.argv) > 2 else None
    print("| repository | task | memory of run | memory of execute |")
    print("| --- | --- | --- | --- |")
    for name in sys.argv[3:] or CASES:
        folder = tempfile.mkdtemp(dir=base)
        try:
            measure(name, agent, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
