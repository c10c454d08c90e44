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
            # The daemon comes back, and so do they, by themselves.
            daemon.kill()
            daemon.start()
            client = remote.client()
            assert client.wait(client.submit(document(2, salt="back")))["state"] == "complete"
            assert all(process.poll() is None for process in workers)
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


def nothing_leaks():
    """All of a daemon's work under valgrind: no error, nothing lost."""
    if SANITIZED or shutil.which("valgrind") is None:
        return "SKIP valgrind is missing, or of no use under the sanitizers"
    quick = "[limits]\nfile=20M\n[worker]\nretry_ms=10\nrecycle_tasks=20\n"
    with Daemon(quick, workers=1, under=["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite",
                                         "--show-leak-kinds=definite", "--error-exitcode=99"]) as daemon:
        client = daemon.client()
        everything = client.send("FOLLOW")
        jobs = [client.submit(document(1 + n % 3, salt=n), key=f"k{n}", follow=True) for n in range(8)]
        assert client.submit(document(1, salt=0), key="k0") == jobs[0]
        jobs += [client.submit(document(2, order)) for order in ("1=crash", "refuse=file_empty", "2=fail page_damaged")]
        assert {client.wait(job)["state"] for job in jobs} == {"complete", "partial", "failed"}
        size = 3 << 20
        for key in ("l", "l", None):
            data = document(1) + b"\n#" + b"x" * size
            more = {} if key is None else {"key": key}
            seq = client.send("SUBMIT", name="large", size=len(data), again=True, **more)
            client.answer(seq)
            for offset in range(0, len(data), 1 << 20):
                client.send("CHUNK", data[offset:offset + (1 << 20)], seq=seq, offset=offset)
            large = client.answer(seq)[1]["job"]
            client.wait(large)
        assert client.result(large) and client.result(large, "xml")
        client.ask("RETRY", job=large)
        client.wait(large)
        hanging = client.submit(document(2, "1=hang"))
        until(lambda: client.status(hanging)["state"] == "running", what="a running job")
        client.ask("CANCEL", job=hanging)
        for data in (document(1, salt="twice"),) * 2:
            client.wait(client.submit(data, again=False))
        client.listed()
        client.listed(state="complete")
        client.ask("REMOVE", job=hanging)
        client.ask("UNFOLLOW", follow=everything)
        client.ask("HELLO")
        half = client.send("SUBMIT", name="half", size=size)
        client.answer(half)
        for frames in ([b"x"], [b"DOCAI1", b"PING", b"{"], [b"DOCAI1", b"NO", b'{"seq":1}'],
                       [b"DOCAI1", b"SUBMIT", b'{"seq":1,"name":"a","size":1,"options":{"dpi":1}}', b"x"]):
            client.socket.send_multipart(frames)
            assert client.receive()[0] == "ERROR"
        client.submit(document(1, "1=slow 500"))
        daemon.configure(quick + "[spool]\nretain=1K\n")
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: "have had their time" in daemon.log_text(), what="retention")
        status = daemon.stop()
        assert status == 0, (status, daemon.log_text()[-3000:])
    return None


main([systemd_is_told, workers_of_other_hosts, strangers_get_nothing, nothing_leaks])
