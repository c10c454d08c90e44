#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed schemas are what the model's tables say, and real results of
the runner satisfy them, in JSON and in XML."""
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

SOURCE = os.environ.get("G_TEST_SRCDIR", ".")
BUILD = os.environ.get("G_TEST_BUILDDIR", ".")
count = 0


def check(ok, name, why=""):
    global count
    count += 1
    print("%sok %d %s%s" % ("" if ok else "not ", count, name, "" if ok else " # " + why))


def generated(kind):
    tool = os.path.join(BUILD, "src/document/schemagen")
    return subprocess.run([tool, kind], check=True, capture_output=True).stdout


def committed(name):
    with open(os.path.join(SOURCE, "schemas", name), "rb") as handle:
        return handle.read()


def main():
    check(generated("json") == committed("docai-1.schema.json"), "JSON Schema is up to date")
    check(generated("xsd") == committed("docai-1.xsd"), "XSD is up to date")

    schema = json.loads(committed("docai-1.schema.json"))
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    text = b"%PDF-no pdf at all"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.bin")
        with open(path, "wb") as handle:
            handle.write(text)
        runner = os.path.join(BUILD, "tests/run-pipeline")
        result = subprocess.run([runner, path], capture_output=True).stdout
        document = json.loads(result)
        errors = [e.message for e in validator.iter_errors(document)]
        check(not errors, "a refusal satisfies the JSON Schema", "; ".join(errors)[:200])
        document["surprise"] = 1
        check(not validator.is_valid(document), "an unknown member does not")

        xml = subprocess.run([runner, "--xml", path], capture_output=True).stdout
        out = os.path.join(folder, "x.xml")
        with open(out, "wb") as handle:
            handle.write(xml)
        lint = subprocess.run(["xmllint", "--noout", "--schema",
                               os.path.join(SOURCE, "schemas/docai-1.xsd"), out], capture_output=True)
        check(lint.returncode == 0, "a refusal satisfies the XSD", lint.stderr.decode()[:200])
    print("1..%d" % count)


main()
