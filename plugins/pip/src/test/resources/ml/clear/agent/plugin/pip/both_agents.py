# SPDX-License-Identifier: Apache-2.0
"""Answers which packages pip would install, asked as our agent does or as the Python agent does; nothing is installed.

Reads a JSON object a line and writes one: {"pip": arguments} runs pip, {"agent": text} the Python agent's own classes on the text
of a requirements file. Both run in "folder".
"""

import contextlib
import copy
import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import types
import warnings

import pip
from clearml_agent.commands.worker import Worker
from clearml_agent.config import get_config
from clearml_agent.definitions import PIP_EXTRA_INDICES
from clearml_agent.external.pyhocon import ConfigFactory
from clearml_agent.helper.package.external_req import ExternalRequirements
from clearml_agent.helper.package.pip_api.system import SystemPip
from clearml_agent.helper.package.pip_api.venv import VirtualenvPip
from clearml_agent.helper.package.requirements import RequirementsManager
from pip._internal.cli.main import main as run_pip

WHEELS = sys.argv[1]


def local(text):
    """The files of one host are those of a folder; pip has nothing like git's insteadOf."""
    return re.sub(r"https://packages\.invalid/(?=\S+\.whl)", "file://" + WHEELS + "/", text)


def described(item):
    """A package of pip's report; where it comes from only if that is no index."""
    source = item["download_info"]
    words = [item["metadata"]["version"]]
    if item["is_direct"]:
        if "vcs_info" in source:
            words += [source["url"], source["vcs_info"]["commit_id"], source.get("subdirectory", "")]
        elif "dir_info" in source:
            words += [source["url"], "editable" if source["dir_info"].get("editable") else "folder"]
        else:
            words.append(os.path.basename(source["url"]))
    return " ".join(words).strip()


def install(arguments, folder):
    """The exit code of pip, what it would install, and what it says."""
    with tempfile.TemporaryDirectory() as temporary:
        words = []
        for word in arguments:
            if words and words[-1] == "-r":
                own = os.path.join(temporary, "requirements.txt")
                with open(os.path.join(folder, word), encoding="utf-8") as lines, open(own, "w", encoding="utf-8") as to:
                    to.write(local(lines.read()))
                word = own
            words.append(local(word))
        report = os.path.join(temporary, "report.json")
        options = ["--dry-run", "--ignore-installed", "--no-build-isolation", "--report", report, "--find-links", WHEELS]
        output = io.StringIO()
        os.chdir(folder)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                code = run_pip(["install", "--no-index", "--disable-pip-version-check", *options, *words])
            except SystemExit as end:  # arguments that it cannot read
                code = end.code
        packages = {}
        if code == 0 and os.path.exists(report):
            with open(report, encoding="utf-8") as stream:
                items = json.load(stream)["install"]
            packages = {re.sub(r"[-_.]+", "-", item["metadata"]["name"]).lower(): described(item) for item in items}
        return code, packages, output.getvalue()


class Asked(VirtualenvPip):
    """The Python agent's pip, which installs nothing."""

    def run_with_env(self, command, output=False, **_):
        if output:
            return ""
        words = [str(word) for word in command]
        folder = str(self.cwd)
        self.indexes += [after for word, after in zip(words, words[1:]) if word.endswith("index-url")]
        code, packages, said = install(words[1:], folder)
        if code:
            self.said.append(said)
            raise subprocess.CalledProcessError(code, words)
        self.packages.update(packages)
        return 0


def download(_, command, **__):
    """Addresses are downloaded before, into a folder of the agent's."""
    words = [str(word) for word in command]
    target = words[words.index("--dest") + 1]
    shutil.copy(os.path.join(WHEELS, os.path.basename(words[1].partition("#")[0])), target)


SystemPip.run_with_env = download


def configuration():
    default = os.path.join(os.path.dirname(sys.modules["clearml_agent"].__file__), "backend_api/config/default/agent.conf")
    config = ConfigFactory.from_dict({"agent": ConfigFactory.parse_file(default)})
    config.put("agent.cuda_version", 0)
    config.put("agent.cudnn_version", 0)
    return config


CONFIGURATION = configuration()


def session(cache):
    config = copy.deepcopy(CONFIGURATION)
    config.put("agent.pip_download_cache.path", cache)
    return types.SimpleNamespace(config=config, debug_mode=False, get_logger=logging.getLogger)


def as_python_agent(text, folder, own_list):
    with tempfile.TemporaryDirectory() as temporary:
        settings = session(os.path.join(temporary, "cache"))
        PIP_EXTRA_INDICES.clear()
        manager = RequirementsManager(settings)
        for substitution in Worker._requirement_substitutions:
            manager.register(substitution)
        asked = Asked(session=settings, python=sys.executable, requirements_manager=manager, path=temporary)
        asked.cwd, asked.packages, asked.indexes, asked.said = folder, {}, [], []
        asked.set_selected_package_manager()
        asked._add_legacy_resolver_flag(pip.__version__)
        ExternalRequirements.cwd = folder
        manager.set_cwd(folder)
        error = ""
        try:
            if own_list:
                asked.load_requirements({"pip": text})
            else:
                lines = os.path.join(temporary, "requirements.txt")
                with open(lines, "w", encoding="utf-8") as stream:
                    stream.write(manager.replace(text))
                asked.install_from_file(lines)
                manager.post_install(settings, package_manager=asked)
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
        return {
            "error": error,
            "packages": {} if error else asked.packages,
            "indexes": sorted(set(asked.indexes)),
            "said": "\n".join(asked.said),
        }


def answer(question):
    folder = question["folder"]
    if "pip" in question:
        code, packages, said = install(question["pip"], folder)
        return {"exit": code, "packages": packages, "said": said}
    with contextlib.redirect_stdout(sys.stderr):
        return as_python_agent(question["agent"], folder, question["own_list"])


def main():
    warnings.simplefilter("ignore")
    get_config()["command"] = types.SimpleNamespace(log=logging.info, error=logging.error)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what programs print that pip starts
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


main()
