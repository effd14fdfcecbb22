# SPDX-License-Identifier: Apache-2.0
"""Turns a notebook into a script: notebook.py NOTEBOOK SCRIPT MAGICS

The script is the one that "nbconvert --to python" writes, so that tasks need not install nbconvert. Lines that only IPython
understands become calls of get_ipython(), which MAGICS defines where the task's interpreter is not IPython. Python 3.6 or newer,
standard library alone.
"""

import io
import json
import re
import sys

ASSIGNMENT = re.compile(r"(?P<left>[^=!%#'\"()]*[^=!%#'\"()<>+*/&|^~@:\s-])\s*=\s*(?P<sign>[!%])(?![=%])(?P<rest>.*)", re.DOTALL)
HELP = re.compile(r"(?P<name>%{0,2}(?!\d)[\w*]+(?:\.[\w*]+|\[-?\d+\])*)(?P<marks>\?\??)\s*")
QUESTION = re.compile(r"(?P<marks>\?\??)(?P<name>[^?]*)")


def call(function, *arguments):
    return "get_ipython().%s(%s)" % (function, ", ".join(repr(argument) for argument in arguments))


def magic(text):
    name, _, rest = text.partition(" ")
    return call("run_line_magic", name, rest.strip())


def command(text):
    """One line that begins a statement, or None when it is Python."""
    if text.startswith("!!"):
        return call("getoutput", text[2:].strip())
    if text.startswith("!"):
        return call("system", text[1:].lstrip())
    if text.startswith("?"):
        asked = QUESTION.match(text)
        return call("run_line_magic", "pinfo" + "2" * (len(asked.group("marks")) - 1), asked.group("name").strip())
    asked = HELP.fullmatch(text)
    if asked:
        return call("run_line_magic", "pinfo" + "2" * (len(asked.group("marks")) - 1), asked.group("name"))
    if text.startswith("%"):
        return magic(text[1:])
    assigned = ASSIGNMENT.fullmatch(text)
    if assigned:
        rest = assigned.group("rest").strip()
        value = call("getoutput", rest) if assigned.group("sign") == "!" else magic(rest)
        return assigned.group("left") + " = " + value
    return None


class Statements:
    """Follows Python far enough to know whether the next line begins a statement."""

    def __init__(self):
        self.depth = 0
        self.quote = ""
        self.continued = False

    def begins(self):
        return not (self.depth or self.quote or self.continued)

    def read(self, line):
        self.continued = False
        at = 0
        while at < len(line):
            rest = line[at:]
            if self.quote:
                if rest[0] == "\\":
                    at += 2
                elif rest.startswith(self.quote):
                    at += len(self.quote)
                    self.quote = ""
                else:
                    at += 1
                continue
            if rest[0] == "#":
                break
            if rest[0] in "'\"":
                self.quote = rest[:3] if rest[:3] in ("'''", '"""') else rest[0]
                at += len(self.quote)
                continue
            self.depth += (rest[0] in "([{") - (rest[0] in ")]}")
            self.continued = rest == "\\"
            at += 1
        if len(self.quote) == 1 and not line.endswith("\\"):
            self.quote = ""  # a string of one line that has no end is the interpreter's to report
        self.depth = max(self.depth, 0)


def converted(source):
    lines = source.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    if lines and lines[0].startswith("%%") and not HELP.fullmatch(lines[0].strip()):
        name, _, rest = lines[0][2:].rstrip().partition(" ")
        return call("run_cell_magic", name, rest, "\n".join(lines[1:]).rstrip("\n") + "\n")
    result = []
    statements = Statements()
    while lines:
        line = lines.pop(0)
        text = line.lstrip()
        if statements.begins() and text:
            joined = [text]
            rest = list(lines)
            while joined[-1].endswith("\\") and rest:
                joined[-1] = joined[-1][:-1]
                joined.append(rest.pop(0))
            found = command(" ".join(joined).rstrip())
            if found is not None:
                result.append(line[: len(line) - len(text)] + found)
                lines = rest
                continue
        statements.read(line)
        result.append(line)
    return "\n".join(result)


def text_of(cell):
    source = cell.get("source", cell.get("input", ""))
    text = source if isinstance(source, str) else "".join(source)
    return text[:-1] if text.endswith("\n") else text


def commented(text):
    return "\n".join("# " + line for line in text.split("\n"))


def cells_of(notebook):
    if "cells" in notebook:
        return notebook["cells"]
    return [cell for sheet in notebook.get("worksheets", []) for cell in sheet.get("cells", [])]


def language_of(notebook):
    metadata = notebook.get("metadata", {})
    name = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language") or "python"
    return name.lower()


def with_magics(code, magics):
    """Behind imports from __future__, which must stay first."""
    lines = code.split("\n")
    after = max([at + 1 for at, line in enumerate(lines) if line.startswith("from __future__ ")], default=0)
    return "\n".join(lines[:after] + [magics.rstrip("\n"), ""] + lines[after:])


def script_of(notebook, magics):
    parts = ["#!/usr/bin/env python\n# coding: utf-8\n\n"]
    defined = False
    for cell in cells_of(notebook):
        source = text_of(cell)
        if cell.get("cell_type") == "code":
            count = cell.get("execution_count", cell.get("prompt_number"))
            code = converted(source)
            if not defined and "get_ipython()" in code:
                code = with_magics(code, magics)
                defined = True
            parts.append("# In[%s]:\n\n\n%s\n\n\n" % (" " if count is None else count, code))
        else:
            parts.append(commented(source) + "\n\n")
    return "".join(parts)


def main(source, target, magics):
    try:
        with io.open(source, encoding="utf-8-sig") as file:
            notebook = json.load(file)
        if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
            raise ValueError("it has no cells")
        if "python" not in language_of(notebook):
            raise ValueError("its language is '%s', not Python" % language_of(notebook))
    except (OSError, ValueError) as error:
        sys.exit("'%s' is not a notebook that can be run: %s" % (source, error))
    with io.open(magics, encoding="utf-8") as file:
        definitions = file.read()
    with io.open(target, "w", encoding="utf-8", newline="\n") as file:
        file.write(script_of(notebook, definitions))


if __name__ == "__main__":
    main(*sys.argv[1:])
