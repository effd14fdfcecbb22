# SPDX-License-Identifier: Apache-2.0
"""Compares what the Python parser makes of a.conf with the JSON that we made of it, and reads that JSON back."""
import json
import sys

from pyhocon import ConfigFactory


def plain(value):
    if isinstance(value, dict):
        return {key.strip('"'): plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return None if type(value).__name__ == "NoneValue" else value


def differences(left, right, path):
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(set(left) | set(right)):
            if key in left and key in right:
                yield from differences(left[key], right[key], f"{path}.{key}")
            else:
                yield f"{path}.{key} only in {'the first' if key in left else 'the second'}"
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (first, second) in enumerate(zip(left, right)):
            yield from differences(first, second, f"{path}.{index}")
    elif left != right or type(left) is not type(right):
        yield f"{path}: {left!r} is not {right!r}"


source, rendered = sys.argv[1:]
with open(rendered, encoding="utf-8") as stream:
    ours = json.load(stream, strict=False)
for difference in differences(plain(ConfigFactory.parse_file(source)), ours, "read"):
    print(difference)
for difference in differences(ours, plain(ConfigFactory.parse_file(rendered)), "read back"):
    print(difference)
