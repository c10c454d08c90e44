#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client in Python, as an ERP system could use it: submits the documents named on
the command line, waits, and prints one line of invoice data for each.

It needs pyzmq (Debian: python3-zmq) and speaks the protocol of docai-protocol(7)
itself. All documents are submitted first, so that they are read side by side.
"""
import json
import os
import sys

import zmq

TAG = b"DOCAI1"
FINAL = ("complete", "partial", "failed", "cancelled")
FIELDS = ("VendorName", "InvoiceId", "InvoiceDate", "InvoiceTotal")
TIMEOUT_MS = 30000


class Refused(Exception):
    """The daemon answered ERROR."""

    def __init__(self, header):
        super().__init__("%s (%s)" % (header["text"], header["code"]))
        self.code = header["code"]


def endpoint():
    """Where the daemon listens, as docai-protocol(7) says."""
    if os.environ.get("DOCAI_ENDPOINT"):
        return os.environ["DOCAI_ENDPOINT"]
    if os.getuid() == 0:
        folder = "/run/docai"
    elif os.environ.get("XDG_RUNTIME_DIR"):
        folder = os.path.join(os.environ["XDG_RUNTIME_DIR"], "docai")
    else:
        folder = "/tmp/docai-%d" % os.getuid()
    return "ipc://%s/client.sock" % (folder if os.path.exists(folder + "/client.sock") else "/run/docai")


class Client:
    """A connection to the daemon."""

    def __init__(self):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint())
        self.seq = 0
        self.ended = {}  # job to its last event
        welcome, _ = self.ask("HELLO", "WELCOME", client="erp example")
        self.inline_max = welcome["inline_max"]

    def send(self, name, header, data=None):
        """Sends one message."""
        frames = [TAG, name.encode(), json.dumps(header).encode()]
        self.socket.send_multipart(frames if data is None else frames + [data])

    def receive(self, timeout_ms=TIMEOUT_MS):
        """The next message: name, header, data. Notes jobs that end."""
        if not self.socket.poll(timeout_ms):
            raise TimeoutError("no answer from the daemon")
        frames = self.socket.recv_multipart()
        if len(frames) not in (3, 4) or frames[0] != TAG:
            raise ValueError("not a message of docai")
        name, header = frames[1].decode(), json.loads(frames[2])
        if name == "EVENT" and header["state"] in FINAL:
            self.ended[header["job"]] = header
        return name, header, frames[3] if len(frames) == 4 else None

    def answer(self, seq):
        """The next answer to a request; events before it are noted."""
        while True:
            name, header, data = self.receive()
            if name == "EVENT" or header.get("seq") != seq:
                continue
            if name == "ERROR":
                raise Refused(header)
            return name, header, data

    def ask(self, name, expected, **header):
        """Sends a request and returns header and data of its answer."""
        self.seq += 1
        self.send(name, dict(header, seq=self.seq))
        answer, header, data = self.answer(self.seq)
        if answer != expected:
            raise ValueError("%s was answered by %s" % (name, answer))
        return header, data

    def submit(self, path, **options):
        """Submits a file and returns its job's id. Its end will be told by an event."""
        with open(path, "rb") as handle:
            content = handle.read()
        self.seq += 1
        seq = self.seq
        header = {"seq": seq, "name": os.path.basename(path), "size": len(content), "options": options, "follow": True}
        self.send("SUBMIT", header, content if len(content) <= self.inline_max else None)
        offset = 0
        while True:
            name, header, _ = self.answer(seq)
            if name == "ACCEPTED":
                return header["job"]
            limit = min(header["offset"], len(content))  # CREDIT
            while offset < limit:
                part = content[offset:min(offset + self.inline_max, limit)]
                self.send("CHUNK", {"seq": seq, "offset": offset}, part)
                offset += len(part)

    def wait(self, job):
        """Waits until the job has ended and returns its last event. A program that
        runs for long would also notice a daemon that restarts, and FOLLOW again."""
        while job not in self.ended:
            self.receive(timeout_ms=None)
        return self.ended[job]

    def result(self, job):
        """The result of an ended job."""
        content, size = b"", None
        while size is None or len(content) < size:
            header, data = self.ask("RESULT", "DATA", job=job, format="json", offset=len(content))
            content, size = content + data, header["size"]
        return json.loads(content)


def field_value(result, name):
    """A field's value, or ? where it is missing or was not found on the page: what is
    not grounded must be looked at by a person."""
    field = result["fields"].get(name)
    return field["value"] if field and field["grounded"] else "?"


def main():
    """Submits all, then waits for one after the other."""
    client, status = Client(), 0
    jobs = []
    for path in sys.argv[1:]:
        try:
            jobs.append((path, client.submit(path, profile="invoice")))
        except (OSError, Refused) as error:
            print("%s: %s" % (path, error), file=sys.stderr)
            status = 65
    for path, job in jobs:
        if client.wait(job)["state"] == "cancelled":
            print(path, "cancelled", sep="\t")
            status = 75
            continue
        result = client.result(job)
        if result["status"] == "failed":
            print(path, "failed", result["error"]["text"], sep="\t")
            status = 65
        else:
            print(path, result["status"], *(field_value(result, name) for name in FIELDS), sep="\t")
    return status


if __name__ == "__main__":
    sys.exit(main())
