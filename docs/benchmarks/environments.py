# SPDX-License-Identifier: Apache-2.0
"""Environments of this agent: built with uv, and restored from the cache beside `cp -al`."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

from agents import cache_folder, row, table

UV = "uv==0.13.9"
FOLDERS, FILES_EACH = 160, 50


def uv_program():
    """An installed uv, in a virtual environment of ours that is made once."""
    place = cache_folder() / UV.replace("==", "-")
    if not (place / "bin" / "uv").exists():
        print(f"installing {UV} …", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        subprocess.run([place / "bin" / "pip", "install", "--quiet", UV], check=True, stdout=sys.stderr)
    return place / "bin" / "uv"


def path_with(program):
    return {"PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def wheel(folder):
    """A package of many files."""
    folder.mkdir(parents=True, exist_ok=True)
    information = "manyfiles-1.0.dist-info"
    files = {
        f"manyfiles/part{part}/file{number}.txt": f"{part} {number}\n" * 100
        for part in range(FOLDERS)
        for number in range(FILES_EACH)
    }
    files["manyfiles/__init__.py"] = ""
    files[f"{information}/METADATA"] = "Metadata-Version: 2.1\nName: manyfiles\nVersion: 1.0\n"
    files[f"{information}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{information}/RECORD"] = "".join(f"{name},,\n" for name in files) + f"{information}/RECORD,,\n"
    with zipfile.ZipFile(folder / "manyfiles-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)


def restoring(agent, runs):
    """Files of an environment, seconds in which tasks get it from the cache, and seconds of `cp -al`, in turn."""
    wheels = agent.home / "wheels"
    wheel(wheels)
    requirements = ["--no-index", f"--find-links {wheels}", "manyfiles==1.0"]
    entries = agent.home / ".clearml/venvs-cache/v1/entries"
    before = set(entries.glob("*"))
    agent.one(requirements)
    kept = next(iter(set(entries.glob("*")) - before)) / "environment"
    files = sum(len(names) for _, _, names in os.walk(kept))
    ours, linking = [], []
    for number in range(runs):
        agent.one(requirements)
        ours.append(environment_step(agent))
        target = agent.home / f"linked-{number}"
        start = time.perf_counter()
        subprocess.run(["cp", "-al", kept, target], check=True)
        linking.append(time.perf_counter() - start)
        shutil.rmtree(target)
    return files, ours, linking


def environment_step(agent):
    """Seconds of the last task's step, as its console names them."""
    console = Path(agent.log.name).read_text(errors="replace")
    return float(re.findall(r"^environment +([0-9.]+) s", console, re.MULTILINE)[-1])


def restoring_text(files, ours, linking, spread):
    ratio = statistics.median(ours) / statistics.median(linking)
    title = f"environment of {files:,} files from the cache"
    return table(["", "ratio", "ours", "`cp -al`"], [row([title, f"{ratio:.2f}", spread(ours), spread(linking)])])
