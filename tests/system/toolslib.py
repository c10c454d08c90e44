# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the command-line tools share: small documents, a daemon in a
folder of its own, running tools, TAP."""
import glob
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import traceback

BUILD = os.path.abspath(os.environ.get("G_TEST_BUILDDIR", "."))
SRC = os.path.abspath(os.environ.get("G_TEST_SRCDIR", "."))
TIMEOUT = 120

with open(os.path.join(BUILD, "config.h"), encoding="utf-8") as config:
    SANITIZED = "#define DOCAI_SANITIZED 1" in config.read()


def program(name):
    for path in glob.glob(os.path.join(BUILD, "src", "*", name)):
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(name)


def make_pdf(text="Hello", pages=1, padding=0):
    """A PDF of one line of text a page, `padding` bytes larger by a comment."""
    kids = " ".join("%d 0 R" % (4 + 2 * i) for i in range(pages))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               "<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for i in range(pages):
        content = "BT /F1 12 Tf 72 700 Td (%s page %d) Tj ET" % (text, i + 1)
        objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
                       "/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i))
        objects.append("<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = b"%PDF-1.4\n"
    if padding:
        out += b"%" + b"x" * padding + b"\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += ("%d 0 obj\n%s\nendobj\n" % (number, body)).encode()
    start = len(out)
    out += ("xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)).encode()
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += ("trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)).encode()
    return out


def write(path, data):
    with open(path, "wb") as handle:
        handle.write(data)
    return path


def wait_for(condition, what, seconds=TIMEOUT):
    """Waits until the condition is true; looks often, since there is nothing to block on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("%s has not come" % what)


class Daemon:
    """A docaid with sockets and store in a folder."""

    def __init__(self, folder, workers=1, config=None):
        self.folder = folder
        self.config = config
        self.endpoint = "ipc://%s/run/client.sock" % folder
        self.process = None
        self.start(workers)

    def start(self, workers):
        for name in ("run", "state"):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)
        read_end, write_end = os.pipe()
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [program("docaid"), "--runtime-dir", os.path.join(self.folder, "run"), "--state-dir",
                 os.path.join(self.folder, "state"), "--workers", str(workers), "--ready-fd", str(write_end)] + (["--config", self.config] if self.config else []),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(write_end,))
        os.close(write_end)
        ready = os.read(read_end, 1)
        os.close(read_end)
        if not ready:
            with open(os.path.join(self.folder, "log"), encoding="utf-8") as log:
                raise AssertionError("docaid did not start: " + log.read()[-2000:])

    def stop(self, number=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(TIMEOUT)
            self.process = None


class Case:
    """One test's scratch folder, environment and processes; all end with it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="dt")
        self.temporary = os.path.join(self.folder, "tmp")
        os.mkdir(self.temporary)
        self.daemons = []
        self.processes = []
        self.endpoint = None

    def daemon(self, workers=1, config=None):
        daemon = Daemon(os.path.join(self.folder, "d%d" % len(self.daemons)), workers, config)
        self.daemons.append(daemon)
        self.endpoint = daemon.endpoint
        return daemon

    def environment(self, extra=None):
        # Away from a daemon that may run on this machine.
        environment = dict(os.environ, TMPDIR=self.temporary, XDG_RUNTIME_DIR=self.temporary, DOCAI_ENDPOINT="")
        for name in ("DOCAI_PASSWORD", "DOCAI_DOCAID", "TERM"):
            environment.pop(name, None)
        if self.endpoint:
            environment["DOCAI_ENDPOINT"] = self.endpoint
        environment.update(extra or {})
        return environment

    def start(self, name, *arguments, env=None, **options):
        process = subprocess.Popen([program(name), *arguments], env=self.environment(env), cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.processes.append(process)
        return process

    def run(self, name, *arguments, status=0, env=None, data=None):
        """Runs a tool to its end; its standard output and error as bytes."""
        done = subprocess.run([program(name), *arguments], env=self.environment(env), cwd=self.folder,
                              input=data if data is not None else b"", capture_output=True, timeout=TIMEOUT, check=False)
        assert done.returncode == status, "%s %s ended with %d instead of %d: %s" % (
            name, arguments, done.returncode, status, done.stderr[-2000:])
        return done.stdout, done.stderr

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def jobs(self):
        out, _ = self.run("docai-queue", "--json", "-n", "0")
        return [json.loads(line) for line in out.splitlines()]

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        for daemon in self.daemons:
            daemon.stop(signal.SIGKILL if daemon.process is not None else 0)
        shutil.rmtree(self.folder, ignore_errors=True)


def run_tests(tests):
    """Runs functions that take a Case; prints TAP."""
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        case = Case()
        try:
            skip = test(case)
            print("ok %d - %s%s" % (number, test.__name__, " # SKIP " + skip if skip else ""), flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("#", line)
            print("not ok %d - %s" % (number, test.__name__), flush=True)
        finally:
            case.end()
    return 1 if failed else 0
