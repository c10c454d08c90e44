#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docai-watch with the real daemon: what is taken, when, and never twice."""
import json
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from toolslib import BUILD, SANITIZED, make_pdf, run_tests, wait_for, write  # noqa: E402


def load(path):
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)


def text_of(path):
    return " ".join(region["text"] for page in load(path)["pages"] for region in page["regions"])


def start_watch(case, *arguments):
    """docai-watch on the folder `in`, once it says nothing more is to be waited for."""
    os.makedirs(case.path("in"), exist_ok=True)
    return case.start("docai-watch", "--settle", "0.05", *arguments, "in")


def stop(process, number=signal.SIGTERM):
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (0 if number == signal.SIGTERM else -number), (process.returncode, err)
    return err


def result(case, name):
    return wait_for(lambda: os.path.exists(case.path("in", name)) and case.path("in", name), name)


def test_new_and_old(case):
    """Files that were there, that are written, that are moved in."""
    case.daemon()
    os.mkdir(case.path("in"))
    write(case.path("in", "old.pdf"), make_pdf("Old"))
    process = start_watch(case)
    assert "Old page 1" in text_of(result(case, "old.json"))
    write(case.path("in", "new.pdf"), make_pdf("New"))
    assert "New page 1" in text_of(result(case, "new.json"))
    os.rename(write(case.path("moved.pdf"), make_pdf("Moved")), case.path("in", "moved.pdf"))
    assert "Moved page 1" in text_of(result(case, "moved.json"))
    err = stop(process)
    assert b"new.pdf: complete, written to new.json" in err, err
    assert sorted(os.listdir(case.path("in"))) == [".docai-watch.json", "moved.json", "moved.pdf", "new.json", "new.pdf",
                                                   "old.json", "old.pdf"]
    assert len(case.jobs()) == 3


def test_unfinished(case):
    """A file that is being written is not taken, whatever its writer's pauses."""
    case.daemon()
    os.mkdir(case.path("in"))
    data = make_pdf("Slow")
    with open(case.path("in", "slow.pdf"), "wb") as handle:
        handle.write(data[:100])
        handle.flush()
        process = start_watch(case, "--rescan", "1")
        write(case.path("in", "fast.pdf"), make_pdf("Fast"))
        for name in (".hidden.pdf", "x.pdf.part", "y.pdf~", "z.tmp"):
            write(case.path("in", name), data)
        os.mkdir(case.path("in", "folder.pdf"))
        os.symlink("fast.pdf", case.path("in", "link.pdf"))
        result(case, "fast.json")
        write(case.path("in", "later.pdf"), make_pdf("Later"))
        result(case, "later.json")
        handle.write(data[100:])
    assert "Slow page 1" in text_of(result(case, "slow.json"))
    stop(process)
    assert sorted(job["name"] for job in case.jobs()) == ["fast.pdf", "later.pdf", "slow.pdf"]


def test_restart(case):
    """A restart reads nothing twice; a changed file is read anew."""
    case.daemon()
    os.mkdir(case.path("in"))
    for i in range(5):
        write(case.path("in", "%d.pdf" % i), make_pdf("Doc%d" % i))
    _, err = case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert err.count(b"complete") == 5, err
    jobs = len(case.jobs())
    assert jobs == 5
    _, err = case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert err == b"" and len(case.jobs()) == jobs, err
    write(case.path("in", "3.pdf"), make_pdf("Changed"))
    case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert len(case.jobs()) == jobs + 1 and "Changed" in text_of(case.path("in", "3.json"))
    assert "Doc4 " in text_of(case.path("in", "4.json"))
    # What is gone from the folder is forgotten.
    os.unlink(case.path("in", "4.pdf"))
    case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert sorted(load(case.path("in", ".docai-watch.json"))["files"]) == ["0.pdf", "1.pdf", "2.pdf", "3.pdf"]


