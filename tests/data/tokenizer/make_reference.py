#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the reference encodings of difficult texts: for each folder of ../vlm the answers of
the `tokenizers` library, and small tokenizers of our own for components that no family has.

    python3 make_reference.py          (needs the Python package tokenizers 0.22)
"""
import json
import os
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

HERE = os.path.dirname(os.path.abspath(__file__))
TEXTS = [
    "", " ", "   ", "a", " a", "a ", "Hello, world!", "hello  world", "  leading and trailing  ",
    "tabs\tand\nnew\r\nlines\n\n\n  end", "don't we'll I'M HE'S they've \u2019s", "1234567 12,345.67 ½ ² Ⅷ ٣٤٥",
    "café cafe\u0301 naïve Straße İstanbul ΣΊΣΥΦΟΣ ǅ", "日本語のテキスト 中文字符 한국어", "a中b文c",
    "😀 👨‍👩‍👧‍👦 🇩🇪 👍🏽", "\u200b zero\u200bwidth \u00a0nbsp\u3000wide \u2028ls", "e\u0301\u0327\u0300 q\u0307\u0323",
    "ﬁ ﬂ ﬃ Ａ１ ① ℃ № ™", "x\u0000y", "\u0001\u0002\u007f\u00ad", "\ufeffbom", "€ 5 £ 3 №7 §", "a_b-c.d/e\\f|g", "!!!???...---",
    "               many", "word" * 40, "A" * 120, "مرحبا بالعالم", "שלום", "ไทย ภาษา", "हिन्दी", "<unk> <s> </s> <pad> [CLS] [SEP] [PAD]",
    "a<image>b <image> c<image>\nd", "<|im_start|>user\nhi<|im_end|>\n", "<|endoftext|>x<|ENDOFTEXT|> y", "▁ ▁▁a a▁b", "##ing ##",
    "<0x41><0x0A>", "Which bar is the tallest, and what does the first line say?", "invoice 20417 total amount due: 1.234,56 €",
    "\u180e\u0085\u000b\u000c", "ſ 's 'ſ 'S", "\r\n\r\n \r", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈", "\U0010ffff \ue000 \u0378", "<grounding> <phrase> x </phrase><patch_index_0003>",
    "<s_menu> red <sep/>table</s_menu>", "it 's do not n't 'm , . ? !",
]


def answers(tok):
    out = []
    for text in TEXTS:
        ids = tok.encode(text).ids
        out.append({"text": text, "ids": ids, "plain": tok.encode(text, add_special_tokens=False).ids,
                    "decoded": tok.decode(ids, skip_special_tokens=False), "decoded_skip": tok.decode(ids)})
    rng = random.Random(5)
    n = tok.get_vocab_size()
    for k in range(12):
        ids = [rng.randrange(n) for _ in range(1 + 3 * k)]
        out.append({"ids": ids, "decoded": tok.decode(ids, skip_special_tokens=False), "decoded_skip": tok.decode(ids)})
    return out


def words(*more):
    base = list("abcdefghijklmnopqrstuvwxyzABCDEHIS0123456789.,!?'-_/") + [
        "he", "ll", "hell", "hello", "wo", "wor", "word", "an", "and", "the", "in", "ing", "é", "中", "日", "▁"]
    return list(dict.fromkeys([*more, *base]))


def bpe(pieces, merges, **kw):
    vocab = {p: i for i, p in enumerate(pieces)}
    for a, b in merges:
        vocab.setdefault(a + b[len(kw.get("continuing_subword_prefix") or ""):], len(vocab))
    return Tokenizer(models.BPE(vocab=vocab, merges=merges, **kw))


def specials(tok):
    tok.add_special_tokens([AddedToken("<image>", lstrip=True, rstrip=True, normalized=False), AddedToken("<s>", single_word=False), "</s>"])
    tok.add_tokens([AddedToken("do", single_word=True), AddedToken("Café", normalized=True), AddedToken("line", normalized=True, lstrip=True)])
    return tok


def extra():
    merges = [("h", "e"), ("l", "l"), ("he", "ll"), ("a", "n"), ("an", "d"), ("w", "o"), ("wo", "r"), ("i", "n")]
    t = bpe(words("<unk>"), merges, unk_token="<unk>")
    t.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Strip(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(False)])
    yield "whitespace", specials(t)
    t = bpe(words("<unk>"), merges, unk_token="<unk>", fuse_unk=True)
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("--", "-"), normalizers.Replace(Regex("[0-9]+"), "7")])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.CharDelimiterSplit(" "), pre_tokenizers.Punctuation("merged_with_previous"),
                                               pre_tokenizers.Split("a", "merged_with_next"), pre_tokenizers.Split(Regex("[lo]"), "contiguous")])
    t.decoder = decoders.Sequence([decoders.Replace("a", "A"), decoders.Fuse(), decoders.Strip("h", 1, 0)])
    yield "splits", specials(t)
    t = bpe(words("<unk>", *["##" + w for w in words()]), [("h", "##e"), ("##l", "##l"), ("he", "##ll"), ("##a", "##n"), ("##an", "##d")],
            unk_token="<unk>", continuing_subword_prefix="##")
    t.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece("##", cleanup=True)
    yield "subword", specials(t)
    t = bpe(words("<unk>", *[w + "</w>" for w in words()]), [("h", "e"), ("l", "l"), ("he", "ll"), ("a", "n"), ("an", "d</w>")], unk_token="<unk>",
            end_of_word_suffix="</w>")
    t.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    t.decoder = decoders.BPEDecoder("</w>")
    t.enable_truncation(7)
    t.enable_padding(length=9, pad_id=3, pad_token="c")
    yield "suffix", specials(t)
    byte = [f"<0x{b:02X}>" for b in range(256)]
    t = Tokenizer(models.Unigram([("<unk>", 0.0)] + [(b, -20.0) for b in byte] + [(w, -float(len(words()) - i) / 7) for i, w in enumerate(words())],
                                 unk_id=0, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("_"), normalizers.NFD()])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
    t.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="first")])
    yield "unigram_bytes", specials(t)
    t = bpe(words("<unk>"), merges, unk_token="<unk>")
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    t.post_processor = processors.Sequence([processors.ByteLevel(), processors.TemplateProcessing(single="<s> $A </s>", pair=None, special_tokens=[("<s>", 1), ("</s>", 2)])])
    yield "first", specials(t)


def main():
    def write(name, obj):
        with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
            json.dump(obj, f, ensure_ascii=True, separators=(",", ":"))
            f.write("\n")

    vlm = os.path.join(HERE, "..", "vlm")
    for family in sorted(os.listdir(vlm)):
        tok = Tokenizer.from_file(os.path.join(vlm, family, "tokenizer.json"))
        write(f"{family}.json", {"tokenizer": f"vlm/{family}", "answers": answers(tok)})
    for name, tok in extra():
        write(f"{name}.json", {"fit": True, "json": json.loads(tok.to_str()), "answers": answers(tok)})


main()
