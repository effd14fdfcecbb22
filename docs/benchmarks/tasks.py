# SPDX-License-Identifier: Apache-2.0
"""Tasks through a queue, one agent at a time, with the same server, configuration and tasks."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import threading
import time
import urllib.request
from base64 import b64encode

import environments
from agents import clean_environment, memory, peak, processes, processor_seconds, row, table
from gateway import Gateway

QUEUE = "benchmark"
WHEELS = ["idna==3.10", "packaging==24.2", "six==1.17.0"]
CACHES = (".clearml/venvs-cache", ".clearml/cache", ".clearml/pip-download-cache", ".cache/pip", ".cache/uv")
COLD = "dequeue → first line, cold, three small wheels"
WITH_UV = "agent.package_manager.uv_replace_pip: true\n"
LIMIT = 300
LINES = 2_000_000

FIRST_LINE = """\
import time
first = time.time()
with open({mark!r}, "w") as mark:
    mark.write(repr(first))
"""
PRINTS_SLOWLY = """\
import time
for _ in range(40):
    print(f"printed at {time.time()}", flush=True)
    time.sleep(0.25)
"""
PRINTS_MUCH = """\
for number in range({lines}):
    print("line", number, "of a long log of a training run")
"""
WAITS_FOR_TERM = """\
import os, signal, time
def note(*_):
    with open({mark!r}, "w") as mark:
        mark.write(repr(time.time()))
    raise SystemExit(0)
signal.signal(signal.SIGTERM, note)
with open({pid!r}, "w") as pid:
    pid.write(str(os.getpid()))
