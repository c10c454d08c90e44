# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon, a worker and the machine's power end at every point at which the
disk changes: nothing accepted is lost, nothing is doubled, no result is half."""
import concurrent.futures
import json
import os
import shutil
import stat
import sys
import tempfile
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import BUILD, SANITIZED, Daemon, Refused, document, main, until

PRELOAD = os.path.join(BUILD, "tests/system/.libs/crash-point.so")
QUICK = "[worker]\nretry_ms=1\n"
# Calls after which something holds that did not before; elsewhere "before" the
# next one is the same point.
DURABLE = ("sync", "rename")


class Life:
    """One job's whole life with a program that ends at a point."""

    def __init__(self, program, config=QUICK, below="state", **settings):
        self.root = tempfile.mkdtemp(prefix="docaid-test-")
        self.marker = os.path.join(self.root, "struck")
        self.trace = os.path.join(self.root, "trace")
        self.shadow = os.path.join(self.root, "shadow")
        os.mkdir(self.shadow)
        env = {"LD_PRELOAD": PRELOAD, "CRASH_PROGRAM": program, "CRASH_ONCE": self.marker,
               "CRASH_ROOT": os.path.join(self.root, below), "CRASH_TRACE": self.trace}
        env.update({f"CRASH_{name.upper()}": str(value) for name, value in settings.items()})
        self.daemon = Daemon(config, workers=1, root=self.root, env=env)
        self.key = str(uuid.uuid4())
        self.data = document(2)
        self.job = self.second = self.asked_removal = None
        self.n_ended = 0

    def struck(self):
        return os.path.exists(self.marker)

    def ended(self):
        return self.daemon.process.poll() is not None

    def answer(self, client, seq):
        """An answer, or None when the daemon has ended instead."""
        while True:
            try:
                return client.answer(seq, timeout=0.05)[1]
            except TimeoutError:
                if self.ended():
                    return None

    def await_end(self, client):
        """Whether the job has ended, or the daemon."""
        while True:
            row = self.answer(client, client.send("STATUS", job=self.job))
            if row is None or row["job"]["state"] not in ("queued", "running"):
                self.n_ended += row is not None
                return row is not None

    def submit(self, client, data, key):
        accepted = self.answer(client, client.send("SUBMIT", data, name="a.txt", key=key, size=len(data), again=True))
        return accepted["job"] if accepted is not None else None

    def live(self):
        """Submit, wait, run again, wait, remove: as far as it comes. A second document
        comes in between, whose acceptance makes the end of the first one durable."""
        try:
            self.daemon.start()
        except AssertionError:
            assert self.struck(), self.daemon.log_text()
            return
        client = self.daemon.client()
        self.job = self.submit(client, self.data, self.key)
        if self.job is None or not self.await_end(client):
            return
        self.second = self.submit(client, document(1), self.key + "-2")
        if self.second is None or self.answer(client, client.send("RETRY", job=self.job)) is None:
            return
        if self.await_end(client):
            self.asked_removal = True
            self.answer(client, client.send("REMOVE", job=self.job))

    def restart(self):
        """The daemon once more, whole; the job as it is then, complete."""
        if not self.ended():
            self.daemon.kill()
        while self.daemon.clients:  # what they sent and the dead daemon did not take must not reach the next one
            self.daemon.clients.pop().close()
        self.daemon.env = {name: value for name, value in self.daemon.env.items() if name == "CRASH_BOOT_ID"}
        if self.daemon.env:
            self.daemon.env["LD_PRELOAD"] = PRELOAD
        self.daemon.start()
        client = self.daemon.client()
        if self.job is not None and not self.asked_removal:
            assert client.status(self.job)["id"] == self.job
        if not self.asked_removal:
            job = client.submit(self.data, key=self.key)
            assert self.job in (None, job), (self.job, job)
            self.job = job
        second = client.submit(document(1), key=self.key + "-2")
        assert self.second in (None, second)
        assert client.wait(second)["state"] == "complete" and client.result(second)
        client.ask("REMOVE", job=second)
        rows = client.listed()
        assert [row["id"] for row in rows] == [self.job] or (self.asked_removal and not rows), rows
        return client, bool(rows)

    def check(self):
        """All that must hold, whatever happened."""
        client, there = self.restart()
        if there:
            row = client.wait(self.job)
            if row["state"] == "failed" and self.asked_removal:
                assert row["text"], row
            else:
                assert row["state"] == "complete", row
                try:
                    result = json.loads(client.result(self.job))
                    assert result["job"] == self.job and [page["number"] for page in result["pages"]] == [1, 2]
                    assert all(page["regions"] for page in result["pages"]), result
                    assert client.result(self.job, "xml").endswith(b"</document>\n"), client.result(self.job, "xml")
                    folder = os.path.join(self.daemon.spool, self.job[-2:], self.job)
                    assert sorted(os.listdir(folder)) == ["result.json", "result.xml", "source"], os.listdir(folder)
                except Refused:
                    assert self.asked_removal
            client.ask("REMOVE", job=self.job)
        until(lambda: self.daemon.spooled() == [], what="an empty spool")
        assert client.listed() == []

    def end(self, failed=False):
        if self.daemon.process is not None and not self.ended():
            self.daemon.kill()
        for client in self.daemon.clients:
            client.close()
        if failed:
            sys.stderr.write(self.daemon.log_text()[-4000:])
        shutil.rmtree(self.root, ignore_errors=True)