def test_killed(case):
    """Killed between submission and result: the jobs are followed again, not submitted again."""
    daemon = case.daemon(0)
    process = start_watch(case)
    for i in range(3):
        write(case.path("in", "%d.pdf" % i), make_pdf("Kill%d" % i))

    def submitted():
        state = case.path("in", ".docai-watch.json")
        return os.path.exists(state) and len(load(state)["files"]) == 3
    wait_for(submitted, "the state")
    stop(process, signal.SIGKILL)
    daemon.stop(signal.SIGKILL)
    daemon.start(1)
    process = start_watch(case)
    for i in range(3):
        assert "Kill%d " % i in text_of(result(case, "%d.json" % i))
    stop(process)
    assert len(case.jobs()) == 3


PRELOAD = os.path.join(BUILD, "tests", "system", ".libs", "crash-point.so")


def strike(case, folder, name, **settings):
    """docai-watch on a good and a bad file of that name, ended at a point, and again
    without. Returns the changes that it made to the folder."""
    os.makedirs(case.path(folder))
    write(case.path(folder, name + ".pdf"), make_pdf(name))
    write(case.path(folder, name + ".bad"), b"no document " + name.encode() * 9)
    env = {"LD_PRELOAD": PRELOAD, "CRASH_PROGRAM": "docai-watch", "CRASH_ROOT": folder,
           "CRASH_TRACE": case.path("trace-" + name), "CRASH_ONCE": case.path("struck-" + name)}
    env.update({"CRASH_" + key.upper(): str(value) for key, value in settings.items()})
    process = case.start("docai-watch", "--once", "--settle", "0.01", "--done", case.path(folder, "done"), folder, env=env)
    _, err = process.communicate(timeout=120)
    struck = os.path.exists(case.path("struck-" + name))
    assert process.returncode == (-signal.SIGKILL if struck else 0), (settings, process.returncode, err)
    case.run("docai-watch", "--once", "--settle", "0.01", "--done", case.path(folder, "done"), folder)
    with open(case.path("trace-" + name), encoding="utf-8") as handle:
        return handle.read().splitlines()


def test_killed_anywhere(case):
    """Killed at any change of the folder, the daemon's yes and the note of it included:
    one job, one result, one failure, for each document."""
    if SANITIZED:
        return "the sanitizers' own library must come first"
    case.daemon()
    trace = strike(case, "plain", "plain")
    assert sum(line.startswith("rename /.docai-watch.json") for line in trace) >= 2, trace
    for number, line in enumerate(trace, 1):
        for when in ("before", "after") if line.startswith("rename") else ("before",):
            strike(case, "in%d%s" % (number, when), "%d%s" % (number, when), at=number, when=when)
    names = sorted(job["name"] for job in case.jobs())
    assert len(names) == len(set(names)), names
    for number, line in enumerate(trace, 1):
        folder, name = case.path("in%dbefore" % number), "%dbefore" % number
        there = sorted(os.path.relpath(os.path.join(above, file), folder)
                       for above, _, files in os.walk(folder) for file in files if not file.startswith(".docai-"))
        assert there == sorted(["done/" + name + ".pdf", "failed/" + name + ".bad", name + ".json",
                                "failed/" + name + ".bad.reason.txt"]), (number, line, there)
        assert name + " page 1" in text_of(os.path.join(folder, name + ".json"))
    return None


def test_daemon_restarts(case):
    daemon = case.daemon(0)
    process = start_watch(case)
    write(case.path("in", "a.pdf"), make_pdf("Again"))
    wait_for(case.jobs, "the job")
    daemon.stop(signal.SIGKILL)
    daemon.start(1)
    assert "Again page 1" in text_of(result(case, "a.json"))
    write(case.path("in", "b.pdf"), make_pdf("Next"))
    assert "Next page 1" in text_of(result(case, "b.json"))
    stop(process)
    assert len(case.jobs()) == 2


