# SPDX-License-Identifier: Apache-2.0
"""Compares what the Python agent's own loader makes of many files with the JSON that we made of each, all in one process.

Usage: compare.py FOLDER. FOLDER holds empty.conf, and NAME.conf with NAME.json, or without it where we refused the file.
"""
import contextlib
import io
import json
import os
import sys

from clearml_agent.external.pyhocon import ConfigFactory
from clearml_agent.session import Session

# What the loader fills in or writes in another form by what it finds on the machine.
COMPLETED = {
    "api.host", "agent.default_python", "agent.worker_name", "agent.cuda_version", "agent.cudnn_version"
}


def plain(value):
    if isinstance(value, dict):
        return {str(key).strip('"'): plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    return None if type(value).__name__ == "NoneValue" else value


def loaded(path):
    """The whole configuration, with all defaults, as the command config prints it before it masks secrets."""
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        return plain(Session(only_load_config=True, config_file=path).config.to_dict())


def same(left, right):
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def differences(theirs, ours, defaults, path):
    """In the keys that we read, and in those that they have and the defaults have not."""
    if path in COMPLETED:
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(set(theirs) | set(ours)):
            below = f"{path}.{key}" if path else key
            default = defaults.get(key) if isinstance(defaults, dict) else None
            if key not in ours:
                if not same(theirs[key], default) and below not in COMPLETED:
                    yield f"{below}: {theirs[key]!r} is not here"
            elif key not in theirs:
                yield f"{below}: {ours[key]!r} is not there"
            else:
                yield from differences(theirs[key], ours[key], default, below)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for index, (first, second) in enumerate(zip(theirs, ours)):
            yield from differences(first, second, None, f"{path}.{index}")
    elif not same(theirs, ours):
        yield f"{path}: {theirs!r} is {ours!r} here"


def compared(name, defaults):
    rendered = name[: -len("conf")] + "json"
    try:
        theirs = loaded(name)
    except (Exception, SystemExit):
        return ["is refused by the Python agent"] if os.path.exists(rendered) else []
    if not os.path.exists(rendered):
        return ["is refused here"]
    with open(rendered, encoding="utf-8") as stream:
        ours = json.load(stream, strict=False)
    again = plain(ConfigFactory.parse_file(rendered))
    return list(differences(theirs, ours, defaults, "")) + [
        "read back: " + difference for difference in differences(again, ours, None, "")
    ]


os.chdir(sys.argv[1])
empty = loaded("empty.conf")
for file in sorted(os.listdir(".")):
    if file.endswith(".conf") and file != "empty.conf":
        for found in compared(file, empty):
            print(f"{file[:-5]}: {found}")
