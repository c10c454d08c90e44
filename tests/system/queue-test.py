# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue: many jobs, priorities, cancelling, running again, duplicates,
large files, bounds, a full disk, retention, reloading."""
import contextlib
import ctypes
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import BUILD, PATIENCE, SANITIZED, Daemon, Refused, document, main, until

MANY = 1000


def refused_with(code, call, *args, **members):
    try:
        call(*args, **members)
    except Refused as error:
        assert error.code == code, error
        return
    raise AssertionError(f"not refused with {code}")


def a_thousand_jobs():
    with Daemon() as daemon:
        client = daemon.client()
        client.ask("FOLLOW")
        started = time.monotonic()
        data = [document(1, salt=n) for n in range(MANY)]
        asked = [client.send("SUBMIT", d, name=f"{n}.txt", size=len(d), again=True)
                 for n, d in enumerate(data)]
        jobs = [client.answer(seq)[1]["job"] for seq in asked]
        submitted = time.monotonic() - started
        until(lambda: (lambda p: p["queued"] + p["running"] == 0)(client.ask("PING")[1]),
              what="an empty queue", timeout=10 * PATIENCE)
        took = time.monotonic() - started
        assert len(set(jobs)) == MANY
        rows = client.listed(state="complete")
        assert {row["id"] for row in rows} == set(jobs)
        peak = daemon.rss()
        sys.stderr.write(f"{MANY} jobs: submitted in {submitted:.1f} s, done in {took:.1f} s; "
                         f"broker {peak / 1e6:.1f} MB\n")
        assert peak < 40e6 or SANITIZED, peak


def interactive_goes_first():
    with Daemon(workers=1) as daemon:
        client = daemon.client()
        batch = [client.submit(document(1, "1=slow 60"), options={"priority": "batch"})
                 for _ in range(6)]
        urgent = client.submit(document(1), options={"priority": "interactive"})
        ended = {job: client.wait(job)["ended_ms"] for job in [urgent, *batch]}
        assert sum(ended[job] < ended[urgent] for job in batch) <= 2, ended


def long_does_not_hold_up_short():
    with Daemon(workers=2) as daemon:
        client = daemon.client()
        long = client.submit(document(60, *[f"{n}=slow 30" for n in range(1, 61)]))
        short = client.submit(document(1))
        assert client.wait(short)["ended_ms"] < client.wait(long)["ended_ms"]


def cancel_and_again():
    with Daemon(workers=1) as daemon:
        client = daemon.client()
        first = client.submit(document(3, "1=hang"))
        second = client.submit(document(2))
        until(lambda: client.status(first)["state"] == "running", what="a running job")
        client.ask("CANCEL", job=first)
        assert client.wait(first)["state"] == "cancelled"
        assert client.wait(second)["state"] == "complete"
        refused_with("cancelled", client.result, first)
        refused_with("bad_state", client.ask, "CANCEL", job=second)
        before = client.result(second)
        client.ask("RETRY", job=second)
        assert client.wait(second)["state"] == "complete"
        assert client.result(second) == before
        client.ask("REMOVE", job=second)
        refused_with("not_found", client.ask, "STATUS", job=second)
        refused_with("not_found", client.ask, "STATUS", job="../../../etc/passwd")
        assert second not in daemon.spooled()


def the_same_file_is_answered():
    with Daemon() as daemon:
        client = daemon.client()
        data = document(3)
        first = client.submit(data)
        client.wait(first)
        _, header, _ = client.ask("SUBMIT", data, name="b.txt", size=len(data))
        assert header["duplicate_of"] == first and header["job"] != first
        result = client.result(header["job"])
        assert json.loads(result)["job"] == header["job"]
        assert result == client.result(first).replace(first.encode(), header["job"].encode())
        assert client.status(header["job"])["state"] == "complete"
        _, other, _ = client.ask("SUBMIT", data, name="b.txt", size=len(data),
                                 options={"pages": "1"})
        assert "duplicate_of" not in other
        client.ask("REMOVE", job=first)
        assert client.result(header["job"]) == result


def send_in_pieces(client, data, **members):
    """Submits as the daemon's credit permits; the answer to the last piece."""
    seq = client.send("SUBMIT", size=len(data), again=True, **members)
    offset = credit = 0
    while True:
        name, header, _ = client.receive()
        if name == "EVENT":
            client.events.append(header)
        elif name == "CREDIT":
            credit = header["offset"]
            while offset < credit:
                piece = data[offset:min(offset + (1 << 20), credit)]
                client.send("CHUNK", piece, seq=seq, offset=offset)
                offset += len(piece)
        elif name == "ERROR":
            raise Refused(header)
        else:
            return header


