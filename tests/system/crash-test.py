# SPDX-License-Identifier: GPL-3.0-or-later
"""Killing the daemon and its workers at random points loses and doubles nothing."""
import json
import os
import random
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import Daemon, document, main, until

QUICK = "[worker]\nretry_ms=10\nattempts=20\n"
JOBS = 50
SEED = int(os.environ.get("DOCAI_SEED", "0")) or random.randrange(1 << 30)


def kill_some_worker(daemon, chance):
    try:
        os.kill(chance.choice(daemon.worker_pids()), signal.SIGKILL)
    except (IndexError, ProcessLookupError, FileNotFoundError):
        pass


def nothing_is_lost():
    sys.stderr.write(f"DOCAI_SEED={SEED}\n")
    chance = random.Random(SEED)
    with Daemon(QUICK) as daemon:
        accepted, refused, over = [], [], threading.Event()

        def harm():
            while not over.is_set():
                time.sleep(chance.uniform(0.02, 0.25))
                kill_some_worker(daemon, chance)
                if chance.random() < 0.4:
                    daemon.kill()
                    daemon.start()

        harmer = threading.Thread(target=harm)
        harmer.start()
        try:
            for number in range(JOBS):
                data = document(chance.randint(1, 4), "1=slow 15", salt=number)
                client = daemon.client()
                while True:
                    try:
                        seq = client.send("SUBMIT", data, name="a.txt", size=len(data), again=True, key=str(number))
                        accepted.append(client.answer(seq, timeout=2)[1]["job"])
                        break
                    except Exception:
                        refused.append(number)
                        client.close()
                        client = daemon.client()
                client.close()
        finally:
            over.set()
            harmer.join()
        client = daemon.client()
        for job in accepted:
            row = client.wait(job)
            assert row["state"] == "complete", row
            result = json.loads(client.result(job))
            assert result["job"] == job and len(result["pages"]) == row["pages"]
            assert all(page["regions"] for page in result["pages"]), result
        rows = client.listed()
        ids = [row["id"] for row in rows]
        # Submissions that were cut off were made again with their keys: one job each.
        assert len(set(accepted)) == JOBS and sorted(accepted) == sorted(ids), (accepted, ids)
        sys.stderr.write(f"{len(refused)} submissions were cut off\n")
        assert sorted(daemon.spooled()) == sorted(ids)
        for job in ids:
            files = os.listdir(os.path.join(daemon.spool, job[-2:], job))
            assert sorted(files) == ["result.json", "result.xml", "source"], files


def restart_resumes():
    """Pages that are done are not done again."""
    with Daemon("[daemon]\nlog_level=debug\n[worker]\nretry_ms=10\n", workers=1) as daemon:
        client = daemon.client()
        marker = os.path.join(daemon.root, "marker")
        job = client.submit(document(3, f"1=once {marker}", "3=slow 400"))
        until(lambda: client.status(job)["done"] == 2, what="two pages")
        pages = os.path.join(daemon.spool, job[-2:], job)
        before = os.stat(os.path.join(pages, "p00002.json")).st_mtime_ns
        daemon.kill()
        daemon.start()
        assert os.stat(os.path.join(pages, "p00002.json")).st_mtime_ns == before
        again = daemon.client()
        again.send("FOLLOW", job=job)
        assert again.wait(job)["state"] == "complete"
        resumed = daemon.log_text().split("ready at")[-1]
        assert "page 3 to worker" in resumed and "page 1 to worker" not in resumed


def clean_end_requeues():
    with Daemon("", workers=1) as daemon:
        client = daemon.client()
        jobs = [client.submit(document(2, "1=slow 100")) for _ in range(5)]
        until(lambda: client.status(jobs[0])["state"] == "running", what="a running job")
        assert daemon.stop() == 0
        daemon.start()
        client = daemon.client()
        for job in jobs:
            assert client.wait(job)["state"] == "complete"


def orphans_are_swept():
    with Daemon() as daemon:
        client = daemon.client()
        job = client.submit(document(1))
        client.wait(job)
        data = b"x" * 10
        client.ask("SUBMIT", name="half", size=2 * len(data))
        client.send("CHUNK", data, seq=client.seq, offset=0)
        until(lambda: len(daemon.spooled()) == 2, what="a half file")
        daemon.kill()
        daemon.start()
        assert daemon.spooled() == [job], daemon.spooled()


main([nothing_is_lost, restart_resumes, clean_end_requeues, orphans_are_swept])
