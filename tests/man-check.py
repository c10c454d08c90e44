#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the manual pages: they render without a warning, their options are those
of --help, and the protocol's, the library's and the errors' names are complete."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

SRC = os.environ.get("G_TEST_SRCDIR", ".")
BUILD = os.environ.get("G_TEST_BUILDDIR", ".")
results = []


def report(name, problems, skip=None):
    results.append(bool(problems))
    for problem in problems:
        print("#", problem)
    state = "not ok" if problems else "ok"
    print(state, len(results), "-", name, "# SKIP " + skip if skip else "", flush=True)


def read(*parts):
    with open(os.path.join(SRC, *parts), encoding="utf-8") as handle:
        return handle.read()


def page_options(text):
    """The options that have an item of a list; --help needs none."""
    found = set()
    for item in re.findall(r"^\.It (Fl .*)$", text, re.M):
        names = re.findall(r"Fl (-?[\w-]+)", item.replace("Fl Fl ", "Fl -"))
        long_names = [name[1:] for name in names if name.startswith("-")]
        short = [name for name in names if not name.startswith("-")]
        found.update("--" + name for name in long_names)
        found.update("-" + name for name in short)
    return found


def help_options(program):
    run = subprocess.run([program, "--help-all"], capture_output=True, text=True, check=False)
    text = run.stdout
    if run.returncode != 0 or not text:
        text = subprocess.run([program, "--help"], capture_output=True, text=True, check=False).stdout
    found = set()
    for line in text.splitlines():
        match = re.match(r"^  (?:-(\w), )?--([\w-]+)", line)
        if match and match.group(2) not in ("help-all",):
            found.add("--" + match.group(2))
            if match.group(1):
                found.add("-" + match.group(1))
    return found


def find_program(name):
    for place in [os.path.join(BUILD, name)] + sorted(glob.glob(os.path.join(BUILD, "src", "*", name))):
        if os.access(place, os.X_OK) and not os.path.isdir(place):
            return place
    return None


def check_rendering(path):
    problems = []
    if shutil.which("groff"):
        run = subprocess.run(["groff", "-ww", "-man", "-z", path], capture_output=True, text=True, check=False)
        problems += run.stderr.splitlines()
    if shutil.which("mandoc"):
        run = subprocess.run(["mandoc", "-T", "lint", path], capture_output=True, text=True, check=False)
        # Whether other packages' pages are installed says nothing about ours.
        problems += [line for line in (run.stdout + run.stderr).splitlines()
                     if "referenced manual not found" not in line and "mandoc.db" not in line]
    return problems


def check_references(path, pages):
    text = read(path)
    wanted = re.findall(r"^\.Xr (\S*docai\S*) (\d)", text, re.M)
    return ["no page %s(%s)" % ref for ref in sorted(set(wanted)) if "%s.%s" % ref not in pages]


def check_options(path):
    name = os.path.basename(path).rsplit(".", 1)[0]
    program = find_program(name)
    if program is None:
        return None
    documented, offered = page_options(read(path)), help_options(program)
    for options in (documented, offered):
        options.difference_update(("-h", "--help"))
    return (["%s is not in the manual" % name for name in sorted(offered - documented)]
            + ["%s is not in --help" % name for name in sorted(documented - offered)])


def check_protocol():
    page = read("man", "docai-protocol.7")
    table = json.loads(read("schemas", "protocol.json"))
    sections = dict(re.findall(r"^\.Ss (.+?)\n(.*?)(?=^\.S[hs] )", page, re.M | re.S))
    problems = []

    def compare(where, members):
        items = re.findall(r"^\.It Va (\w+) Pq (\w+)(, optional)?$", sections.get(where, ""), re.M)
        have = [(name, kind, not optional) for name, kind, optional in items]
        want = [(m["name"], m["type"], m["required"]) for m in members]
        if have != want:
            problems.append("%s: page %s, table %s" % (where, have, want))

    for message in table["messages"]:
        if any("client" in direction for direction in message["direction"]):
            compare(message["name"], message["members"])
            if message["replies"]:
                section = sections.get(message["name"], "")
                answers = re.findall(r"Answered by\n((?:\.Ic \w+.*\n|or\n)+)", section)
                have = re.findall(r"^\.Ic (\w+)", answers[0], re.M) if answers else []
                if have != message["replies"]:
                    problems.append("%s: answers %s, table %s" % (message["name"], have, message["replies"]))
        elif ".Ic %s" % message["name"] not in page:
            problems.append("%s is not named" % message["name"])
    compare("The job object", table["job"])
    for limit in ("header_bytes", "inline_bytes", "result_bytes", "frame_bytes"):
        if str(table["limits"][limit]) not in page:
            problems.append("the limit %s is not told" % limit)
    return problems


def check_errors():
    codes = re.findall(r'^  X \(\w+,\s+"(\w+)",\s+\w+,\s+\d+, "([^"]*)"\)', read("src", "base", "error.h"), re.M)
    page = read("man", "docai-protocol.7")
    have = re.findall(r"^\.It Er (\w+)\n(.*)$", page, re.M)
    return ["page %s, table %s" % pair for pair in zip(have, codes) if pair[0] != pair[1]] or \
        ([] if len(have) == len(codes) else ["%d codes of %d" % (len(have), len(codes))])


def check_job_options():
    names = re.findall(r'^  \{ "(\w+)", OPTION_', read("src", "base", "options.c"), re.M)
    page = read("man", "docai-protocol.7")
    part = page[page.index(".Sh OPTIONS OF A JOB"):]
    have = re.findall(r"^\.It Va (\w+) Pq", part[:part.index(".El")], re.M)
    return [] if sorted(have) == sorted(names) else ["page %s, table %s" % (have, names)]


def check_library():
    declared = set(re.findall(r"\b(docai_client_\w+) ?\(", read("src", "client", "docai.h")))
    documented = set(re.findall(r"^\.F[no] (docai_client_\w+)", read("man", "libdocai.3"), re.M))
    return ["%s is only in one of page and header" % name for name in sorted(declared ^ documented)]


def check_completions():
    problems = []
    for path in sorted(glob.glob(os.path.join(SRC, "completions", "docai-*"))):
        name = os.path.basename(path)
        program = find_program(name)
        text = read("completions", name)
        for option in sorted(help_options(program) if program else ()):
            if option.startswith("--") and not re.search(r"(?<![\w-])%s(?![\w-])" % option, text):
                problems.append("%s: %s is not completed" % (name, option))
    return problems


def main():
    paths = sorted(os.path.join("man", os.path.basename(path)) for path in glob.glob(os.path.join(SRC, "man", "*.[1-8]")))
    pages = {os.path.basename(path) for path in paths}
    for path in paths:
        report("%s renders" % path, check_rendering(os.path.join(SRC, path)))
        report("%s refers to pages that are there" % path, check_references(path, pages))
        if path[-1] in "18":
            problems = check_options(path)
            report("%s has the options of --help" % path, problems or [],
                   "the program is not built" if problems is None else None)
    report("docai-protocol(7) has all messages", check_protocol())
    report("docai-protocol(7) has all error codes", check_errors())
    report("docai-protocol(7) has all job options", check_job_options())
    report("libdocai(3) has all functions", check_library())
    report("completions have all options", check_completions())
    print("1..%d" % len(results))
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
