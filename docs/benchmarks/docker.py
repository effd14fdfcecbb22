#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Docker mode of both agents with the same engine and image and writes docker-results.md; see README.md."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import agents  # noqa: E402
import tasks  # noqa: E402

FOLDER = Path(__file__).resolve().parent
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
CACHES = ("venvs-cache", "cache", "pip-download-cache", "pip-cache", "vcs-cache")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--image", required=True, help="an image with Python, pip and git that the engine has")
    arguments.add_argument("--archive", help="our archive; the one that ./build made unless given")
    arguments.add_argument("--tasks", type=int, default=5, help="how many warm tasks each agent runs")
    arguments.add_argument("--output", type=Path, default=FOLDER / "docker-results.md")
    options = arguments.parse_args()
    archive = options.archive or next((FOLDER.parents[1] / "distribution" / "target").glob("clearml-agent-*.tar.gz"))
    theirs = agents.python_agent()
    with tempfile.TemporaryDirectory(prefix="clearml-agent-benchmarks-") as folder:
        work = Path(folder)
        environment = agents.clean_environment(work / "home")
        ours = agents.installed(archive, work / "installation")
        agents.make_caches(ours, environment)
        subprocess.run([ours, "run"], env=environment | {"CLEARML_AGENT_AOT": "make"}, stdout=sys.stderr)
        text = report(ours, theirs, environment, work, options)
    options.output.write_text(text)
    print(text)


def settings(home):
    """The machine's network, so that the containers reach the server, and what the Python agent needs of the site's trust."""
    words = ["--network=host", "-v", f"{home}:{home}"]
    bundle = next((os.environ[name] for name in BUNDLES if os.environ.get(name)), None)
    if bundle:
        words += ["-v", f"{bundle}:{bundle}:ro"]
        for name in BUNDLES:
            words += ["-e", f"{name}={bundle}"]
    listed = ", ".join(f'"{word}"' for word in words)
    return f"agent {{ extra_docker_arguments: [{listed}],  docker_install_opencv_libs: false }}\n"


def report(ours, theirs, environment, work, options):
    server = tasks.Server(ours, environment)
    try:
        server.call("queues.create", name=tasks.QUEUE)
        results = [measure(name, command, server, work, options) for name, command in (("ours", ours), ("python", theirs))]
    finally:
        server.stop()
    rows = [
        agents.row([title, f"{statistics.median(own) / statistics.median(other):.2f}", tasks.spread(own), tasks.spread(other)])
        for title, own, other in ((title, own, results[1][0][title]) for title, own in results[0][0].items())
    ]
    rest = [agents.row([f"daemon, {name}", f"{resident:.0f} MiB", f"{share:.0f} MiB"]) for name, (resident, share) in
            (("ours", results[0][1]), ("Python's", results[1][1]))]
    return (
        "# Docker mode\n\nWritten by `docs/benchmarks/docker.py`; README.md says what is measured and how. Median (least–most).\n\n"
        + agents.table(["from → to", "ratio", "ours", "Python's"], rows)
        + "Memory of the daemon after these tasks:\n\n"
        + agents.table(["", "resident", "proportional"], rest)
        + f"## Machine\n\n{agents.machine()}. Load at the end: {os.getloadavg()[0]:.1f}\n"
    )


def measure(name, command, server, work, options):
    with tasks.Agent(
        name, command, server, work, ["--docker", options.image, "--cpu-only"], settings(work / name), {"DOCKER_CONFIG": str(work)}
    ) as agent:
        agent.gateway.wait(lambda: agent.gateway.requests > 0, 60, f"{name}: the first request")
        agent.one()
        warm = [agent.one() for _ in range(options.tasks)]
        cold = []
        for _ in range(2):
            for cache in CACHES:
                shutil.rmtree(agent.home / ".clearml" / cache, ignore_errors=True)
            cold.append(agent.one(tasks.WHEELS)[0])
        resident, proportional, _ = agents.memory(agent.daemon.pid)
        return {
            "dequeue → first line of user code, warm": [first for first, _ in warm],
            "dequeue → completed, trivial task, warm": [end for _, end in warm],
            "dequeue → first line, cold, three small wheels": cold,
        }, (resident, proportional)


if __name__ == "__main__":
    main()
