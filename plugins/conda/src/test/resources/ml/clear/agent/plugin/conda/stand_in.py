#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for conda, mamba and micromamba, which package indexes do not offer.

It accepts the command lines that the agent uses and no others, answers with the messages of the real programs, and makes
environments with records but without packages. Beside it, "versions" holds the version that it claims to be, "lacks" the names
that its channels do not have, "elsewhere" the names that they have for other systems, and "log" gets each command line.
"""
import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
NAME = os.path.basename(sys.argv[0])


def words(file):
    path = os.path.join(HERE, file)
    return open(path).read().split() if os.path.exists(path) else []


def version():
    return dict(pair.split("=") for pair in words("versions")).get(NAME, "24.1.2")


OWN = NAME == "micromamba" or (NAME == "mamba" and not version().startswith("1."))


def parse(arguments):
    parser = argparse.ArgumentParser(prog=NAME)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--file", required=True)
    parser.add_argument("--yes" if OWN else "--quiet", action="store_true", required=True)
    return parser.parse_args(arguments)


def search(arguments):
    parser = argparse.ArgumentParser(prog=NAME)
    parser.add_argument("--override-channels", action="store_true", required=True)
    parser.add_argument("--channel", action="append", required=True)
    parser.add_argument("--platform" if OWN else "--subdir", required=True)
    parser.add_argument("name")
    wanted = parser.parse_args(arguments)
    found = wanted.name in words("elsewhere") and not (wanted.platform if OWN else wanted.subdir).startswith("linux")
    if OWN:
        print("found" if found else "No entries matching")
        return 0
    return 0 if found else 1


def lacking(names):
    if OWN:
        print("error    libmamba Could not solve for environment specs", file=sys.stderr)
        print("    The following packages are incompatible", file=sys.stderr)
        for name in names:
            print("    ├─ %s =* * does not exist (perhaps a typo or a missing channel);" % name, file=sys.stderr)
    else:
        print("PackagesNotFoundError: The following packages are not available from current channels:\n", file=sys.stderr)
        for name in names:
            print("  - %s==1.0" % name, file=sys.stderr)
        print("\nCurrent channels:\n\n  - https://channel.invalid/linux-64\n", file=sys.stderr)
    return 1


def environment(arguments, keep):
    wanted = parse(arguments)
    if os.path.exists(wanted.prefix) != keep:
        print("CondaValueError: prefix already exists: " + wanted.prefix, file=sys.stderr)
        return 1
    with open(wanted.file) as file:
        description = json.load(file)
    with open(os.path.join(HERE, "description.json"), "w") as file:
        json.dump(description, file)
    names = [spec.split("::")[-1].split()[0] for spec in description["dependencies"]]
    lacks = [name for name in names if name in words("lacks")]
    if lacks:
        return lacking(lacks)
    os.makedirs(os.path.join(wanted.prefix, "conda-meta"), exist_ok=True)
    os.makedirs(os.path.join(wanted.prefix, "bin"), exist_ok=True)
    for name in names:
        open(os.path.join(wanted.prefix, "conda-meta", name + "-1.0-0.json"), "w").write("{}")
    python = os.path.join(wanted.prefix, "bin", "python")
    if not os.path.exists(python):
        os.symlink(os.path.realpath(sys.executable), python)
    return 0


def main(arguments):
    with open(os.path.join(HERE, "log"), "a") as log:
        log.write(" ".join([NAME] + arguments) + "\n")
    if arguments == ["--version"]:
        print(version() if OWN else "%s %s" % (NAME, version()))
        return 0
    if arguments == ["info", "--base"] and not OWN:
        print(os.path.join(HERE, "base"))
        return 0
    if arguments[0] == "search":
        return search(arguments[1:])
    if OWN and arguments[0] in ("create", "install"):
        return environment(arguments[1:], arguments[0] == "install")
    if not OWN and arguments[:2] in (["env", "create"], ["env", "update"]):
        return environment(arguments[2:], arguments[1] == "update")
    print("unknown command line", file=sys.stderr)
    return 2


sys.exit(main(sys.argv[1:]))
