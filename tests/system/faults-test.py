# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that crash, hang, fall silent and overflow; documents that are refused."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import BUILD, SANITIZED, Daemon, document, main, until

QUICK = "[worker]\nretry_ms=10\nheartbeat_ms=100\nlost_ms=2500\n[limits]\ntask_seconds=1\nmemory=300M\n"


def codes(result):
    return {(w.get("page", 0), w["code"]) for w in result["warnings"]}


def pages_with_text(result):
    return [p["number"] for p in result["pages"] if p["regions"]]


def crash_costs_a_page():
    with Daemon(QUICK) as daemon:
        client = daemon.client()
        bad = client.submit(document(4, "2=crash", "3=exit"))
        good = client.submit(document(3))
        assert client.wait(good)["state"] == "complete"
        row = client.wait(bad)
        assert row["state"] == "partial" and row["done"] == 4, row
        result = json.loads(client.result(bad))
        assert result["status"] == "partial"
        assert codes(result) == {(2, "attempts_exhausted"), (3, "attempts_exhausted")}, codes(result)
        assert pages_with_text(result) == [1, 4]
        assert SANITIZED or "Segmentation" in str(result["warnings"]), result["warnings"]


def crash_once_costs_nothing():
    with Daemon(QUICK) as daemon:
        marker = os.path.join(daemon.root, "once")
        client = daemon.client()
        job = client.submit(document(2, f"1=once {marker}"))
        assert client.wait(job)["state"] == "complete"
        assert os.path.exists(marker)


def hang_is_ended():
    with Daemon(QUICK) as daemon:
        client = daemon.client()
        bad = client.submit(document(2, "1=hang"))
        good = [client.submit(document(1)) for _ in range(5)]
        for job in good:
            assert client.wait(job)["state"] == "complete"
        assert client.wait(bad)["state"] == "partial"
        assert codes(json.loads(client.result(bad))) == {(1, "time_limit")}


def silence_is_noticed():
    with Daemon(QUICK.replace("task_seconds=1", "task_seconds=60").replace("lost_ms=2500", "lost_ms=600")
                + "[worker]\nattempts=2\n") as daemon:
        client = daemon.client()
        bad = client.submit(document(2, "1=mute"))
        assert client.wait(bad)["state"] == "partial"
        assert codes(json.loads(client.result(bad))) == {(1, "attempts_exhausted")}


def memory_is_bounded():
    if SANITIZED:
        return "SKIP memory is not limited under sanitizers"
    with Daemon(QUICK.replace("task_seconds=1", "task_seconds=30")) as daemon:
        client = daemon.client()
        bad = client.submit(document(2, "2=fill"))
        assert client.wait(bad)["state"] == "partial"
        assert codes(json.loads(client.result(bad))) == {(2, "memory_limit")}
    return None


def refused_leaves_no_trace():
    with Daemon(QUICK) as daemon:
        client = daemon.client()
        for code in ("file_empty", "password_required", "page_count_limit", "language_missing"):
            job = client.submit(document(1, f"refuse={code}"), name=f"{code}.pdf")
            row = client.wait(job)
            assert row["state"] == "failed" and row["code"] == code and row["text"], row
            result = json.loads(client.result(job))
            assert result["status"] == "failed" and result["error"]["code"] == code
            assert result["job"] == job and result["source"]["name"] == f"{code}.pdf"
            assert b'status="failed"' in client.result(job, "xml")
            assert job not in daemon.spooled()
        for order in ("1=fail page_damaged", "1=fail page_size_limit"):
            row = client.wait(client.submit(document(1, order)))
            assert row["state"] == "failed" and row["code"] == order.split()[1], row
        row = client.wait(client.submit(document(3, "2=fail language_missing")))
        assert row["state"] == "failed" and row["code"] == "language_missing", row
        row = client.wait(client.submit(document(2, "document=crash")))
        assert row["state"] == "failed" and row["code"] == "attempts_exhausted", row
        row = client.wait(client.submit(document(3), options={"pages": "7-"}))
        assert row["state"] == "failed" and row["code"] == "page_range", row
        assert daemon.spooled() == [], daemon.spooled()


def ranges_are_kept():
    with Daemon(QUICK) as daemon:
        client = daemon.client()
        job = client.submit(document(9, "1=crash"), options={"pages": "2-3,8-"})
        row = client.wait(job)
        assert row["state"] == "complete" and row["pages"] == 4, row
        assert pages_with_text(json.loads(client.result(job))) == [2, 3, 8, 9]


def workers_share_a_page():
    """Stages dealt out over workers of different kinds."""
    with Daemon(QUICK + "[worker]\nstages=probe,extract,understand,merge\n", workers=1) as daemon:
        others = [subprocess.Popen(
            [os.path.join(BUILD, "tests/system/faulty-worker"), "--connect", daemon.worker_endpoint,
             "--stages", stages, *spool], stderr=daemon.log)
            for stages, spool in (("rasterize", ["--spool", daemon.spool]),
                                  ("layout,ocr", []), ("table,vlm", []))]
        try:
            client = daemon.client()
            job = client.submit(document(5))
            assert client.wait(job)["state"] == "complete"
            assert pages_with_text(json.loads(client.result(job))) == [1, 2, 3, 4, 5]
        finally:
            for process in others:
                process.terminate()
            assert [process.wait(30) for process in others] == [0, 0, 0]


def workers_are_replaced():
    with Daemon(QUICK + "[worker]\nrecycle_tasks=3\n") as daemon:
        client = daemon.client()
        first = set(daemon.worker_pids())
        jobs = [client.submit(document(3)) for _ in range(6)]
        assert all(client.wait(job)["state"] == "complete" for job in jobs)
        assert not set(until(daemon.worker_pids)) & first
        assert "failed" not in daemon.log_text()


main([crash_costs_a_page, crash_once_costs_nothing, hang_is_ended, silence_is_noticed,
      memory_is_bounded, refused_leaves_no_trace, ranges_are_kept, workers_share_a_page,
      workers_are_replaced])
