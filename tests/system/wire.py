# SPDX-License-Identifier: GPL-3.0-or-later
"""What the system tests share: a daemon in a folder of its own, a client that
speaks the protocol, and TAP."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

BUILD = os.environ.get("G_TEST_BUILDDIR", os.getcwd())
SOURCE = os.environ.get("G_TEST_SRCDIR", os.getcwd())
PATIENCE = 90  # seconds after which a test that waits has failed

with open(os.path.join(BUILD, "config.h")) as file:
    SANITIZED = "#define DOCAI_SANITIZED 1" in file.read()

try:
    import zmq
except ImportError:
    print("1..0 # SKIP python3-zmq is not installed")
    sys.exit(0)


def document(pages=1, *orders, salt=None):
    """A document for the faulty stages."""
    lines = ["docai-test", f"pages={pages}", *orders]
    if salt is not None:
        lines.append(f"salt={salt}")
    return "\n".join(lines).encode()


class Refused(Exception):
    def __init__(self, header):
        super().__init__(f"{header['code']}: {header['text']}")
        self.code = header["code"]


class Client:
    def __init__(self, endpoint):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(endpoint)
        self.seq = 0
        self.events = []

    def close(self):
        self.socket.close()

    def send(self, message, data=None, /, seq=None, **members):
        if seq is None:
            self.seq += 1
            seq = self.seq
        frames = [b"DOCAI1", message.encode(), json.dumps({"seq": seq, **members}).encode()]
        self.socket.send_multipart(frames + ([data] if data is not None else []))
        return seq

    def receive(self, timeout=PATIENCE):
        """(name, header, data) of the next message; TimeoutError when none comes."""
        if not self.socket.poll(int(timeout * 1000)):
            raise TimeoutError("no answer")
        frames = self.socket.recv_multipart()
        assert frames[0] == b"DOCAI1", frames[0]
        return frames[1].decode(), json.loads(frames[2]), frames[3] if len(frames) > 3 else None

    def answer(self, seq, timeout=PATIENCE):
        until = time.monotonic() + timeout
        while True:
            name, header, data = self.receive(max(0.001, until - time.monotonic()))
            if name == "EVENT":
                self.events.append(header)
            elif header.get("seq") == seq:
                if name == "ERROR":
                    raise Refused(header)
                return name, header, data

    def ask(self, message, data=None, /, timeout=PATIENCE, **members):
        return self.answer(self.send(message, data, **members), timeout)

    def submit(self, data, name="a.txt", **members):
        members.setdefault("again", True)
        _, header, _ = self.ask("SUBMIT", data, name=name, size=len(data), **members)
        return header["job"]

    def status(self, job):
        return self.ask("STATUS", job=job)[1]["job"]

    def wait(self, job, timeout=PATIENCE):
        """The job's row once it has ended."""
        until = time.monotonic() + timeout
        seq = self.send("FOLLOW", job=job)
        while True:
            for event in self.events:
                if event["seq"] == seq and event["state"] not in ("queued", "running"):
                    self.events.remove(event)
                    return self.status(job)
            name, header, _ = self.receive(max(0.001, until - time.monotonic()))
            if name == "EVENT":
                self.events.append(header)
            elif name == "ERROR" and header.get("seq") == seq:
                raise Refused(header)

    def result(self, job, format="json"):
        data, size = b"", None
        while size is None or len(data) < size:
            _, header, part = self.ask("RESULT", job=job, format=format, offset=len(data))
            size = header["size"]
            data += part
        return data

    def listed(self, **members):
        jobs, more = [], {}
        while True:
            _, header, _ = self.ask("LIST", **members, **more)
            jobs += header["jobs"]
            if "next" not in header:
                return jobs
            more = {"before": header["next"]}


class Daemon:
    """docaid with the faulty worker (or another), in a folder of its own."""

    def __init__(self, config="", worker="tests/system/faulty-worker", workers=2, root=None,
                 args=(), env=None, under=()):
        self.root = root or tempfile.mkdtemp(prefix="docaid-test-")
        self.own_root = root is None
        self.config = os.path.join(self.root, "docai.conf")
        self.worker = worker
        self.workers = workers
        self.args = list(args)
        self.env = env or {}
        self.under = list(under)
        self.process = None
        self.clients = []
        self.configure(config)

    def configure(self, text):
        with open(self.config, "w") as file:
            file.write(text)

    @property
    def endpoint(self):
        return f"ipc://{self.root}/run/client.sock"

    @property
    def worker_endpoint(self):
        return f"ipc://{self.root}/run/worker.sock"

    @property
    def spool(self):
        return os.path.join(self.root, "state", "spool")

    def start(self):
        read, write = os.pipe()
        self.log = open(os.path.join(self.root, "log"), "ab")
        self.process = subprocess.Popen(
            [*self.under, os.path.join(BUILD, "src/docaid/docaid"), "--config", self.config,
             "--runtime-dir", os.path.join(self.root, "run"),
             "--state-dir", os.path.join(self.root, "state"), "--workers", str(self.workers),
             "--worker-program", os.path.join(BUILD, self.worker), "--ready-fd", str(write),
             *self.args],
            stderr=self.log, pass_fds=[write], env=dict(os.environ, **self.env))
        os.close(write)
        ready = os.read(read, 1)
        os.close(read)
        assert ready, "the daemon does not start:\n" + self.log_text()
        return self

    def client(self):
        client = Client(self.endpoint)
        self.clients.append(client)
        return client

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def log_text(self):
        with open(os.path.join(self.root, "log"), errors="replace") as file:
            return file.read()

    def worker_pids(self):
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path) as file:
            return [int(pid) for pid in file.read().split()]

    def rss(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def spooled(self):
        """Job folders in the spool."""
        found = []
        for above in os.listdir(self.spool):
            if len(above) == 2:
                found += os.listdir(os.path.join(self.spool, above))
        return found

    def __enter__(self):
        return self.start()

    def __exit__(self, *what):
        for client in self.clients:
            client.close()
        if self.process is not None and self.process.poll() is None:
            self.stop()
        if what[0] is not None:
            sys.stderr.write(self.log_text()[-6000:])
        if self.own_root:
            shutil.rmtree(self.root, ignore_errors=True)


def until(condition, timeout=PATIENCE, what="condition"):
    """Waits for something that nobody tells of."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} never came true")


def main(tests):
    """Runs functions as TAP; one that returns a string starting with SKIP is skipped."""
    wanted = sys.argv[1:]
    tests = [test for test in tests if not wanted or test.__name__ in wanted]
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        started = time.monotonic()
        try:
            said = test()
            skip = f" # {said}" if isinstance(said, str) and said.startswith("SKIP") else ""
            print(f"ok {number} {test.__name__}{skip}", flush=True)
        except Exception:
            traceback.print_exc()
            print(f"not ok {number} {test.__name__}", flush=True)
        sys.stderr.write(f"{test.__name__}: {time.monotonic() - started:.1f} s\n")
