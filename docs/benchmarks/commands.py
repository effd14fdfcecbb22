# SPDX-License-Identifier: Apache-2.0
"""Commands that end by themselves, run in turn."""

import os
import shlex
import signal
import statistics
import subprocess
import sys
import time

from agents import memory, processes, row, seconds, table


class Sample:
    """Runs of one command: seconds on the clock, seconds of processor, peak of resident memory in MiB."""

    def __init__(self, name, command):
        self.name = name
        self.command = [str(word) for word in command]
        self.wall, self.cpu, self.memory = [], [], []

    def once(self, environment, count=True):
        start = time.perf_counter()
        child = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if child.returncode != 0:
            sys.exit(f"{shlex.join(self.command)} ended with {child.returncode}")
        if count:
            self.wall.append(wall)
            self.cpu.append(used.ru_utime + used.ru_stime)
            self.memory.append(used.ru_maxrss / 1024)


def alternately(samples, environment, runs):
    """Each command once without counting, then all in turn, so that whatever the machine does meets all of them."""
    for sample in samples:
        sample.once(environment, count=False)
    for _ in range(runs):
        for sample in samples:
            sample.once(environment)


def ratio(ours, theirs):
    """The median of the ratios of pairs, since the two of a pair saw the same machine."""
    return f"{statistics.median(a / b for a, b in zip(ours, theirs)):.2f}"


def compared(title, ours, theirs):
    return row(
        [
            f"`clearml-agent {title}`",
            ratio(ours.wall, theirs.wall),
            ratio(ours.cpu, theirs.cpu),
            seconds(ours.wall),
            seconds(theirs.wall),
            f"{max(ours.memory):.0f} MiB",
            f"{max(theirs.memory):.0f} MiB",
        ]
    )


def pairs(ours, theirs, environment, runs):
    rows = []
    for command, beside in (("--version", "--version"), ("config", "config"), ("config show", "config")):
        pair = (Sample(command, [ours, *command.split()]), Sample(beside, [theirs, beside]))
        alternately(pair, environment, runs)
        rows.append(compared(command, *pair))
    titles = ["command", "ratio", "ratio of processor time", "ours", "Python's", "memory, ours", "memory, Python's"]
    return table(titles, rows)


def warm_run(agent, environment, work, runs):
    script = work / "hello.py"
    script.write_text("print('hello')\n")
    sample = Sample("run hello.py", [agent, "run", script])
    alternately([sample], environment, max(3, runs // 3))
    return (
        f"`clearml-agent run hello.py`, warm, from the command to its end: {seconds(sample.wall)}."
        " The Python agent has no such command.\n\n"
    )


def while_a_task_sleeps(agent, environment, work):
    """Memory of every process of ours while a task does nothing."""
    script = work / "sleeps.py"
    script.write_text("import time\nprint('asleep', flush=True)\ntime.sleep(600)\n")
    run = subprocess.Popen(
        [agent, "run", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        for line in run.stdout:
            if line.strip() == "asleep":
                break
        time.sleep(10)
        home = str(agent.parent.parent)
        kinds = [
            ("embedded server", (home, "ClearmlAgent server")),
            ("`run`, which waits", (home, "ClearmlAgent run")),
            ("`execute`", (home, "ClearmlAgent execute")),
            ("keeper", (str(work), "keeper.py")),
        ]
        rows = []
        for name, words in kinds:
            for pid in processes(*words)[:1]:
                rows.append(row([name, *(f"{figure:.0f} MiB" for figure in memory(pid))]))
        return table(["process", "resident", "proportional", "peak"], rows)
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(60)


def flags(agent, environment, runs):
    """`config` with each of the launcher's flags undone, beside the flags as they are."""
    variants = [
        ("as they are", ""),
        ("all compilers", "-XX:TieredStopAtLevel=4"),
        ("compiling as early as usual", "-XX:CompileThresholdScaling=1 -XX:+AOTReplayTraining"),
        ("a small heap", "-Xms8m -Xmn2m"),
        ("G1 rather than the serial collector", "-XX:-UseSerialGC -XX:+UseG1GC"),
        ("without compact object headers", "-XX:-UseCompactObjectHeaders"),
        ("with performance data in a file", "-XX:+UsePerfData"),
        ("without the start-up cache", None),
    ]
    samples = []
    for name, options in variants:
        change = {"CLEARML_AGENT_AOT": "off"} if options is None else {"CLEARML_AGENT_JAVA_OPTIONS": options}
        words = [f"{key}={value}" for key, value in change.items()]
        samples.append(Sample(name, ["env", *words, agent, "config"]))
    alternately(samples, environment | {"CLEARML_AGENT_AOT": "use"}, runs)
    as_they_are = samples[0]
    rows = [
        row(
            [
                sample.name,
                ratio(sample.wall, as_they_are.wall),
                ratio(sample.cpu, as_they_are.cpu),
                seconds(sample.wall),
                f"{max(sample.memory):.0f} MiB",
            ]
        )
        for sample in samples
    ]
    return table(["changed", "ratio", "ratio of processor time", "time", "memory"], rows)