time.sleep(600)
"""


class Server:
    """The embedded server, asked directly."""

    def __init__(self, agent, environment):
        self.agent, self.environment = agent, environment
        subprocess.run([agent, "server", "start", "--detach"], env=environment, check=True, stdout=subprocess.DEVNULL)
        data = os.path.join(environment["HOME"], ".clearml/agent/plugins/embedded-server/data")
        with open(os.path.join(data, "server.json")) as file:
            self.facts = json.load(file)
        with open(os.path.join(data, "credentials.json")) as file:
            self.credentials = json.load(file)
        pair = f"{self.credentials['access_key']}:{self.credentials['secret_key']}".encode()
        self.authorization = "Basic " + b64encode(pair).decode()
        self.authorization = "Bearer " + self.call("auth.login")["token"]

    def call(self, method, **body):
        request = urllib.request.Request(
            self.facts["api"].rstrip("/") + "/" + method,
            json.dumps(body).encode(),
            {"Authorization": self.authorization, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def configuration(self, api):
        return (
            f"api {{\n  api_server: {api}\n  web_server: {api}\n  files_server: {self.facts['api']}/files\n"
            f"  credentials {{ access_key: \"{self.credentials['access_key']}\","
            f" secret_key: \"{self.credentials['secret_key']}\" }}\n}}\n"
            "agent { venvs_cache: { path: ~/.clearml/venvs-cache, free_space_threshold_gb: 0.1 } }\n"
        )

    def stop(self):
        subprocess.run([self.agent, "server", "stop"], env=self.environment, check=True, stdout=subprocess.DEVNULL)


class Agent:
    """A daemon of one agent with a home of its own, behind a gateway of its own."""

    def __init__(self, name, command, server, work, options=(), settings="", variables=None):
        self.name, self.server = name, server
        self.home = work / name
        self.environment = clean_environment(self.home) | (variables or {})
        self.gateway = Gateway(server.facts["api"])
        (self.home / "clearml.conf").write_text(server.configuration(self.gateway.address) + settings)
        self.log = open(self.home / "daemon.log", "wb")
        self.daemon = subprocess.Popen(
            [command, "daemon", "--queue", QUEUE, "--foreground", *options],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.marks = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.daemon.send_signal(signal.SIGTERM)
        try:
            self.daemon.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.daemon.pid, signal.SIGKILL)
            self.daemon.wait(10)
        self.gateway.close()
        self.log.close()

    def mark(self):
        self.marks += 1
        return str(self.home / f"mark-{self.marks}")

    def enqueue(self, code, requirements=()):
        task = self.server.call(
            "tasks.create",
            name="benchmark",
            type="training",
            script={
                "binary": "python3",
                "working_dir": ".",
                "entry_point": "benchmark.py",
                "diff": code,
                "requirements": {"pip": "\n".join(requirements)},
            },
        )["id"]
        self.server.call("tasks.enqueue", task=task, queue_name=QUEUE)
        return task

    def finish(self, tasks, limit=LIMIT):
        self.gateway.wait(
            lambda: all(task in self.gateway.ended for task in tasks), limit, f"{self.name}: the end of {tasks}"
        )
        for task in tasks:
            status = self.server.call("tasks.get_by_id", task=task)["task"]["status"]
            if status != "completed":
                raise RuntimeError(f"{self.name}: task {task} is {status}; see {self.log.name}")

    def one(self, requirements=()):
        """Seconds from the server's answer to the first line of user code, and to the final status."""
        mark = self.mark()
        task = self.enqueue(FIRST_LINE.format(mark=mark), requirements)
        self.finish([task])
        with open(mark) as file:
            first = float(file.read())
        dequeued = self.gateway.dequeued[task]
        return first - dequeued, self.gateway.ended[task] - dequeued

    def cold(self):
        for cache in CACHES:
            shutil.rmtree(self.home / cache, ignore_errors=True)
        return self.one(WHEELS)[0]

    def colds(self, options):
        return [self.cold() for _ in range(max(2, options.tasks // 3))]

    def await_daemon(self):
        self.gateway.wait(lambda: self.gateway.requests > 0, 60, f"{self.name}: the first request")
        self.one()

    def many(self, count):
        """Seconds for several warm tasks, from the first answer to the last final status."""
        tasks = [self.enqueue(FIRST_LINE.format(mark=self.mark())) for _ in range(count)]
        self.finish(tasks, 30 * count)
        return max(self.gateway.ended[task] for task in tasks) - min(self.gateway.dequeued[task] for task in tasks)

    def delays(self):
        """Seconds from a printed line to the server's answer about it."""
        self.gateway.delays.clear()
        self.finish([self.enqueue(PRINTS_SLOWLY)])
        return list(self.gateway.delays)

    def stop(self):
        """Seconds from the answer to `tasks.stop` to the task's stop signal; None when it died without one."""
        mark, pid_file = self.mark(), self.mark()
        task = self.enqueue(WAITS_FOR_TERM.format(mark=mark, pid=pid_file))
        pid = int(wait_for_text(pid_file))
        time.sleep(3)
        self.server.call("tasks.stop", task=task, status_reason="benchmark")
        asked = time.time()
        while os.path.exists(f"/proc/{pid}") and time.time() - asked < LIMIT:
            time.sleep(0.005)
        died = time.time()
        told = os.path.exists(mark)
        self.gateway.wait(lambda: processes(str(self.home), task) == [], 60, f"the end of {task}")
        if told:
            with open(mark) as file:
                return float(file.read()) - asked, True
        return died - asked, False

    def idle(self, span):
        """Memory, share of a processor and requests a minute of a daemon that waits."""
        before, used = self.gateway.requests, processor_seconds(self.daemon.pid)
        time.sleep(span)
        share = (processor_seconds(self.daemon.pid) - used) / span
        resident, proportional, _ = memory(self.daemon.pid)
        return resident, proportional, share, (self.gateway.requests - before) * 60 / span

    def volume(self, lines):
        """Seconds for a task with many lines, and the peak of memory of each of the agent's processes and the server."""
        task = self.enqueue(PRINTS_MUCH.format(lines=lines))
        peaks, done = {}, threading.Event()

        def watch():
            while not done.wait(0.05):
                for name, pid in self.kinds(task):
                    try:
                        peaks[name] = max(peaks.get(name, 0), peak(pid))
                    except (OSError, StopIteration):
                        pass

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            self.finish([task], 600)
        finally:
            done.set()
            watcher.join()
        return self.gateway.ended[task] - self.gateway.dequeued[task], peaks

    def kinds(self, task):
        yield "daemon", self.daemon.pid
        yield "embedded server", self.server.facts["pid"]
        for pid in processes("execute", task):
            yield "execute", pid
        for pid in processes("keeper.py", task):
            yield "keeper", pid


def wait_for_text(file):
    deadline = time.time() + LIMIT
    while time.time() < deadline:
        if os.path.exists(file) and os.path.getsize(file):
            with open(file) as text:
                return text.read()
        time.sleep(0.01)
    raise TimeoutError(file)


def measure(agent, options):
    """All figures of one agent, by name."""
    agent.await_daemon()
    warm = [agent.one() for _ in range(options.tasks)]
    figures = {
        "dequeue → first line of user code, warm": [first for first, _ in warm],
        "dequeue → completed, trivial task, warm": [end for _, end in warm],
        COLD: agent.colds(options),
        f"{options.tasks * 2} warm tasks, one worker": [agent.many(options.tasks * 2)],
        "printed line → at the server": agent.delays(),
    }
    stopped, told = agent.stop()
    figures["stop requested → TERM" + ("" if told else " (killed, no TERM)")] = [stopped]
    took, peaks = agent.volume(options.lines)
    figures[f"{options.lines:,} lines, dequeue → completed"] = [took]
    return figures, peaks, agent.idle(options.idle)


def report(ours, theirs, environment, work, options):
    server = Server(ours, environment)
    try:
        server.call("queues.create", name=QUEUE)
        results = []
        for name, command in (("ours", ours), ("python", theirs)):
            with Agent(name, command, server, work) as agent:
                results.append(measure(agent, options))
        own = environment_figures(ours, server, work, options)
    finally:
        server.stop()
    return text(*results, *own, options)


def environment_figures(ours, server, work, options):
    """Cold starts with uv in place of pip, by name, and the restored environment."""
    uv = {}
    variants = (("uv fetched, too", "uv-fetched", {}), ("uv installed", "uv", environments.path_with(environments.uv_program())))
    for title, name, variables in variants:
        with Agent(name, ours, server, work, settings=WITH_UV, variables=variables) as agent:
            agent.await_daemon()
            uv[title] = agent.colds(options)
    with Agent("restoring", ours, server, work) as agent:
        agent.await_daemon()
        return uv, environments.restoring(agent, options.tasks)


def text(ours, theirs, uv, restored, options):
    rows = []
    for (title, own), (other_title, other) in zip(ours[0].items(), theirs[0].items()):
        note = other_title.removeprefix(title)
        ratio = statistics.median(own) / statistics.median(other)
        rows.append(row([title, f"{ratio:.2f}", spread(own), spread(other) + note]))
    for title, own in uv.items():
        ratio = statistics.median(own) / statistics.median(theirs[0][COLD])
        rows.append(row([f"the same, {title}; Python's with pip", f"{ratio:.2f}", spread(own), spread(theirs[0][COLD])]))
    idle = [
        row([name, f"{own:{form}} {unit}", f"{other:{form}} {unit}"])
        for name, form, unit, own, other in zip(
            ("resident", "proportional", "processor", "requests a minute"),
            (".0f", ".0f", ".2%", ".0f"),
            ("MiB", "MiB", "", ""),
            ours[2],
            theirs[2],
        )
    ]
    names = ("daemon", "execute", "keeper", "embedded server")
    peaks = [row([name, *(f"{own[name]:.0f} MiB" if name in own else "–" for own in (ours[1], theirs[1]))]) for name in names]
    return (
        table(["from → to", "ratio", "ours", "Python's"], rows)
        + environments.restoring_text(*restored, spread)
        + f"Memory at its peak during {options.lines:,} lines:\n\n"
        + table(["process", "ours", "Python's"], peaks)
        + f"A daemon that waits, {options.idle} s after all this:\n\n"
        + table(["", "ours", "Python's"], idle)
    )


def spread(values):
    if len(values) == 1:
        return f"{values[0]:.2f} s"
    return f"{statistics.median(values):.2f} s ({min(values):.2f}–{max(values):.2f})"