def test_failures(case):
    """Refused and cancelled documents are moved away, with the reason."""
    daemon = case.daemon()
    process = start_watch(case)
    failed = case.path("in", "failed")
    for n in range(2):
        write(case.path("in", "bad.pdf"), b"this is no document\n" * 9)
        wait_for(lambda: os.path.isdir(failed) and len(os.listdir(failed)) == 2 * n + 2, "the failure")
        assert not os.path.exists(case.path("in", "bad.pdf"))
    write(case.path("in", "empty.pdf"), b"")
    reason = wait_for(lambda: os.path.exists(os.path.join(failed, "empty.pdf.reason.txt")), "the reason") and \
        open(os.path.join(failed, "empty.pdf.reason.txt"), encoding="utf-8").read()
    assert "code: file_empty\n" in reason and "reason: " in reason and "time: " in reason, reason
    assert sorted(os.listdir(failed)) == ["bad.2.pdf", "bad.2.pdf.reason.txt", "bad.pdf", "bad.pdf.reason.txt",
                                          "empty.pdf", "empty.pdf.reason.txt"], os.listdir(failed)
    assert not [name for name in os.listdir(case.path("in")) if name.endswith(".json") and name[0] != "."]
    stop(process)

    daemon.stop()
    daemon.start(0)
    process = start_watch(case, "--failed", "trash", "--out", "out")
    write(case.path("in", "c.pdf"), make_pdf())
    job = wait_for(lambda: [job for job in case.jobs() if job["state"] == "queued"], "the job")[0]["id"]
    case.run("docai-queue", "cancel", job)
    wait_for(lambda: os.path.exists(case.path("trash", "c.pdf.reason.txt")), "the reason")
    stop(process)
    with open(case.path("trash", "c.pdf.reason.txt"), encoding="utf-8") as handle:
        text = handle.read()
    assert "code: cancelled" in text and job in text, text
    assert os.listdir(case.path("out")) == []


def test_results_apart(case):
    """--out, --done and --format; nothing is overwritten."""
    case.daemon()
    os.mkdir(case.path("in"))
    os.mkdir(case.path("out"))
    write(case.path("out", "a.md"), b"mine")
    for name in ("a.pdf", "a.dat", "b.json"):
        write(case.path("in", name), make_pdf("Apart"))
    case.run("docai-watch", "--once", "--settle", "0.01", "--out", "out", "--done", "done", "-f", "md", "in")
    assert sorted(os.listdir(case.path("out"))) == ["a.dat.md", "a.md", "a.pdf.md", "b.md"], os.listdir(case.path("out"))
    with open(case.path("out", "a.md"), "rb") as handle:
        assert handle.read() == b"mine"
    assert sorted(os.listdir(case.path("done"))) == ["a.dat", "a.pdf", "b.json"]
    assert os.listdir(case.path("in")) == [".docai-watch.json"]


def test_names(case):
    """Names of any bytes survive the state file."""
    case.daemon()
    inside = os.fsencode(case.path("in"))
    os.mkdir(inside)
    names = [b"new\nline.pdf", b"bad\xff.pdf", b"$(id).pdf", b"-x.pdf", b"quo\"te'.pdf", b"%41.pdf", b"A.pdf", "ü🧾.pdf".encode()]
    for name in names:
        write(os.path.join(inside, name), make_pdf("Name"))
    case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert len(os.listdir(inside)) == 2 * len(names) + 1
    case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert len(case.jobs()) == len(names)


def test_alone(case):
    """Two on one folder would read everything twice; a folder that goes away is noticed."""
    case.daemon()
    process = start_watch(case)
    write(case.path("in", "a.pdf"), make_pdf())
    result(case, "a.json")
    _, err = case.run("docai-watch", "in", status=75)
    assert b"watched already" in err, err
    case.run("docai-watch", "missing", status=66)
    case.run("docai-watch", status=64)
    os.rename(case.path("in"), case.path("elsewhere"))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 66 and b"gone" in err, err
    write(case.path("elsewhere", ".docai-watch.json"), b"{")
    case.run("docai-watch", "elsewhere", status=65)


def test_private(case):
    """Without a daemon a private one is used."""
    os.mkdir(case.path("in"))
    write(case.path("in", "a.pdf"), make_pdf("Own"))
    _, err = case.run("docai-watch", "--once", "--settle", "0.01", "in")
    assert b"private" in err and "Own page 1" in text_of(case.path("in", "a.json")), err
    case.run("docai-watch", "--no-private", "in", status=69)


if __name__ == "__main__":
    sys.exit(run_tests([test_new_and_old, test_unfinished, test_restart, test_killed, test_killed_anywhere, test_daemon_restarts,
                        test_failures, test_results_apart, test_names, test_alone, test_private]))
