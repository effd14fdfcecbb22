#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the checkouts of the agent beside git's own.

Build first (./build -DskipTests verify). Usage: checkout.py CLASS_PATH [FOLDER [REPOSITORY...]]
CLASS_PATH holds the classes and test classes of plugins/vcs-git, agent-api, plugins/testkit and JGit.

Both do the same work on the same repository in turn, since the load of the machine changes: git clone and the agent's first
checkout, by git's protocol from a repository on the same machine; git worktree add and a checkout of a known commit, and of the branch. The agent's times are
those of the checkout step inside its process, which has checked out another repository before. Prints the medians in ms, the
ratios of the medians, and the peak of the agent's memory in MB.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

QUIET = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a",
             GIT_AUTHOR_EMAIL="a@example.org", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.org")


def git(folder, *arguments, **more):
    subprocess.run(["git", "-C", folder, *arguments], check=True, env=QUIET, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **more)


ROUNDS = 9


def timed(action):
    start = time.monotonic()
    action()
    return (time.monotonic() - start) * 1000


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


class Agent:
    """The agent's checkouts, in one process."""

    def __init__(self, class_path, cache):
        home = os.environ.get("JAVA_HOME")
        java = os.path.join(home, "bin", "java") if home else "java"
        self.process = subprocess.Popen(
            [java, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", class_path,
             "ml.clear.agent.plugin.vcsgit.CheckoutTiming", cache],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.commit, self.memory = "", 0

    def check_out(self, address, revision, target):
        self.process.stdin.write(f"{address}\t{revision}\t{target}\n")
        self.process.stdin.flush()
        millis, self.commit, self.memory = self.process.stdout.readline().split("\t")
        return float(millis)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(name, make, class_path, folder):
    origin, other, bare, cache, mine, gits = (
        os.path.join(folder, part) for part in ("origin", "other", "bare", "cache", "mine", "gits"))
    make(origin)
    address = "file://" + origin
    imported(files(10))(other)
    git(folder, "clone", "--quiet", "--bare", origin, "bare")
    os.makedirs(cache)
    agent = Agent(class_path, cache)
    times = {what: [] for what in ("clone", "first", "worktree", "known", "again")}

    def remove(*folders):
        for each in folders:
            shutil.rmtree(each, ignore_errors=True)

    try:
        for revision in ("branch", "branch"):
            agent.check_out(other, revision, mine)
            remove(mine)
        agent.check_out(other, agent.commit, mine)
        remove(mine)
        for _ in range(ROUNDS // 3):
            remove(os.path.join(cache, "vcs-cache"))
            times["first"].append(agent.check_out(address, "branch", mine))
            remove(mine)
            times["clone"].append(timed(lambda: git(folder, "clone", "--quiet", address, gits)))
            remove(gits)
        commit = agent.commit
        for _ in range(ROUNDS):
            times["worktree"].append(timed(lambda: git(bare, "worktree", "add", "--detach", gits, "main")))
            git(bare, "worktree", "remove", "--force", gits)
            times["known"].append(agent.check_out(address, commit, mine))
            remove(mine)
            times["again"].append(agent.check_out(address, "branch", mine))
            remove(mine)
    finally:
        agent.close()
    median = {what: statistics.median(values) for what, values in times.items()}
    print(f"| {name} | {median['clone']:.0f} | {median['first']:.0f} | {median['first'] / median['clone']:.2f}"
          f" | {median['worktree']:.0f} | {median['known']:.0f} | {median['known'] / median['worktree']:.2f}"
          f" | {median['again']:.0f} | {int(agent.memory) // 1024} |", flush=True)


def main():
    class_path = sys.argv[1]
    base = sys.argv[2] if len(sys.argv) > 2 else None
    print("| repository | git clone | first checkout | ratio | git worktree add | known commit | ratio | branch again"
          " | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in sys.argv[3:] or REPOSITORIES:
        make = REPOSITORIES[name]
        folder = tempfile.mkdtemp(dir=base)
        try:
            measure(name, make, class_path, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
