# SPDX-License-Identifier: Apache-2.0
"""Both agents, ready to be measured, and what is known of processes and the machine."""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import venv
from pathlib import Path

PYTHON_PACKAGES = ("clearml-agent==3.0.3", "clearml==2.1.12")
# What would make one of the two faster or slower than it is for a user.
UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME")


def cache_folder():
    """What is installed once for all runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clearml-agent-benchmarks"


def python_agent():
    """The command of the Python agent, installed once into a virtual environment of ours."""
    place = cache_folder() / ("python-" + PYTHON_PACKAGES[0].split("==")[1])
    if not (place / "bin" / "clearml-agent").exists():
        print("installing " + " ".join(PYTHON_PACKAGES) + " …", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        subprocess.run([place / "bin" / "pip", "install", "--quiet", *PYTHON_PACKAGES], check=True, stdout=sys.stderr)
    return place / "bin" / "clearml-agent"


def installed(archive, where):
    """Unpack our archive and make its start-up caches, as an installation does; the command."""
    where.mkdir()
    subprocess.run(["tar", "-xzf", archive, "-C", where, "--strip-components=1"], check=True)
    return where / "bin" / "clearml-agent"


def make_caches(agent, environment):
    for command in ("config", "daemon", "server"):
        subprocess.run([agent, command], env=environment | {"CLEARML_AGENT_AOT": "make"}, check=True, stdout=sys.stderr)


def clean_environment(home):
    """The variables of the measuring user, without what concerns the agents, and with another home folder."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in UNSET and not key.startswith(("CLEARML_", "TRAINS_"))
    }
    return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}


def memory(pid):
    """Resident and proportional memory of a process, and its peak, in MiB."""
    facts = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in facts[1:] if ":" in line}
    return kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024, peak(pid)


def peak(pid):
    return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith("VmHWM")) / 1024


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def processes(*words):
    """Ids of the processes whose command line holds all of these words."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if all(word in line for word in words):
                found.append(int(entry.name))
    return found


def machine():
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith(("model name", "CPU part"))),
        platform.machine(),
    )
    total = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    return (
        f"{os.cpu_count()} cores ({model}), {total / 1048576:.0f} GiB,"
        f" Linux {platform.release()}, Python {platform.python_version()}"
    )


def seconds(values):
    return f"{statistics.median(values):.2f} s ({min(values):.2f}–{max(values):.2f})"


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def table(titles, rows):
    return row(titles) + row(["---"] * len(titles)) + "".join(rows) + "\n"
