#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""docai-submit and docai-queue with the real daemon and pipeline."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from toolslib import make_pdf, run_tests, wait_for, write  # noqa: E402


def load(path):
    with open(path, encoding="utf-8") as handle:
        return json.load(handle)


def text_of(document):
    return " ".join(region["text"] for page in document["pages"] for region in page["regions"])


def test_private_daemon(case):
    """Without a daemon a private one is started, said so, and leaves nothing behind."""
    path = write(case.path("a.pdf"), make_pdf("Private"))
    out, err = case.run("docai-submit", path)
    document = json.loads(out)
    assert document["status"] == "complete" and "Private page 1" in text_of(document), document
    assert b"private" in err and b"a.pdf: page 1, 1 of 1" in err, err
    assert os.listdir(case.temporary) == [], os.listdir(case.temporary)
    out, err = case.run("docai-submit", "-q", path)
    assert err == b"", err
    _, err = case.run("docai-submit", "--no-private", path, status=69)
    assert b"no_daemon" in err, err
    _, err = case.run("docai-submit", path, status=69, env={"DOCAI_DOCAID": "/bin/false"})
    assert b"did not start" in err, err
    assert os.listdir(case.temporary) == [], os.listdir(case.temporary)


def test_formats(case):
    case.daemon()
    path = write(case.path("a.pdf"), make_pdf("Format", 2))
    marks = {"json": b'"schema":"docai/1"', "xml": b"urn:docai:1", "md": b"Format page 2", "txt": b"\f",
             "csv": b"", "html": b"<!DOCTYPE html>", "hocr": b"ocrx_word", "alto": b"<String"}
    for name, mark in marks.items():
        out, _ = case.run("docai-submit", "-f", name, path)
        assert mark in out, (name, out)
        if name in ("xml", "html", "hocr", "alto"):
            ET.fromstring(out)
    plain, _ = case.run("docai-submit", path)
    pretty, _ = case.run("docai-submit", "--pretty", path)
    assert plain.count(b"\n") == 1 and pretty.count(b"\n") > 20
    first, second = json.loads(plain), json.loads(pretty)
    first.pop("job"), second.pop("job")
    assert first == second


NAMES = [b"plain.pdf", b"sp ace  .pdf", b"quote'\"q.pdf", b"new\nline.pdf", b"-dash.pdf", b"--version.pdf",
         b"$(id)`id`.pdf", b"a;touch owned;.pdf", "Überweisung_発票_🧾.pdf".encode(), b"bad\xff\xfe.pdf",
         b"..%2f..%2fescape.pdf", b"....dots....pdf.pdf", b".hidden.pdf", b".pdf", b"noext", b"%s%n.pdf",
         b"n" * 251 + b".pdf", "ü".encode() * 127 + b"x", b"tab\tx.pdf", b"\x1b[31mred.pdf"]


