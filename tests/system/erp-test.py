#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ERP examples work, and say the same."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from toolslib import BUILD, SRC, make_pdf, run_tests, write  # noqa: E402

INVOICE = os.path.join(SRC, "examples", "invoice.pdf")


def run_example(case, *command):
    done = subprocess.run(command, env=case.environment(), cwd=case.folder, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def documents(case):
    write(case.path("bad.pdf"), b"no document\n" * 20)
    write(case.path("large.pdf"), make_pdf("Large", padding=6 << 20))
    return [INVOICE, case.path("bad.pdf"), case.path("large.pdf"), case.path("missing.pdf")]


def check(case, status, out, err):
    lines = [line.split("\t") for line in out.splitlines()]
    assert status in (65, 66) and len(lines) == 3, (status, out, err)
    assert lines[0][1] in ("complete", "partial") and len(lines[0]) == 6, lines
    assert lines[1][1] == "failed" and lines[2][1:] == ["complete", "?", "?", "?", "?"], lines
    assert "missing.pdf" in err, err
    return lines


def test_c(case):
    case.daemon()
    status, out, err = run_example(case, os.path.join(BUILD, "examples", "erp", "submit"), *documents(case))
    check(case, status, out, err)


def test_python(case):
    python = next((name for name in (sys.executable, "/usr/bin/python3")
                   if subprocess.run([name, "-c", "import zmq"], capture_output=True, check=False).returncode == 0), None)
    if python is None:
        return "pyzmq is missing"
    case.daemon()
    status, out, err = run_example(case, python, os.path.join(SRC, "examples", "erp", "submit.py"), *documents(case))
    lines = check(case, status, out, err)
    same = run_example(case, os.path.join(BUILD, "examples", "erp", "submit"), INVOICE)
    assert same[1].rstrip("\n").split("\t") == lines[0], (same, lines[0])
    return None


def test_no_daemon(case):
    case.endpoint = "ipc:///nonexistent/socket"
    status, _, err = run_example(case, os.path.join(BUILD, "examples", "erp", "submit"), INVOICE)
    assert status == 69 and "no_daemon" in err, err


if __name__ == "__main__":
    sys.exit(run_tests([test_c, test_python, test_no_daemon]))
