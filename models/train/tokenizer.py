# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tokenizer.json: byte-level BPE from the generators' texts.

    python tokenizer.py --preset labels --shards DIR --out DIR/tokenizer.json
"""
import argparse
import json
import pathlib

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

import prompts
from presets import PRESETS


def texts(shards, n_bytes):
    for path in sorted(pathlib.Path(shards).glob("*.json")):
        for entry in json.loads(path.read_text()):
            yield prompts.clean(entry["text"], n_bytes)
            yield from (prompts.clean(text, n_bytes) for text, _, _ in entry["segments"])
            for task in entry["tasks"]:
                # Descriptions are what is written, so they count more than what is only read.
                yield from [task["answer"]] * (4 if task["name"] == "picture" else 1)
                yield task["question"]
            yield from (template.format(text="", question="") for template in prompts.PROMPTS.values())


def make(lines, size, places):
    """A tokenizer of `size` entries, the marks of places among them where they are wanted."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(token, normalized=False, special=True) for token in prompts.SPECIAL]
    marks = prompts.PLACES if places else []
    trainer = trainers.BpeTrainer(vocab_size=size - len(marks), special_tokens=special, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(lines, trainer)
    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in marks])
    return tokenizer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--shards", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    preset = PRESETS[args.preset]
    tokenizer = make(texts(args.shards, max(preset.text_bytes.values())), preset.shape.vocab, preset.places)
    tokenizer.save(args.out)
    print(f"{args.out}: {tokenizer.get_vocab_size()} entries")


if __name__ == "__main__":
    main()