def a_key_makes_one_job():
    """A submission with its key again, at once, while it runs, when it has ended,
    after the daemon's end: the same job. Another file with the key is refused."""
    with Daemon(workers=1) as daemon:
        client = daemon.client()
        small, large = document(2, "1=slow 200"), document(1) + b"\n#" + b"x" * (3 << 20)
        both = [client.send("SUBMIT", small, name="a", size=len(small), key="k", follow=True, again=True)
                for _ in range(2)]
        jobs = {client.answer(seq)[1]["job"] for seq in both}
        assert len(jobs) == 1 and jobs == {client.submit(small, key="k")}, jobs
        ends = {seq: None for seq in both}
        while None in ends.values():
            name, event, _ = client.receive()
            if name == "EVENT" and event["state"] == "complete":
                ends[event["seq"]] = event["job"]
        assert set(ends.values()) == jobs
        refused_with("bad_option", client.submit, document(2), key="k")
        refused_with("bad_message", client.submit, small, key="")
        refused_with("bad_message", client.submit, small, key="x" * 129)
        big = send_in_pieces(client, large, name="b", key="l")["job"]
        assert send_in_pieces(client, large, name="b", key="l", follow=True)["job"] == big
        refused_with("bad_option", send_in_pieces, client, large + b"y", name="b", key="l")
        client.wait(big)
        daemon.kill()
        daemon.start()
        client = daemon.client()
        assert {client.submit(small, key="k")} == jobs and send_in_pieces(client, large, name="b", key="l")["job"] == big
        assert {row["id"] for row in client.listed()} == jobs | {big}
        assert sorted(daemon.spooled()) == sorted(jobs | {big})
        client.ask("REMOVE", job=big)
        assert client.submit(document(1), key="l") not in jobs | {big}


def an_older_store_is_read():
    """A store without the column for keys, as it was before there were any."""
    with Daemon(workers=1) as daemon:
        client = daemon.client()
        job = client.submit(document(1))
        client.wait(job)
        daemon.stop()
        with contextlib.closing(sqlite3.connect(f"{daemon.root}/state/docai.db")) as db:
            db.execute("DROP INDEX job_key")
            db.execute("ALTER TABLE job DROP COLUMN submit_key")
            db.execute("PRAGMA user_version=1")
        daemon.start()
        client = daemon.client()
        assert client.status(job)["state"] == "complete"
        small = document(2)
        assert client.submit(small, key="k") == client.submit(small, key="k") != job


def large_files_come_in_pieces():
    with Daemon("[limits]\nfile=20M\n") as daemon:
        client = daemon.client()
        data = document(2) + b"\n#" + os.urandom(9 << 20).hex().encode()[: 9 << 20]
        before = daemon.rss()
        header = send_in_pieces(client, data, name="large.txt")
        row = client.wait(header["job"])
        assert row["state"] == "complete" and row["bytes"] == len(data), row
        sys.stderr.write(f"a 9 MB file: broker grew by {(daemon.rss() - before) / 1e6:.1f} MB\n")
        refused_with("file_size_limit", client.ask, "SUBMIT", name="x", size=21 << 20)
        refused_with("bad_option", client.ask, "SUBMIT", b"x", name="x", size=1,
                     options={"dpi": "many"})
        seq = client.send("SUBMIT", name="x", size=4 << 20)
        client.answer(seq)
        client.send("CHUNK", b"x" * 100, seq=seq, offset=100)
        refused_with("bad_message", client.answer, seq)


def the_queue_is_bounded():
    with Daemon("[daemon]\nqueue_max=3\n", workers=1) as daemon:
        client = daemon.client()
        first = client.submit(document(1, "1=slow 3000"))
        until(lambda: client.status(first)["state"] == "running", what="a running job")
        rest = [client.submit(document(1)) for _ in range(3)]
        refused_with("busy", client.submit, document(1))
        assert all(client.wait(job)["state"] == "complete" for job in [first, *rest])
        client.wait(client.submit(document(1)))


