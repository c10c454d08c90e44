# SPDX-License-Identifier: GPL-3.0-or-later
"""Prompts and answers as the model is trained on and docai asks them (docai.json of the model folder)."""
from synth.sample import DOCUMENT_TYPES, PICTURE_CLASSES

START, END, ANSWER, PAD = "<|start|>", "<|end|>", "<|answer|>", "<|pad|>"
FAKE, IMAGE, GLOBAL = "<fake_token_around_image>", "<image>", "<global-img>"
QUESTION_BYTES = 200
GRID = 6                                        # rows and columns of tiles that have a tag
PLACES = [f"<|{axis}{n:02}|>" for axis in "xy" for n in range(100)]
LABELS = tuple(dict.fromkeys(PICTURE_CLASSES + DOCUMENT_TYPES))
SPECIAL = ([PAD, START, END, ANSWER, FAKE, IMAGE, GLOBAL]
           + [f"<row_{r}_col_{c}>" for r in range(1, GRID + 1) for c in range(1, GRID + 1)]
           + [f"<|{label}|>" for label in LABELS])

# {text} is the page's or picture's text, {question} the user's words. Text comes first: what it begins with is
# the same for all questions about a page, so the runtime reads it once.
PROMPTS = {
    "picture": "Picture?\n{text}",
    "document_type": "Document type?\n{text}",
    "chart": "{text}\nChart?",
    "transcribe": "Text?",
    "question": "{text}\nQuestion: {question}",
    "point": "{text}\nChart: {question}",      # one value of a chart: a step on the way to all, which docai does not ask for
}
ALLOWED = {"picture": PICTURE_CLASSES, "document_type": DOCUMENT_TYPES}


def label_token(label):
    return f"<|{label}|>"


def clean(text, n_bytes):
    """Text for a prompt: one space between words, no angle brackets (they would make tokens of their own),
    cut at n_bytes on a character's boundary. pipeline/vlm/ does the same."""
    text = " ".join(text.replace("<", " ").replace(">", " ").split())
    return text.encode()[:n_bytes].decode(errors="ignore")


def prompt(task, text, n_bytes, question=""):
    return PROMPTS[task].format(text=clean(text, n_bytes), question=clean(question, n_bytes))


def mark(place):
    return f"<|x{place[0]:02}|><|y{place[1]:02}|>"


def marked(segments):
    """Text of segments (text, x, y), each behind its place."""
    return "".join(mark((x, y)) + clean(text, 10000) for text, x, y in segments)


def windows(segments, n_bytes):
    """Parts of a page's segments that a prompt has room for, each beginning in the last quarter of the one before."""
    sizes, start, out = [len(clean(text, 10000).encode()) for text, _, _ in segments], 0, []
    while start < len(segments) or not out:
        end, used, next_start = start, 0, None
        while end < len(segments) and (end == start or used + sizes[end] <= n_bytes):
            used += sizes[end]
            end += 1
            if next_start is None and used > 0.75 * n_bytes:
                next_start = end
        out.append(segments[start:end])
        if end >= len(segments):
            break
        start = max(next_start or end, start + 1)
    return out


def image_tokens(rows, cols, n):
    """The placeholders of an image of rows x cols tiles (0 x 0: the whole view only), n tokens a tile, as the
    family's processor writes them."""
    out = "".join("".join(f"{FAKE}<row_{r + 1}_col_{c + 1}>{IMAGE * n}" for c in range(cols)) + "\n" for r in range(rows))
    return out + ("\n" if rows else "") + FAKE + GLOBAL + IMAGE * n + FAKE


def answer(task, sample_label, task_answer, place=None):
    """(label or None, text behind it) of a task's answer."""
    if task == "picture":
        return sample_label, task_answer
    if task == "document_type":
        return sample_label, ""
    return None, task_answer + (mark(place) if place is not None else "")
