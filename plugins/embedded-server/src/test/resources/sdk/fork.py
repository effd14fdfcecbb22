# SPDX-License-Identifier: Apache-2.0
"""Asks in two processes that share a session over a fork, as the SDK does; each must get its own answers."""
import os
import sys
import time

import requests

address = sys.argv[1] + "/debug.ping"


def own_answers(session, name, start):
    while time.monotonic() < start:
        pass
    for number in range(3):
        question = {"who": name, "number": number}
        try:
            answer = session.post(address, json=question, timeout=5).json()["data"]
        except (requests.RequestException, ValueError) as error:
            answer = {"error": str(error)}
        if {key: answer.get(key) for key in question} != question:
            print("%s asked %s and was told %s" % (name, question, answer), flush=True)
            return 1
    return 0


failures = 0
for _ in range(100):
    shared = requests.Session()
    shared.headers.update(dict(header.split(":", 1) for header in sys.argv[2:]))
    shared.get(address)  # leaves an idle connection, where the server keeps it
    moment = time.monotonic() + 0.02
    child = os.fork()
    if child == 0:
        os._exit(own_answers(shared, "child", moment))
    failures += own_answers(shared, "parent", moment)
    _, status = os.waitpid(child, 0)
    failures += status != 0
if failures:
    raise SystemExit("%d processes did not get their own answers" % failures)
print("all values are the same")
