# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that break the protocol cost their sender an ERROR and nobody else
anything; peers that vanish or do not read neither."""
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import zmq
from wire import SANITIZED, Client, Daemon, Refused, document, main, until


def still_works(daemon):
    client = daemon.client()
    assert client.wait(client.submit(document(1)))["state"] == "complete"
    assert daemon.process.poll() is None


def malformed_messages():
    cases = [
        [b""], [b"DOCAI1"], [b"DOCAI1", b"PING"], [b"DOCAI2", b"PING", b'{"seq":1}'],
        [b"GET / HTTP/1.1\r\n"], [b"DOCAI1", b"PING", b"{"], [b"DOCAI1", b"PING", b"[" * 100000],
        [b"DOCAI1", b"PING", b'{"seq":-1}'], [b"DOCAI1", b"PING", b'{"seq":1e999}'],
        [b"DOCAI1", b"PING", b'{"seq":99999999999999999999999}'],
        [b"DOCAI1", b"PING", b'{"seq":1}', b"more"], [b"DOCAI1", b"NOTHING", b'{"seq":1}'],
        [b"DOCAI1", b"TASK", b'{"seq":1}'], [b"DOCAI1", b"\xff\xfe\x00", b'{"seq":1}'],
        [b"DOCAI1", b"PING", b'{"seq":1,"x":"' + b"y" * 300000 + b'"}'],
        [b"DOCAI1", b"SUBMIT", b'{"seq":1,"name":"\\u0000","size":1}', b"x"],
        [b"DOCAI1", b"SUBMIT", b'{"seq":1,"name":"a","size":2}', b"x"],
        [b"DOCAI1", b"SUBMIT", b'{"seq":1,"name":"a","size":9223372036854775807}'],
        [b"DOCAI1", b"SUBMIT", b'{"seq":1,"name":"a","size":1,"options":{"pages":7}}', b"x"],
        [b"DOCAI1", b"SUBMIT", b'{"seq":1,"name":"a","size":1,"options":{"profile":"../../x"}}', b"x"],
        [b"DOCAI1", b"RESULT", b'{"seq":1,"job":"../../../../etc"}'],
        [b"DOCAI1", b"RESULT", b'{"seq":1,"job":"0000000000000000","offset":-1}'],
        [b"DOCAI1", b"LIST", b'{"seq":1,"limit":0}'], [b"DOCAI1", b"LIST", b'{"seq":1,"state":"x"}'],
        [b"DOCAI1", b"CANCEL", b'{"seq":1}'], [b"DOCAI1"] * 1000,
    ]
    with Daemon() as daemon:
        for frames in cases:
            client = daemon.client()
            client.socket.send_multipart(frames)
            name, header, _ = client.receive(20)
            assert name == "ERROR" and header["code"] and header["text"], (frames, name, header)
            client.close()
        # A chunk of no upload has no answer, and a frame beyond the limit ends the connection.
        client = daemon.client()
        client.send("CHUNK", b"x", seq=4, offset=0)
        client.socket.send_multipart([b"DOCAI1", b"PING", b"x" * (3 << 20)])
        still_works(daemon)


def random_messages():
    chance = random.Random(7)
    names = [b"HELLO", b"SUBMIT", b"CHUNK", b"LIST", b"FOLLOW", b"RESULT", b"RETRY", b"READY", b"PUT",
             b"DONE", b"FETCH"]
    values = [0, -1, 1 << 62, "", "a", "0" * 16, None, [], {}, True, 1.5]
    keys = ["seq", "job", "name", "size", "offset", "task", "stages", "pid", "host", "spool",
            "version", "last", "options", "limit", "format"]
    with Daemon() as daemon:
        sockets = []
        for endpoint in (daemon.endpoint, daemon.worker_endpoint):
            client = Client(endpoint)
            daemon.clients.append(client)
            sockets.append(client.socket)
        for _ in range(1500):
            header = {key: chance.choice(values) for key in chance.sample(keys, 6)}
            frames = [b"DOCAI1", chance.choice(names), json.dumps(header).encode()]
            if chance.random() < 0.5:
                frames.append(b"data")
            if chance.random() < 0.1:
                frames = [chance.randbytes(20) for _ in range(chance.randint(1, 5))]
            socket = chance.choice(sockets)
            socket.send_multipart(frames)
            while socket.poll(0):
                socket.recv_multipart()
        still_works(daemon)


def false_workers():
    """A worker that lies about leases, or takes tasks and answers nonsense."""
    with Daemon("[worker]\nlost_ms=1500\nretry_ms=10\n", workers=1) as daemon:
        worker = Client(daemon.worker_endpoint)
        daemon.clients.append(worker)
        stages = ["probe", "rasterize", "layout", "ocr", "table", "vlm", "extract", "understand", "merge"]
        worker.send("READY", stages=stages, pid=1, host="liar", spool=False, version="0.0.9")
        assert worker.receive(20)[0] == "STOP"
        for name, members in (("DONE", {"task": 1}), ("FAILED", {"task": 2, "code": "x", "text": ""}),
                              ("FETCH", {"task": 1, "name": "source", "offset": 0}),
                              ("PUT", {"task": 1, "name": "../x", "offset": 0, "last": True})):
            worker.send(name, b"x" if name == "PUT" else None, **members)
            assert worker.receive(20)[0] == "WHO"
        version = daemon.client().ask("HELLO")[1]["version"]
        worker.send("READY", stages=stages, pid=1, host="liar", spool=False, version=version)
        client = daemon.client()
        jobs = [client.submit(document(2)) for _ in range(4)]
        name, task, _ = worker.receive(20)
        assert name == "TASK"
        worker.send("PUT", b"x", task=task["task"], name="source", offset=0, last=True)
        assert worker.receive(20)[1]["code"] == "bad_message"
        worker.send("PUT", b"x", task=task["task"], name="../../evil", offset=0, last=True)
        assert worker.receive(20)[1]["code"] == "bad_message"
        worker.send("FETCH", task=task["task"] + 1000, name="source", offset=0)
        assert worker.receive(20)[1]["code"] == "not_found"
        # It says no more: its lease runs out and the honest worker does the work.
        for job in jobs:
            assert client.wait(job)["state"] == "complete"


def peers_that_do_not_read():
    with Daemon() as daemon:
        deaf = Client(daemon.endpoint)
        deaf.socket.close()
        deaf.socket = zmq.Context.instance().socket(zmq.DEALER)
        deaf.socket.linger = 0
        deaf.socket.setsockopt(zmq.RCVHWM, 1)
        deaf.socket.connect(daemon.endpoint)
        daemon.clients.append(deaf)
        client = daemon.client()
        job = client.submit(document(300))
        client.wait(job)
        size = client.status(job)["json_bytes"]
        deaf.send("FOLLOW")
        for _ in range(2000):
            deaf.send("RESULT", job=job, offset=0)
        for n in range(30):
            assert client.wait(client.submit(document(1, salt=n)))["state"] == "complete"
        assert size > 50000
        rss = client.ask("PING")[1]["rss_bytes"]
        sys.stderr.write(f"2000 unread answers: broker {rss / 1e6:.1f} MB\n")
        assert rss < 60e6 or SANITIZED, rss


main([malformed_messages, random_messages, false_workers, peers_that_do_not_read])
