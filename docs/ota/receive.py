#!/usr/bin/env python3
"""Receives Faultline's webhook and runs a command when a release has to stop, or may go on.

    FAULTLINE_WEBHOOK_SECRET=… ./receive.py 9000 ./hawkbit.sh

The command is run as COMMAND stop|go SOFTWARE VERSION. Its exit code decides about the answer: 0 is 200, anything else 500, and
Faultline posts again later.
"""

import hashlib
import hmac
import http.server
import json
import os
import subprocess
import sys
import time

LARGEST = 4 << 20
OLDEST_SECONDS = 300
SECRET = os.environ["FAULTLINE_WEBHOOK_SECRET"].encode()
COMMAND = sys.argv[2:]
ACTIONS = {"NO_GO": "stop", "PAUSE": "stop", "GO": "go"}
# a post may come twice: the events of the last hours, and what the newest run of a release was, as posts may overtake one another
seen = {}
newest = {}


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > LARGEST:
            return self.answer(413)
        body = self.rfile.read(length)
        timestamp = self.headers.get("X-Faultline-Timestamp", "")
        signed = hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest("sha256=" + signed, self.headers.get("X-Faultline-Signature", "")):
            return self.answer(401)
        if abs(time.time() - int(timestamp)) > OLDEST_SECONDS:
            return self.answer(401)  # somebody replays an old post
        event = json.loads(body)
        run = event["data"]["run"]
        release = (run["gate"], run["software"], run["candidate"])
        if event["id"] in seen or run["id"] < newest.get(release, 0):
            return self.answer(200)
        action = ACTIONS.get(event["data"]["verdict"])
        if action and subprocess.run(COMMAND + [action, run["software"], run["candidate"]]).returncode != 0:
            return self.answer(500)
        seen[event["id"]] = True
        newest[release] = run["id"]
        while len(seen) > 10_000:
            seen.pop(next(iter(seen)))
        return self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


http.server.HTTPServer(("", int(sys.argv[1])), Receiver).serve_forever()
