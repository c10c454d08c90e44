#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random answers under a schema's mask must parse and validate, whatever the tokens."""
import json
import os
import subprocess
import tempfile

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    raise SystemExit(0)

SCHEMAS = [
    True,
    {"type": "object"},
    {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 5},
    {"type": "object", "properties": {"VendorName": {"type": "string", "maxLength": 20}, "InvoiceTotal": {"type": "number"},
                                      "InvoiceDate": {"type": "string", "format": "date"},
                                      "Items": {"type": "array", "maxItems": 3, "items": {"$ref": "#/$defs/item"}}},
     "required": ["InvoiceTotal", "VendorName"], "additionalProperties": False,
     "$defs": {"item": {"type": "object", "properties": {"Description": {"type": "string"}, "Quantity": {"type": "integer", "minimum": 1},
                                                        "Tax": {"anyOf": [{"type": "null"}, {"type": "number", "minimum": 0, "maximum": 1}]}},
                        "required": ["Description"], "additionalProperties": False}}},
    {"enum": ["invoice", "receipt", "a \"quoted\" \\ \u20ac", 3, None, {"k": [1, 2]}]},
    {"type": "string", "minLength": 3, "maxLength": 6},
    {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}( [A-Z0-9]{4}){1,3}$"},
    {"type": "string", "pattern": "(ab|c)d+"},
    {"definitions": {"node": {"type": "object", "properties": {"name": {"const": "n"}, "kids": {"type": "array", "items": {"$ref": "#/definitions/node"}}},
                              "required": ["name", "kids"], "additionalProperties": False}}, "$ref": "#/definitions/node"},
    {"type": ["boolean", "integer", "null"], "minimum": 0},
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "boolean"}}},
    {"type": "object", "properties": {c: {"type": "integer"} for c in "abcdef"}, "required": ["c", "e"], "additionalProperties": False},
    {"type": "integer", "minimum": -31, "exclusiveMaximum": 12345},
    {"type": "integer", "maximum": -7},
    {"type": "integer", "multipleOf": 25, "minimum": -60, "maximum": 1000},
    {"type": "number", "minimum": 0.05, "exclusiveMaximum": 12.5},
    {"type": "number", "exclusiveMinimum": -3.25, "maximum": 1000000},
    {"type": "number", "exclusiveMinimum": 0},
    {"type": "number", "minimum": 2.125, "maximum": 2.25},
    {"oneOf": [{"type": "string", "maxLength": 4}, {"type": "array", "items": {"type": "integer", "minimum": 10, "maximum": 99}, "maxItems": 2}]},
    {"type": "object", "required": ["total"], "additionalProperties": {"type": "number", "minimum": 1, "maximum": 2}},
    {"type": "object", "required": ["anything"], "properties": {"other": {"type": "null"}}},
]
FAMILIES = ["qwen2_vl", "llava", "idefics3"]

program = os.path.join(os.environ.get("G_TEST_BUILDDIR", "."), "tests", "unit", "grammar-test")
print(f"1..{len(FAMILIES)}")
for number, family in enumerate(FAMILIES, 1):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(SCHEMAS, f)
        f.flush()
        lines = subprocess.run([program, "--walk", f.name, family, "8"], check=True, capture_output=True, timeout=300).stdout
    wrong, distinct = [], set()
    for line in lines.decode("utf-8").split("\n")[:-1]:
        index, answer, *refusal = json.loads(line)
        try:
            if answer is None:
                raise ValueError(refusal or "no answer in the budget")
            value = json.loads(answer)
            jsonschema.validate(value, SCHEMAS[index])
            distinct.add((index, answer))
        except Exception as problem:
            wrong.append((index, answer, str(problem).splitlines()[0]))
    for item in wrong[:5]:
        print("#", item)
    good = not wrong and len(distinct) > 60 and len({i for i, _ in distinct}) == len(SCHEMAS)
    print(f"{'ok' if good else 'not ok'} {number} - {family}: {len(distinct)} different answers")