def old_jobs_go():
    with Daemon("[spool]\nretain=2K\n", workers=1) as daemon:  # one after the other
        client = daemon.client()
        jobs = [client.submit(document(1, salt=n)) for n in range(6)]
        for job in jobs:
            try:
                client.wait(job)
            except Refused as error:
                assert error.code == "not_found"
        until(lambda: set(daemon.spooled()) <= set(jobs[-2:]), what="the older jobs' folders gone")


def reload_takes_effect():
    with Daemon("[limits]\nfile=1M\n") as daemon:
        client = daemon.client()
        workers = set(daemon.worker_pids())
        refused_with("file_size_limit", client.ask, "SUBMIT", name="x", size=2 << 20)
        daemon.configure("[limits]\nfile=nonsense\n")
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: "[limits] file = nonsense" in daemon.log_text(), what="a complaint")
        refused_with("file_size_limit", client.ask, "SUBMIT", name="x", size=2 << 20)
        daemon.configure("[daemon]\nlog_format=json\n[limits]\nfile=3M\n")
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: "read again" in daemon.log_text(), what="a reload")
        assert client.ask("SUBMIT", name="x", size=2 << 20)[0] == "CREDIT"
        until(lambda: len(new := set(daemon.worker_pids())) == 2 and not new & workers,
              what="fresh workers")
        assert client.wait(client.submit(document(1)))["state"] == "complete"
        last = daemon.log_text().strip().split("\n")[-1]
        assert json.loads(last)["level"], last


MS_REMOUNT = 32  # of mount(2)
PRELOAD = os.path.join(BUILD, "tests/system/.libs/crash-point.so")


def count_lines(path, start):
    with open(path, encoding="utf-8") as lines:
        return sum(line.startswith(start) for line in lines)


LIBC = ctypes.CDLL(None, use_errno=True)


def mount(root, size, flags=0):
    return LIBC.mount(b"tmpfs", root.encode(), b"tmpfs", flags, f"size={size}".encode()) == 0


@contextlib.contextmanager
def small_disk(size):
    """A folder on a disk of its own; None where that is not permitted."""
    root = tempfile.mkdtemp(prefix="docaid-test-")
    try:
        if not mount(root, size):
            yield None
            return
        try:
            yield root
        finally:
            LIBC.umount2(root.encode(), 2)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def a_full_disk_refuses():
    with small_disk("3m") as root:
        if root is None:
            return "SKIP mounting a tmpfs is not permitted"
        with Daemon("[spool]\nmin_free=0\n[worker]\nretry_ms=50\n", root=root) as daemon:
            client = daemon.client()
            kept = client.submit(document(2))
            assert client.wait(kept)["state"] == "complete"
            codes = set()
            for n in range(8):
                try:
                    client.submit(document(1) + b"#" * (900 << 10), name=f"{n}")
                except Refused as error:
                    codes.add(error.code)
            assert codes == {"spool_full"}, codes
            rows = client.listed()
            assert client.status(kept)["state"] == "complete"
            for row in rows:
                if row["id"] != kept and row["state"] == "complete":
                    client.ask("REMOVE", job=row["id"])
            # Jobs whose end found no room wait for it: none may have ended above.
            assert mount(root, "8m", MS_REMOUNT)
            for row in rows:
                if row["state"] != "complete":
                    assert client.wait(row["id"])["state"] in ("complete", "partial", "failed")
            assert client.wait(client.submit(document(1)))["state"] == "complete"
    return None