def through(program, settings, check, **more):
    """One life with these settings, checked; its trace."""
    life = Life(program, **settings, **more)
    failed = True
    try:
        life.live()
        check(life)
        failed = False
        with open(life.trace) as file:
            return [line.split(" ", 1) for line in file.read().splitlines()]
    finally:
        if failed:
            sys.stderr.write(f"{program} {settings}\n")
        life.end(failed)


def points(trace):
    """(number, when) of the points of a life: of many like changes in a row (the
    store's log, page after page) the first, every fourth and the last."""
    start = 0
    for number, line in enumerate(trace, 1):
        if number == 1 or line != trace[number - 2]:
            start = number
        if (number - start) % 4 == 0 or number == len(trace) or line != trace[number]:
            yield number, "before"
        if line[0] in DURABLE:
            yield number, "after"


def all_of(live, lives):
    """Lives side by side: they mostly wait."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return [done.result() for done in [pool.submit(live, *life) for life in lives]]


def every_point(program, below, named):
    if SANITIZED:
        return "SKIP the sanitizers' own library must come first"
    trace = through(program, {}, Life.check, below=below)
    seen = [f"{call} {path.split('/')[-1]}" for call, path in trace]
    for name in named:
        assert any(entry.startswith(name) for entry in seen), (name, seen)
    struck = []

    def live(number, when):
        def check(life):
            struck.append(life.struck())
            life.check()
        through(program, {"at": number, "when": when}, check, below=below)
    all_of(live, points(trace))
    sys.stderr.write(f"{program}: ended at {sum(struck)} points of {len(trace)}\n")
    # How often the store writes depends on time; the last points may not come.
    assert sum(struck) >= 0.8 * len(struck), (sum(struck), len(struck))
    return None


def the_daemon_at_every_point():
    return every_point("docaid", "state", ["write source", "sync source", "sync docai.db-wal", "write docai.db-wal",
                                           "unlink p00001.json"])


def a_worker_at_every_point():
    return every_point("faulty-worker", "state/spool", ["write probe.json", "rename probe.json", "rename p00002.json",
                                                         "rename result.json", "rename result.xml"])


def lose_power(life, names_too):
    """What was not synced is gone: the content of files, and new names if wanted."""
    if not life.ended():
        life.daemon.kill()
    for above, folders, files in os.walk(os.path.join(life.root, "state")):
        kept = os.path.join(life.shadow, f"{os.stat(above).st_ino}.names")
        if names_too and os.path.exists(kept):
            with open(kept) as file:
                kept_names = set(file.read().splitlines())
            for name in [*folders, *files]:
                path = os.path.join(above, name)
                if name in kept_names:
                    continue
                shutil.rmtree(path) if stat.S_ISDIR(os.lstat(path).st_mode) else os.unlink(path)
            folders[:] = [name for name in folders if name in kept_names]
            files = [name for name in files if name in kept_names]
        for name in files:
            path = os.path.join(above, name)
            kept = os.path.join(life.shadow, str(os.stat(path).st_ino))
            if os.path.exists(kept):
                shutil.copyfile(kept, path)
            else:
                os.truncate(path, 0)
    with open(os.path.join(life.root, "boot"), "w") as file:
        file.write("another\n")
    life.daemon.env["CRASH_BOOT_ID"] = os.path.join(life.root, "boot")
    # A removal of which only the folder's going was kept leaves nothing to run.
    life.check()


def power_is_lost():
    """At every durable step and at some of the others; with and without the names."""
    if SANITIZED:
        return "SKIP the sanitizers' own library must come first"
    trace = through("docaid", {}, Life.check)
    chosen = [point for point in points(trace) if point[1] == "after"]
    chosen += [(number, "before") for number in range(1, len(trace) + 1, 12)]
    chosen.append((len(trace) + 1000, "before"))

    def live(number, when, names_too):
        life = Life("docaid", at=number, when=when)
        life.daemon.env["CRASH_SHADOW"] = life.shadow
        failed = True
        try:
            life.live()
            lose_power(life, names_too)
            failed = False
        finally:
            if failed:
                sys.stderr.write(f"power {number} {when} {names_too}\n")
            life.end(failed)
    all_of(live, [(*point, names_too) for point in chosen for names_too in (False, True)])
    return None


main([the_daemon_at_every_point, a_worker_at_every_point, power_is_lost])
