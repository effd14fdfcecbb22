# SPDX-License-Identifier: Apache-2.0
"""Adds Task.init() to a script, behind its documentation and its imports from __future__. Python 3.6 or newer."""

import ast
import re
import sys

LINE = b"from clearml import Task; (__name__ != '__main__') or Task.init()"


def belongs_to_the_head(statement):
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    if not isinstance(statement, ast.Expr):
        return False
    text = statement.value.value if hasattr(statement.value, "value") else getattr(statement.value, "s", None)
    return isinstance(text, str)


def place(tree, lines):
    """How many lines stay above the new one."""
    head = 0
    while head < len(tree.body) and belongs_to_the_head(tree.body[head]):
        head += 1
    if head:
        last = tree.body[head - 1]
        end = getattr(last, "end_lineno", None)
        if end is None:
            end = tree.body[head].lineno - 1 if head < len(tree.body) else len(lines)
        return end
    top = 1 if lines and lines[0].startswith(b"#!") else 0
    while top < min(2, len(lines)) and re.match(rb"[ \t\f]*#.*?coding[:=]", lines[top]):
        top += 1  # the encoding counts in the first two lines alone
    return top


def main(path):
    with open(path, "rb") as file:
        source = file.read()
    tree = ast.parse(source, path)
    lines = source.splitlines(True)
    if any(line.strip() == LINE for line in lines):
        print("Task.init() is in the script already")
        return
    at = place(tree, lines)
    if at and not lines[at - 1].endswith((b"\n", b"\r")):
        lines[at - 1] += b"\n"
    end = b"\r\n" if lines and lines[0].endswith(b"\r\n") else b"\n"
    mark = b""
    if at == 0 and lines and lines[0].startswith(b"\xef\xbb\xbf"):
        mark, lines[0] = lines[0][:3], lines[0][3:]
    lines.insert(at, mark + LINE + end)
    with open(path, "wb") as file:
        file.write(b"".join(lines))
    print("adding Task.init() to the script, behind line %d" % at)


main(sys.argv[1])