def test_names(case):
    """Names of any bytes: one result each, inside the folder, readable."""
    case.daemon()
    inside = os.fsencode(case.path("in"))
    os.mkdir(inside)
    for name in NAMES:
        write(os.path.join(inside, name), make_pdf("Name"))
    before = set(os.listdir(case.folder))
    done = subprocess.run([*map(os.fsencode, command(case, "docai-submit")), b"-o", b"../out", b"--", *NAMES],
                          cwd=inside, env=case.environment(), capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stderr and b"bad\xff" not in done.stderr
    results = os.listdir(os.fsencode(case.path("out")))
    assert len(results) == len(NAMES), results
    for name in (b"plain.json", b"sp ace  .json", b"new\nline.json", b"-dash.json", b".hidden.json", b".pdf.json",
                 b"noext.json", b"bad\xff\xfe.json", b"..%2f..%2fescape.json", b"....dots....pdf.json"):
        assert name in results, (name, results)
    assert max(map(len, results)) <= 255
    for name in results:
        with open(os.path.join(os.fsencode(case.path("out")), name), "rb") as handle:
            assert json.loads(handle.read())["status"] == "complete", name
    assert set(os.listdir(case.folder)) - before == {"out"}
    assert set(os.listdir(inside)) == set(NAMES)


def command(_case, name):
    from toolslib import program
    return [program(name)]


def test_same_stem(case):
    """Inputs of one stem do not overwrite one another, and it is said."""
    case.daemon()
    os.makedirs(case.path("sub"))
    paths = [write(case.path(name), make_pdf("Stem%d" % i)) for i, name in
             enumerate(("a.pdf", "a.dat", "sub/a.pdf", "sub/a.dat"))]
    _, err = case.run("docai-submit", "-o", "out", *paths)
    want = ["a.json", "a.dat.json", "a.pdf.json", "a.dat-2.json"]
    assert sorted(os.listdir(case.path("out"))) == sorted(want)
    for i, name in enumerate(want):
        assert "Stem%d " % i in text_of(load(case.path("out", name))), name
    assert err.count(b"another document has the name") == 3, err


def test_output(case):
    """-o: files and folders, whole or not at all, links replaced and not followed."""
    case.daemon()
    path = write(case.path("a.pdf"), make_pdf())
    case.run("docai-submit", "-o", "x.json", path)
    assert load(case.path("x.json"))["status"] == "complete"
    case.run("docai-submit", "-o", "new/", path)
    assert os.listdir(case.path("new")) == ["a.json"]
    write(case.path("victim"), b"precious")
    os.unlink(case.path("new", "a.json"))
    os.symlink("../victim", case.path("new", "a.json"))
    case.run("docai-submit", "-o", "new", path)
    with open(case.path("victim"), "rb") as handle:
        assert handle.read() == b"precious"
    assert not os.path.islink(case.path("new", "a.json")) and load(case.path("new", "a.json"))
    out, _ = case.run("docai-submit", "-o", "/dev/stdout", path)
    assert json.loads(out)["status"] == "complete"
    case.run("docai-submit", "-o", "/dev/full", path, status=73)
    case.run("docai-submit", "-o", "no/such/x.json", path, status=73)
    case.run("docai-submit", "-o", "a.pdf/", path, status=73)
    mask = os.umask(0o027)
    case.run("docai-submit", "-o", "mode.json", path)
    os.umask(mask)
    assert os.stat(case.path("mode.json")).st_mode & 0o777 == 0o640
    assert not [name for name in os.listdir(case.folder) if name.startswith(".docai")]


def test_refused(case):
    """Refused documents have a result, a code, an exit status; the others go on."""
    case.daemon()
    write(case.path("empty.pdf"), b"")
    write(case.path("text.pdf"), b"no document at all\n" * 20)
    write(case.path("good.pdf"), make_pdf("Good"))
    _, err = case.run("docai-submit", "-o", "out", "empty.pdf", "missing.pdf", "good.pdf", "text.pdf", status=65)
    assert load(case.path("out", "good.json"))["status"] == "complete"
    for name, code in (("empty", "file_empty"), ("missing", "file_not_readable"), ("text", "type_unsupported")):
        document = load(case.path("out", name + ".json"))
        assert document["status"] == "failed" and document["error"]["code"] == code, document
        assert (name + ".pdf: ").encode() in err and code.encode() in err, err
    out, _ = case.run("docai-submit", "text.pdf", status=65)
    assert json.loads(out)["error"]["code"] == "type_unsupported"
    case.run("docai-submit", "--pages", "5-", "good.pdf", status=64)
    case.run("docai-submit", "missing.pdf", status=66)
    case.run("docai-submit", "--lang", "xyz", "--ocr", "always", "good.pdf", status=78)


def test_command_line(case):
    path = write(case.path("a.pdf"), make_pdf())
    for arguments in ([], ["--nonsense", path], ["-f", "docx", path], ["-", "-"], ["--no-wait", "-o", "x", path],
                      ["-f", "xml", path, path], ["--lang", "../x", path], ["--pages", "x", path],
                      ["--dpi", "9", path], ["--dpi", "x", path], ["--priority", "now", path],
                      ["--schema", path, path]):
        _, err = case.run("docai-submit", *arguments, status=64)
        assert err, arguments
    case.run("docai-submit", "--schema", "missing", path, status=66)
    for name in ("docai-submit", "docai-queue", "docai-watch"):
        out, _ = case.run(name, "--version")
        assert out.startswith(name.encode() + b" "), out
        out, _ = case.run(name, "--help")
        assert b"--version" in out
    case.run("docai-queue", "list", "x", status=64)
    case.run("docai-queue", "show", status=64)
    case.run("docai-queue", "dance", status=64)
    case.run("docai-queue", status=69)


def test_stdin(case):
    case.daemon()
    out, _ = case.run("docai-submit", "-", data=make_pdf("Pipe"))
    assert json.loads(out)["source"]["name"] == "stdin"
    out, _ = case.run("docai-submit", "--name", "scan.pdf", "-", data=make_pdf("Pipe", padding=3 << 20))
    document = json.loads(out)
    assert document["source"]["name"] == "scan.pdf" and document["source"]["bytes"] > 3 << 20
    case.run("docai-submit", "-o", "out/", "--name", "n.pdf", "-", data=make_pdf("Pipe"))
    assert os.listdir(case.path("out")) == ["n.json"]


def test_order_and_many(case):
    """More documents than are submitted ahead; results keep their order."""
    case.daemon(2)
    paths = [write(case.path("%d.pdf" % i), make_pdf("Number%d" % i, 1 + i % 3)) for i in range(80)]
    out, _ = case.run("docai-submit", "-q", *paths)
    documents = [json.loads(line) for line in out.splitlines()]
    assert [document["source"]["name"] for document in documents] == ["%d.pdf" % i for i in range(80)]
    assert all("Number%d " % i in text_of(document) for i, document in enumerate(documents))


def test_large(case):
    """A document in many chunks, more than may be sent at once."""
    case.daemon()
    path = write(case.path("large.pdf"), make_pdf("Large", padding=23 << 20))
    out, _ = case.run("docai-submit", path)
    document = json.loads(out)
    assert document["status"] == "complete" and document["source"]["bytes"] == os.path.getsize(path)


def test_password(case):
    if shutil.which("qpdf") is None:
        return "qpdf is missing"
    case.daemon()
    write(case.path("plain.pdf"), make_pdf("Secret"))
    subprocess.run(["qpdf", "--encrypt", "geheim", "owner", "256", "--", case.path("plain.pdf"), case.path("locked.pdf")], check=True)
    write(case.path("word"), b"geheim\nrest\n")
    case.run("docai-submit", "locked.pdf", status=77)
    case.run("docai-submit", "--password", "falsch", "locked.pdf", status=77)
    for arguments, env in ((["--password", "geheim"], None), (["--password=geheim"], None),
                           (["--password-file", "word"], None), ([], {"DOCAI_PASSWORD": "geheim"})):
        out, _ = case.run("docai-submit", *arguments, "locked.pdf", env=env)
        assert "Secret page 1" in text_of(json.loads(out))
    return None


def test_password_hidden(case):
    """The password does not stay in the argument list."""
    case.daemon(0)
    write(case.path("a.pdf"), make_pdf())
    process = case.start("docai-submit", "--password", "geheim", "a.pdf")
    wait_for(case.jobs, "the job")
    with open("/proc/%d/cmdline" % process.pid, "rb") as handle:
        assert b"geheim" not in handle.read()
    out, _ = case.run("docai-queue", "show", "--json", case.jobs()[0]["id"])
    assert b"geheim" not in out


def test_queue(case):
    daemon = case.daemon(0)
    paths = [write(case.path("%d.pdf" % i), make_pdf("Queue%d" % i)) for i in range(3)]
    out, _ = case.run("docai-submit", "--no-wait", *paths)
    ids = out.decode().split()
    assert len(ids) == 3
    assert [job["id"] for job in case.jobs()] == ids[::-1]
    assert {job["state"] for job in case.jobs()} == {"queued"}
    out, _ = case.run("docai-queue", "-n", "1", "list")
    assert len(out.splitlines()) == 2 and ids[2].encode() in out
    case.run("docai-queue", "result", ids[0], status=75)
    case.run("docai-queue", "show", "nosuchjob", status=66)
    case.run("docai-queue", "cancel", ids[1])
    case.run("docai-queue", "cancel", ids[1], status=64)
    follower = case.start("docai-queue", "--json", "follow", ids[0])
    assert json.loads(follower.stdout.readline())["state"] == "queued"
    daemon.stop()
    daemon.start(1)
    out, _ = follower.communicate(timeout=120)
    events = [json.loads(line) for line in out.splitlines()]
    assert follower.returncode == 0 and events[-1]["state"] == "complete" and events[-1]["job"] == ids[0], events
    out, _ = case.run("docai-queue", "result", ids[0])
    assert "Queue0 page 1" in text_of(json.loads(out))
    out, _ = case.run("docai-queue", "show", ids[0])
    assert b"complete" in out and b"0.pdf" in out
    case.run("docai-queue", "retry", ids[1])
    case.run("docai-queue", "--json", "follow", ids[1])
    case.run("docai-queue", "result", ids[1])
    case.run("docai-queue", "remove", ids[1])
    case.run("docai-queue", "show", ids[1], status=66)
    out, _ = case.run("docai-queue", "--json", "--state", "complete")
    assert ids[1].encode() not in out and ids[0].encode() in out


def test_interrupt(case):
    """A signal cancels all jobs and ends the program by that signal."""
    case.daemon(0)
    paths = [write(case.path("%d.pdf" % i), make_pdf("Stop%d" % i)) for i in range(3)]
    for number in (signal.SIGINT, signal.SIGTERM):
        process = case.start("docai-submit", *paths, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        wait_for(lambda: [job["state"] for job in case.jobs()].count("queued") == 3, "the jobs")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert process.returncode == -number and b"cancelled 3 jobs" in err and out == b"", (process.returncode, err)
        assert {job["state"] for job in case.jobs()} == {"cancelled"}


def test_cancelled_by_another(case):
    case.daemon(0)
    write(case.path("a.pdf"), make_pdf())
    process = case.start("docai-submit", "-o", "out/", "a.pdf")
    job = wait_for(case.jobs, "the job")[0]["id"]
    case.run("docai-queue", "cancel", job)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 75 and b"cancelled" in err, err
    assert load(case.path("out", "a.json"))["error"]["code"] == "cancelled"


def test_daemon_restarts(case):
    """The daemon is killed while a tool waits, comes back, and the result arrives."""
    daemon = case.daemon(0)
    write(case.path("a.pdf"), make_pdf("Survivor"))
    process = case.start("docai-submit", "a.pdf")
    wait_for(case.jobs, "the job")
    daemon.stop(signal.SIGKILL)
    daemon.start(1)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "Survivor page 1" in text_of(json.loads(out))


MAKE_KEYS = "import sys, zmq.auth; [zmq.auth.create_certificates(sys.argv[1], n) for n in sys.argv[2:]]"


def test_tcp(case):
    """Over tcp with CURVE keys; a stranger gets no answer."""
    keys = case.path("keys")
    os.mkdir(keys)
    python = next((name for name in (sys.executable, "/usr/bin/python3") if subprocess.run(
        [name, "-c", MAKE_KEYS, keys, "server", "client", "stranger"], capture_output=True, check=False).returncode == 0), None)
    if python is None:
        return "pyzmq is missing"
    os.mkdir(case.path("clients"))
    shutil.copy(case.path("keys", "client.key"), case.path("clients"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        endpoint = "tcp://127.0.0.1:%d" % probe.getsockname()[1]
    write(case.path("docai.conf"), ("[daemon]\nlisten=%s\ncertificate=%s/server.key\nclients_dir=%s\n" % (
        endpoint, keys, case.path("clients"))).encode())
    case.daemon(1, case.path("docai.conf"))
    path = write(case.path("a.pdf"), make_pdf("Remote"))
    env = {"DOCAI_ENDPOINT": endpoint, "DOCAI_SERVER_CERTIFICATE": keys + "/server.key", "DOCAI_CERTIFICATE": keys + "/client.key_secret"}
    out, _ = case.run("docai-submit", path, env=env)
    assert "Remote page 1" in text_of(json.loads(out))
    case.run("docai-queue", env=dict(env, DOCAI_CERTIFICATE=keys + "/stranger.key_secret"), status=69)
    case.run("docai-queue", env=dict(env, DOCAI_CERTIFICATE=keys + "/missing"), status=78)
    return None


if __name__ == "__main__":
    sys.exit(run_tests([test_private_daemon, test_formats, test_names, test_same_stem, test_output, test_refused,
                        test_command_line, test_stdin, test_order_and_many, test_large, test_password,
                        test_password_hidden, test_queue, test_interrupt, test_cancelled_by_another,
                        test_daemon_restarts, test_tcp]))