def fill(path):
    """Leaves no room at all."""
    with open(path, "wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


def a_full_disk_is_waited_out():
    """Jobs under way when the disk fills up wait, whatever the number of attempts, and
    end when there is room; a cancelled one makes room itself."""
    with small_disk("8m") as root, tempfile.TemporaryDirectory() as outside:
        if root is None:
            return "SKIP mounting a tmpfs is not permitted"
        gate, trace, filler = f"{outside}/gate", f"{outside}/trace", f"{root}/filler"
        env = {} if SANITIZED else {"LD_PRELOAD": PRELOAD, "CRASH_PROGRAM": "faulty-worker", "CRASH_ROOT": root,
                                    "CRASH_TRACE": trace}
        config = "[spool]\nmin_free=0\n[worker]\nretry_ms=10\nattempts=2\n"
        with Daemon(config, root=root, workers=2, env=env) as daemon:
            client = daemon.client()
            waiting = [client.submit(document(3, f"2=await {gate}", salt=n)) for n in range(2)]
            until(lambda: all(client.status(job)["pages"] == 3 for job in waiting), what="jobs with known pages")
            fill(filler)
            with open(gate, "w"):
                pass
            for job in waiting if env else []:
                until(lambda: count_lines(trace, f"create /state/spool/{job[-2:]}/{job}/p00002.json") > 5,
                      what="many attempts")
            refused_with("spool_full", client.submit, document(1))
            client.ask("CANCEL", job=waiting[0])
            until(lambda: client.status(waiting[0])["state"] == "cancelled", what="a cancelled job")
            os.unlink(filler)
            assert client.wait(waiting[1])["state"] == "complete"
            assert client.wait(client.submit(document(1)))["state"] == "complete"
            client.ask("RETRY", job=waiting[0])
            assert client.wait(waiting[0])["state"] == "complete"
    return None


def submit_time_does_not_grow():
    """With a hundred thousand jobs waiting, a submission takes as long as with none."""
    count = int(os.environ.get("DOCAI_QUEUED", "100000"))

    def median(client):
        times = []
        for n in range(15):
            start = time.monotonic()
            client.submit(document(1, salt=n), options={"priority": "batch"})
            times.append(time.monotonic() - start)
        return sorted(times)[7]

    with Daemon("[daemon]\nqueue_max=10000000\n", workers=0) as daemon:
        empty = median(daemon.client())
        daemon.stop()
        with contextlib.closing(sqlite3.connect(f"{daemon.root}/state/docai.db")) as db:
            columns = [row[1] for row in db.execute("PRAGMA table_info(job)") if row[1] not in ("seq", "id")]
            names = ",".join(columns)
            db.execute(f"INSERT INTO job(id,{names}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 "
                       f"FROM n WHERE i<{count}) SELECT printf('%016d', i),{names} FROM n, "
                       "(SELECT * FROM job LIMIT 1)")
            db.commit()
        daemon.start()
        client = daemon.client()
        assert client.ask("PING")[1]["queued"] >= count
        full = median(client)
        started = time.monotonic()
        assert len(client.ask("LIST", limit=100)[1]["jobs"]) == 100
        listing = time.monotonic() - started
        sys.stderr.write(f"submit: {empty * 1000:.1f} ms with an empty queue, {full * 1000:.1f} ms "
                         f"with {count}; a page of LIST {listing * 1000:.1f} ms; "
                         f"broker {daemon.rss() / 1e6:.1f} MB\n")
        # Waiting for the disk varies; growth with the queue would be far beyond this.
        assert full < 3 * empty + 0.02 and listing < 1
        assert daemon.rss() < 40e6 or SANITIZED


def a_private_daemon_obeys():
    with Daemon(args=["--private"]) as daemon:
        client = daemon.client()
        client.submit(document(1, "1=hang"))
        client.ask("SHUTDOWN")
        assert daemon.process.wait(20) == 0
    with Daemon() as daemon:
        refused_with("bad_state", daemon.client().ask, "SHUTDOWN")
        second = subprocess.run(
            [os.path.join(BUILD, "src/docaid/docaid"), "--runtime-dir", f"{daemon.root}/run",
             "--state-dir", f"{daemon.root}/state"], capture_output=True, text=True, check=False)
        assert second.returncode == 78 and "another docaid" in second.stderr, second


main([a_thousand_jobs, interactive_goes_first, long_does_not_hold_up_short, cancel_and_again,
      the_same_file_is_answered, a_key_makes_one_job, an_older_store_is_read,
      large_files_come_in_pieces, the_queue_is_bounded, old_jobs_go,
      reload_takes_effect, a_full_disk_refuses,
      a_full_disk_is_waited_out, submit_time_does_not_grow, a_private_daemon_obeys])
