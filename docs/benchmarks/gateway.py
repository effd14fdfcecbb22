# SPDX-License-Identifier: Apache-2.0
"""Stands between an agent and the server: passes everything on and notes when which answer came."""

import http.client
import http.server
import json
import re
import socket
import threading
import time
from urllib.parse import urlsplit

ENDS = {"tasks.completed", "tasks.failed", "tasks.stopped"}
PRINTED = re.compile(rb"printed at (\d+\.\d+)")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Gateway:
    """What agents did, by the clock of this machine, which is the tasks' too."""

    def __init__(self, server):
        target = urlsplit(server)
        self.requests = 0
        self.dequeued = {}
        self.ended = {}
        self.delays = []
        self.changed = threading.Condition()
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                self.upstream = http.client.HTTPConnection(target.hostname, target.port, timeout=120)
                self.upstream.connect()
                self.upstream.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def finish(self):
                self.upstream.close()
                super().finish()

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {key: value for key, value in self.headers.items() if key.lower() not in HOP_BY_HOP}
                self.upstream.request(self.command, self.path, body, headers)
                answer = self.upstream.getresponse()
                content = answer.read()
                gateway.note(self.path.rsplit("/", 1)[-1], body, content)
                self.send_response_only(answer.status, answer.reason)
                for key, value in answer.getheaders():
                    if key.lower() not in HOP_BY_HOP:
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def note(self, method, body, content):
        now = time.time()
        with self.changed:
            self.requests += 1
            if method == "queues.get_next_task":
                task = (json.loads(content)["data"].get("entry") or {}).get("task")
                if task:
                    self.dequeued[task] = now
            elif method in ENDS:
                self.ended.setdefault(json.loads(body)["task"], now)
            elif method == "events.add_batch":
                self.delays += [now - float(moment) for moment in PRINTED.findall(body)]
            self.changed.notify_all()

    def wait(self, condition, limit, what):
        with self.changed:
            if not self.changed.wait_for(condition, limit):
                raise TimeoutError(f"{what}: not within {limit} s")
