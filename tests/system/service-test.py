# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon as a service: what systemd is told; workers of other hosts, by tcp and
CURVE keys; nothing leaks."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import zmq
import zmq.auth
from wire import BUILD, PATIENCE, SANITIZED, Client, Daemon, document, main, until

with open(os.path.join(BUILD, "config.h"), encoding="utf-8") as file:
    SYSTEMD = "#define HAVE_SYSTEMD 1" in file.read()


class Notices:
    """The socket on which systemd would listen."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def next(self):
        return self.socket.recv(4096).decode()


def systemd_is_told():
    if not SYSTEMD:
        return "SKIP built without libsystemd"
    with Daemon() as daemon:
        daemon.stop()
        notices = Notices(daemon.root)
        daemon.env = {"NOTIFY_SOCKET": notices.path}
        daemon.start()
        assert notices.next() == "READY=1"
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.process.send_signal(signal.SIGHUP)
        match = re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", notices.next())
        assert match and before <= int(match[1]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert notices.next() == "READY=1"
        daemon.process.terminate()
        assert notices.next() == "STOPPING=1"
        assert daemon.process.wait(PATIENCE) == 0
        # No WATCHDOG_USEC, no signs of life: none came in between.
        daemon.env["WATCHDOG_USEC"] = "100000"
        daemon.start()
        assert notices.next() == "READY=1"
        for _ in range(5):
            assert notices.next() == "WATCHDOG=1"
        # A daemon that stands still gives none: what has come before is read first.
        os.kill(daemon.process.pid, signal.SIGSTOP)
        notices.socket.settimeout(1)
        try:
            for _ in range(100):
                notices.next()
            raise AssertionError("signs of life of a stopped daemon")
        except socket.timeout:
            pass
        finally:
            os.kill(daemon.process.pid, signal.SIGCONT)
        notices.socket.settimeout(PATIENCE)
        assert notices.next() == "WATCHDOG=1"
        notices.socket.close()  # a full one would hold up its sender
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


class Remote:
    """A daemon that listens to workers and clients over tcp, and keys for them."""

    def __init__(self, daemon, config=""):
        self.daemon = daemon
        self.keys = os.path.join(daemon.root, "keys")
        known = os.path.join(daemon.root, "known")
        os.mkdir(self.keys)
        os.mkdir(known)
        for name in ("server", "member", "stranger"):
            zmq.auth.create_certificates(self.keys, name)
        shutil.copy(os.path.join(self.keys, "member.key"), known)
        self.workers, self.clients = free_port(), free_port()
        daemon.configure(f"[daemon]\nlisten_workers={self.workers}\nlisten={self.clients}\n"
                         f"certificate={self.keys}/server.key_secret\nclients_dir={known}\n{config}")

    def worker(self, name="member", *more):
        return subprocess.Popen(
            [os.path.join(BUILD, "tests/system/faulty-worker"), "--connect", self.workers, "--certificate",
             f"{self.keys}/{name}.key_secret", "--server-certificate", f"{self.keys}/server.key", *more],
            stderr=self.daemon.log)

    def client(self, name="member"):
        client = Client.__new__(Client)
        client.socket = zmq.Context.instance().socket(zmq.DEALER)
        client.socket.linger = 0
        client.socket.curve_publickey, client.socket.curve_secretkey = zmq.auth.load_certificate(
            f"{self.keys}/{name}.key_secret")
        client.socket.curve_serverkey = zmq.auth.load_certificate(f"{self.keys}/server.key")[0]
        client.socket.connect(self.clients)
        client.seq, client.events = 0, []
        self.daemon.clients.append(client)
        return client


def end(*processes):
    for process in processes:
        if process.poll() is None:
            process.terminate()
    return [process.wait(PATIENCE) for process in processes]


def workers_of_other_hosts():
    """No local worker: all is done over tcp, files too; killed ones cost an attempt."""
    daemon = Daemon(workers=0)
    remote = Remote(daemon, "[worker]\nretry_ms=10\nheartbeat_ms=100\nlost_ms=1000\n")
    with daemon:
        client = remote.client()
        workers = [remote.worker() for _ in range(2)]
        try:
            data = document(3) + b"\n#" + b"x" * (2 << 20)
            seq = client.send("SUBMIT", name="large", size=len(data), again=True)
            credit = client.answer(seq)[1]["offset"]
            assert credit == len(data)
            for offset in range(0, len(data), 1 << 20):
                client.send("CHUNK", data[offset:offset + (1 << 20)], seq=seq, offset=offset)
            large = client.answer(seq)[1]["job"]
            jobs = [client.submit(document(2, salt=n)) for n in range(10)]
            for job in [large, *jobs]:
                row = client.wait(job)
                assert row["state"] == "complete", row
                result = json.loads(client.result(job))
                assert [page["regions"][0]["text"] for page in result["pages"]] == [
                    f"page-{n + 1}" for n in range(row["pages"])]
            # A page whose worker is killed, and one that hangs: the rest is done by others.
            marker = os.path.join(daemon.root, "once")
            fallen = client.submit(document(4, f"2=once {marker}", "4=hang"))
            until(lambda: any(process.poll() is not None for process in workers), what="a killed worker")
            workers.append(remote.worker())
            until(lambda: client.status(fallen)["done"] == 3, what="three pages")
            for process in workers:
                process.kill()
            client.ask("CANCEL", job=fallen)
            again = client.submit(document(3, salt="again"))
            workers.append(remote.worker())
            assert client.wait(again)["state"] == "complete"
            assert end(workers[-1]) == [0]
        finally:
            for process in workers:
                process.kill()
            end(*workers)


def strangers_get_nothing():
    """A worker or client whose key is not on file gets no task and no answer, and one
    without keys does not even start."""
    daemon = Daemon(workers=1)
    remote = Remote(daemon)
    with daemon:
        stranger = remote.worker("stranger")
        quiet = remote.client("stranger")
        quiet.send("PING")
        plain = Client(remote.clients)
        daemon.clients.append(plain)
        plain.send("PING")
        try:
            client = daemon.client()
            jobs = [client.submit(document(2, salt=n)) for n in range(20)]
            assert all(client.wait(job)["state"] == "complete" for job in jobs)
            assert client.ask("PING")[1]["workers"] == 1
            assert not quiet.socket.poll(0) and not plain.socket.poll(0)
            assert remote.client().ask("PING")[0] == "PONG"
        finally:
            assert end(stranger) == [0]
        program = os.path.join(BUILD, "tests/system/faulty-worker")
        server = ["--server-certificate", f"{remote.keys}/server.key"]
        for arguments in ([], server, ["--certificate", f"{remote.keys}/member.key_secret"],
                          ["--certificate", f"{remote.keys}/missing", *server],
                          ["--certificate", daemon.config, *server]):
            done = subprocess.run([program, "--connect", remote.workers, *arguments], capture_output=True,
                                  text=True, timeout=PATIENCE, check=False)
            assert done.returncode == 78 and "certificate" in done.stderr, (arguments, done)


main([systemd_is_told, workers_of_other_hosts, strangers_get_nothing])
