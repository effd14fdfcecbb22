#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures checkouts of large repositories beside git's own.

Build first (./build -DskipTests verify). Usage: checkout.py CLASS_PATH [FOLDER [REPOSITORY...]]
CLASS_PATH holds the classes and test classes of plugins/vcs-git, agent-api, plugins/testkit and JGit.
Prints a table: git clone (for a folder, with hard links, as the agent's mirror has them) and git worktree add, then the
agent's first checkout, the branch again and a known commit, in ms, and the most memory of the agent's process in MB. All but the
first checkout are the least of several, since other programs of the machine only add to them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

QUIET = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a",
             GIT_AUTHOR_EMAIL="a@example.org", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.org")


def git(folder, *arguments, **more):
    subprocess.run(["git", "-C", folder, *arguments], check=True, env=QUIET, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **more)


ROUNDS = 7


def least(action, undo, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        start = time.monotonic()
        action()
        times.append(round((time.monotonic() - start) * 1000))
        undo()
    return min(times)


def new(folder):
    os.makedirs(folder)
    git(folder, "init", "--initial-branch=main")
    for key, value in (("core.compression", "0"), ("core.bigFileThreshold", "8m"), ("gc.auto", "0")):
        git(folder, "config", key, value)


def sparse(megabytes):
    def make(folder):
        new(folder)
        with open(os.path.join(folder, "model.ckpt"), "wb") as file:
            file.truncate(megabytes << 20)
        git(folder, "add", "--all")
        git(folder, "commit", "-m", "x")
    return make


def imported(stream):
    def make(folder):
        new(folder)
        git(folder, "fast-import", "--quiet", input=stream().encode())
        git(folder, "reset", "--hard", "main")
    return make


def files(count):
    def stream():
        parts = ["commit refs/heads/main\ncommitter a <a@example.org> 0 +0000\ndata 1\nx\n"]
        for i in range(count):
            text = f"content {i}\n"
            parts.append(f"M 644 inline d{i % 200}/f{i}\ndata {len(text)}\n{text}\n")
        return "".join(parts)
    return stream


def commits(count):
    def stream():
        parts = []
        for i in range(count):
            text = f"content {i}\n"
            parts.append(f"commit refs/heads/main\ncommitter a <a@example.org> {i} +0000\ndata 1\nx\n"
                         f"M 644 inline f{i % 50}\ndata {len(text)}\n{text}\n")
        return "".join(parts)
    return stream


REPOSITORIES = {
    "2,000 files": imported(files(2_000)),
    "45 MB file": sparse(45),
    "200 MB file": sparse(200),
    "2 GB file": sparse(2048),
    "100,000 files": imported(files(100_000)),
    "50,000 commits": imported(commits(50_000)),
}


def measure(name, make, class_path, folder):
    origin = os.path.join(folder, "origin")
    make(origin)
    own = os.path.join(folder, "own")
    os.makedirs(own)
    clone = least(lambda: git(folder, "clone", "--quiet", origin, "clone"),
                  lambda: shutil.rmtree(os.path.join(folder, "clone")), 3)
    git(folder, "clone", "--quiet", "--bare", origin, "bare")
    bare = os.path.join(folder, "bare")
    worktree = least(lambda: git(bare, "worktree", "add", "--detach", "../tree", "main"),
                     lambda: git(bare, "worktree", "remove", "--force", "../tree"))
    java = os.path.join(os.environ.get("JAVA_HOME", ""), "bin", "java") if os.environ.get("JAVA_HOME") else "java"
    answer = subprocess.run(
        [java, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", class_path,
         "ml.clear.agent.plugin.vcsgit.CheckoutTiming", origin, own],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    values = dict(line.split() for line in answer.splitlines())
    print(f"| {name} | {clone} | {worktree} | {values['first']} | {values['again']} | {values['known']} |"
          f" {int(values['memory']) // 1024} |", flush=True)


def main():
    class_path = sys.argv[1]
    base = sys.argv[2] if len(sys.argv) > 2 else None
    print("| repository | git clone | git worktree add | first checkout | branch again | known commit | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in sys.argv[3:] or REPOSITORIES:
        make = REPOSITORIES[name]
        folder = tempfile.mkdtemp(dir=base)
        try:
            measure(name, make, class_path, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
