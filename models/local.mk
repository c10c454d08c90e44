# How the pages that train the default model are made; skips where NumPy or Pillow is missing.
TESTS += tests/unit/pages-test.py
EXTRA_DIST += tests/unit/pages-test.py models/train/realpages.py models/train/realpages.json \
	models/train/synth/receipts.py models/train/synth/slides.py

include models/tokenizer/local.mk
include models/vision/preprocess.mk
include models/language/prompt.mk
include models/language/grammar.mk
include models/runtime/local.mk
include models/families/local.mk
include models/train/synth/local.mk
