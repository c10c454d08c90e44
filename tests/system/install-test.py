#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed works from wherever it lies, and has all that others need."""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from toolslib import BUILD, SANITIZED, SRC, run_tests  # noqa: E402


def clean(**more):
    """An environment without what the build's own tools would find."""
    names = ("HOME", "TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "OMP_THREAD_LIMIT")
    return dict({name: os.environ[name] for name in names if name in os.environ}, PATH="/usr/bin:/bin", **more)


def installed(case):
    """A staged installation, moved away from where it was made for. Its root."""
    stage = case.path("stage")
    done = subprocess.run(["make", "-s", "-C", BUILD, "install", "DESTDIR=" + stage, "prefix=/opt/docai"],
                          env=clean(), capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert os.listdir(stage) == ["opt"], os.listdir(stage)
    return shutil.move(os.path.join(stage, "opt", "docai"), case.path("elsewhere"))


def test_installed(case):
    root = installed(case)
    for path in ("share/docai/schemas/protocol.json", "share/docai/schemas/docai-1.schema.json",
                 "share/docai/schemas/docai-1.xsd", "share/docai/profiles/fast.ini", "share/man/man8/docaid.8",
                 "share/bash-completion/completions/docai-model", "include/docai.h", "lib/pkgconfig/docai.pc"):
        assert os.path.exists(os.path.join(root, path)), path
    with open(os.path.join(root, "share/docai/schemas/protocol.json"), encoding="utf-8") as handle:
        assert "SUBMIT" in {message["name"] for message in json.load(handle)["messages"]}
    env = clean(XDG_RUNTIME_DIR=case.temporary, DOCAI_ENDPOINT="")
    done = subprocess.run([os.path.join(root, "bin", "docai-submit"), os.path.join(SRC, "examples", "invoice.pdf")],
                          env=env, cwd="/", capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["fields"]["InvoiceId"]["value"] == "2024-0815"


PROGRAM = b"""#include <docai.h>
#include <stdio.h>
int main (void)
{
  g_autofree char *endpoint = docai_client_default_endpoint ();
  return puts (endpoint) < 0;
}
"""


def test_library(case):
    """A program is compiled and linked with what pkg-config says."""
    if SANITIZED or shutil.which("pkg-config") is None:
        return "a program without the sanitizers cannot link the library"
    root = installed(case)
    with open(case.path("program.c"), "wb") as handle:
        handle.write(PROGRAM)
    described = os.path.join(root, "lib", "pkgconfig", "docai.pc")
    with open(described, encoding="utf-8") as handle:
        text = re.sub("^prefix=.*$", "prefix=" + root, handle.read(), flags=re.M)
    with open(described, "w", encoding="utf-8") as handle:
        handle.write(text)
    env = clean(PKG_CONFIG_PATH=os.path.dirname(described))
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "docai"], env=env,
                           capture_output=True, text=True, check=False)
    assert flags.returncode == 0, flags.stderr
    done = subprocess.run(["gcc", "program.c", "-o", "program", *flags.stdout.split()], cwd=case.folder, env=env,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, (flags.stdout, done.stderr)
    out = subprocess.run([case.path("program")], env=dict(env, LD_LIBRARY_PATH=os.path.join(root, "lib"), DOCAI_ENDPOINT="ipc://x"),
                         capture_output=True, text=True, check=False)
    assert out.returncode == 0 and out.stdout == "ipc://x\n", out
    return None


if __name__ == "__main__":
    sys.exit(run_tests([test_installed, test_library]))
