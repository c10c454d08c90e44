#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions and schemas through a daemon, with a small server and with a model of the runtime."""
import base64
import http.server
import json
import os
import sys
import threading
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from toolslib import SRC, make_pdf, run_tests, write  # noqa: E402

SCHEMA = json.dumps({"type": "object", "properties": {"warrantyYears": {"type": "integer"}, "iban": {"type": "string"}},
                     "required": ["warrantyYears", "iban"], "additionalProperties": False})


class ChatServer:
    """Answers chat completions by what they ask, and keeps what it was asked."""

    def __init__(self, answers):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                content = call["messages"][-1]["content"]
                text = "".join(part["text"] for part in content if part["type"] == "text")
                images = [base64.b64decode(part["image_url"]["url"].split(",", 1)[1])
                          for part in content if part["type"] == "image_url"]
                asked.append((text, images))
                answer = next(answer for words, answer in answers if words in text)
                body = json.dumps({"choices": [{"message": {"content": json.dumps(answer)}}]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = "http://127.0.0.1:%d/v1" % self.server.server_address[1]


def make_report(case):
    return write(case.path("report.pdf"), make_pdf("Warranty", pages=4))


def status_of(case):
    (job,) = case.jobs()
    return job


def test_server(case):
    """The page with the question's words is shown; answers have places, and what stands nowhere is marked."""
    server = ChatServer([
        ("What kind of document", {"document_type": "report", "confidence": 0.9}),
        ("Summarise", {"summary": "A warranty."}),
        ("What does page 3 say", {"stated": True, "answer": "Warranty page 3", "quote": "", "page": 3, "confidence": 0.9,
                                  "bbox_2d": [100, 100, 500, 200]}),
        ("Who is the king", {"stated": False, "answer": "It does not say.", "quote": "", "page": 0, "confidence": 0.1,
                             "bbox_2d": None}),
        ("Fill the schema", {"warrantyYears": 3, "iban": "DE99"})])
    write(case.path("docai.conf"), ("[vlm]\nbackend=openai\nurl=%s\nmodel=Qwen2-VL-test\npage_images=1\n" % server.url).encode())
    write(case.path("schema.json"), SCHEMA.encode())
    case.daemon(1, case.path("docai.conf"))
    path = make_report(case)
    arguments = ["--ask", "What does page 3 say?", "--ask", "Who is the king?", "--schema", case.path("schema.json"), path]
    document = json.loads(case.run("docai-submit", *arguments)[0])
    said, king = document["answers"]
    assert said["grounded"] and said["answer"] == "Warranty page 3", said
    pointed, words = said["evidence"]
    page = document["pages"][2]
    assert pointed["page"] == words["page"] == 3, said
    assert abs(pointed["bbox"][0] - 0.1 * page["width"]) < 0.5 and abs(pointed["bbox"][3] - 0.2 * page["height"]) < 0.5, said
    assert not king["grounded"] and king["answer"] == "It does not say." and king["evidence"] == [], king
    fields = document["fields"]
    assert fields["warrantyYears"]["grounded"] and fields["warrantyYears"]["page"] == 3, fields
    assert not fields["iban"]["grounded"], fields
    assert [w["code"] for w in document["warnings"]] == ["ungrounded"], document["warnings"]
    images = {text.split("\n")[0]: len(images) for text, images in server.asked}
    assert images["What does page 3 say?"] == images["Fill the schema from the document."] == 1, images
    assert images["Summarise the document in two or three sentences."] == 0, images
    vision = status_of(case)["vision"]
    assert vision["requests"] == len(server.asked) and vision["images"] == sum(images.values()), (vision, images)
    xml = ET.fromstring(case.run("docai-submit", "-f", "xml", *arguments)[0])
    assert any("It does not say." in element.itertext() or element.get("answer") == "It does not say." for element in xml.iter())


def test_runtime(case):
    """Clean text is not looked at in tiles, which the job's status tells; twice the same bytes, all known the second time."""
    model = os.path.join(SRC, "tests", "data", "vlm", "idefics3_tied")
    write(case.path("docai.conf"), ("[vlm]\nbackend=builtin\nmodel_dir=%s\ncache_dir=%s\n" % (model, case.path("tiles"))).encode())
    case.daemon(1, case.path("docai.conf"))
    path = make_report(case)
    results = []
    for _ in range(2):
        document = json.loads(case.run("docai-submit", "--again", "--ask", "What does page 3 say?", path)[0])
        document.pop("job")
        results.append(document)
    assert results[0] == results[1]
    assert len(results[0]["answers"]) == 1 and "vision" not in results[0]
    second, first = (job["vision"] for job in case.jobs())
    assert first["requests"] == second["requests"] == 6, (first, second)
    assert first["tiles"] > 0 and second["tiles"] == 0, (first, second)
    assert second["tiles_known"] == first["tiles"] + first["tiles_known"] == first["images"], (first, second)
    assert first["tiles_guided"] > 0 and first["tokens_saved"] > 0, first
    shown = case.run("docai-queue", "show", case.jobs()[0]["id"])[0].decode()
    assert "tokens_saved" in shown, shown


def make_learnt(case):
    """The shipped labels' model as one that was told that it answers questions: what it says is noise, in its place."""
    shipped, folder = os.path.join(SRC, "models", "default"), case.path("learnt")
    os.mkdir(folder)
    for name in os.listdir(shipped):
        if name != "docai.json":
            os.symlink(os.path.join(os.path.abspath(shipped), name), os.path.join(folder, name))
    question = {"prompt": "{text}\nQuestion: {question}", "text_bytes": 600, "confidence": 0.8}
    write(os.path.join(folder, "docai.json"), json.dumps({"name": "noise", "image_side": 256, "tasks": {"question": question}}).encode())
    return folder


def test_learnt(case):
    """A model with questions only: answers, fields and warnings are told apart whatever it says, twice in the same bytes."""
    schema = {"type": "object", "properties": {
        "buyer": {"type": "object", "properties": {"name": {"type": "string"}, "since": {"type": "string", "format": "date"}}},
        "weight": {"type": "number"}, "parts": {"type": "array", "items": {"type": "string"}}}}
    write(case.path("docai.conf"), ("[vlm]\nbackend=builtin\nmodel_dir=%s\n" % make_learnt(case)).encode())
    write(case.path("schema.json"), json.dumps(schema).encode())
    case.daemon(1, case.path("docai.conf"))
    arguments = ["--again", "--ask", "What is the total?", "--schema", case.path("schema.json"), os.path.join(SRC, "examples", "invoice.pdf")]
    results = [json.loads(case.run("docai-submit", *arguments)[0]) for _ in range(2)]
    for result in results:
        result.pop("job")
    first = results[0]
    assert first == results[1]
    (answer,) = first["answers"]
    assert answer["question"] == "What is the total?" and answer["confidence"] <= 0.8, answer
    assert {"stage": "understand", "engine": "builtin", "model": "noise"} in first["provenance"]["stages"], first["provenance"]
    told = [warning["text"] for warning in first["warnings"]]
    assert any("fields left empty: parts;" in text for text in told), told
    assert "parts" not in first["fields"] and "buyer" not in first["fields"], first["fields"]
    for name in ("buyer.name", "buyer.since", "weight"):
        field = first["fields"].get(name)
        assert field is None or field["grounded"] or any("field %s:" % name in text for text in told), (field, told)
    asked = case.jobs()[0]["vision"]["requests"]
    assert 4 <= asked <= 24, asked  # a question and three fields, in windows of one page


def make_paper(lines):
    """A PDF of one page with (x, y from the top, text) of 10 points."""
    shown = "".join("BT /F1 10 Tf %d %d Td (%s) Tj ET\n" % (x, 842 - y, text) for x, y, text in lines)
    plain = make_pdf("PAPER").decode("latin-1")
    old = "BT /F1 12 Tf 72 700 Td (PAPER page 1) Tj ET"
    return plain.replace("/Length %d" % len(old), "/Length %d" % len(shown)).replace(old, shown).encode("latin-1")


FORM = [(60, 60, "Registration form"), (60, 100, "Surname:"), (200, 100, "Miller"), (60, 120, "Date of birth:"), (200, 120, "3 May 1980"),
        (60, 140, "Occupation:"), (60, 160, "Phone:"), (200, 160, "030 555 1234"), (60, 180, "Number of children:"), (200, 180, "3")]


def asked(case, path, *arguments):
    questions = [part for question in arguments if not question.startswith("--") for part in ("--ask", question)]
    options = [argument for argument in arguments if argument.startswith("--")]
    document = json.loads(case.run("docai-submit", "--again", *options, *questions, path)[0])
    assert document["warnings"] == [], document["warnings"]
    return document


def test_look_up(case):
    """With the model that ships and without any, answers are looked up, with their words and places, or not stated."""
    case.daemon(1)
    path = write(case.path("form.pdf"), make_paper(FORM))
    wanted = {"What is the last name?": "Miller", "Wann ist die Person geboren?": "3 May 1980", "How many children?": "3",
              "What is the occupation?": "not stated", "What is the invoice number?": "not stated"}
    for options in ((), ("--vlm=none",)):
        document = asked(case, path, *options, *wanted)
        assert {answer["question"]: answer["answer"] for answer in document["answers"]} == wanted, document["answers"]
        for answer in document["answers"]:
            stated = answer["answer"] != "not stated"
            assert answer["grounded"] == stated == (answer["confidence"] > 0.5) == (len(answer["evidence"]) == 1), answer
        (place,) = document["answers"][0]["evidence"]
        assert place["page"] == 1 and place["text"] == "Miller" and abs(place["bbox"][0] - 200) < 2 and abs(place["bbox"][3] - 100) < 5, place
        assert {"stage": "understand", "engine": "docai-rules"} in document["provenance"]["stages"], document["provenance"]
    invoice = asked(case, os.path.join(SRC, "examples", "invoice.pdf"), "What is the invoice number?", "Wer ist der Lieferant?")
    fields = invoice["fields"]
    assert [answer["answer"] for answer in invoice["answers"]] == [fields["InvoiceId"]["content"], fields["VendorName"]["content"]], invoice["answers"]


def test_server_away(case):
    """A server that cannot be reached is warned of, and what is asked is looked up."""
    write(case.path("docai.conf"), b"[vlm]\nbackend=openai\nurl=http://127.0.0.1:9/v1\nmodel=none\n")
    case.daemon(1, case.path("docai.conf"))
    path = write(case.path("form.pdf"), make_paper(FORM))
    document = json.loads(case.run("docai-submit", "--ask", "What is the last name?", path)[0])
    (answer,) = document["answers"]
    assert answer["answer"] == "Miller" and answer["grounded"], answer
    assert document["warnings"], document


def asked_schema(case, schema, path):
    document = json.loads(case.run("docai-submit", "--schema", schema, path)[0])
    assert document["warnings"] == [], document["warnings"]
    return document


def test_look_up_schema(case):
    """A schema's texts, dates and numbers; what stands nowhere is left out, and lists are warned of."""
    schema = {"type": "object", "properties": {
        "surname": {"type": "string"}, "birthDate": {"type": "string", "format": "date"}, "children": {"type": "integer", "description": "How many children?"},
        "nationality": {"type": "string"}, "pets": {"type": "array", "items": {"type": "string"}}}}
    write(case.path("schema.json"), json.dumps(schema).encode())
    case.daemon(1)
    path = write(case.path("form.pdf"), make_paper(FORM))
    document = json.loads(case.run("docai-submit", "--no-vlm", "--schema", case.path("schema.json"), path)[0])
    assert {name: field["value"] for name, field in document["fields"].items()} == {"surname": "Miller", "birthDate": "1980-05-03", "children": "3"}, document["fields"]
    assert all(field["grounded"] and field["page"] == 1 for field in document["fields"].values()), document["fields"]
    (warning,) = document["warnings"]
    assert "fields left empty: pets;" in warning["text"], warning
    lines = {"type": "array", "items": {"type": "object", "properties": {
        "article": {"type": "string"}, "unitCost": {"type": "number"}, "lineTotal": {"type": "number"}, "colour": {"type": "string"}}}}
    write(case.path("lines.json"), json.dumps({"type": "object", "properties": {"orderLines": lines}}).encode())
    fields = asked_schema(case, case.path("lines.json"), os.path.join(SRC, "examples", "invoice.pdf"))["fields"]
    wanted = [(item["Description"]["value"], item["Amount"]["value"]) for item in fields["Items"]]
    assert wanted == [(item["article"]["value"], item["lineTotal"]["value"]) for item in fields["orderLines"]], fields["orderLines"]
    assert all("colour" not in item and item["lineTotal"]["page"] == 1 for item in fields["orderLines"]), fields["orderLines"]


def test_hostile(case):
    """Questions beyond the limits are refused with a sentence; odd ones are answered."""
    case.daemon(1)
    path = write(case.path("form.pdf"), make_paper(FORM))
    for arguments in (["--ask", "x" * 100000], ["--ask", b"what is \xff\xfe?"], ["--ask", "?"] * 65):
        error = case.run("docai-submit", *arguments, path, status=64)[1]
        assert b"ask" in error, error
    document = asked(case, path, "?", "number " * 5000, "(((", "What is the last name?" + " " * 3000)
    assert [answer["answer"] for answer in document["answers"]] == ["not stated"] * 4, document["answers"]


if __name__ == "__main__":
    sys.exit(run_tests([test_server, test_runtime, test_learnt, test_look_up, test_server_away, test_look_up_schema, test_hostile]))
