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

# The model that ships, found relative to the programs, and how it was made.
modeldir = $(pkgdatadir)/models/default
dist_model_DATA = \
	models/default/README.md models/default/chat_template.json models/default/config.json \
	models/default/docai.json models/default/generation_config.json models/default/model.safetensors \
	models/default/preprocessor_config.json models/default/processor_config.json \
	models/default/tokenizer.json models/default/tokenizer_config.json

EXTRA_DIST += \
	models/train/README.md models/train/answers.py models/train/augment.py models/train/copying.py models/train/data.py models/train/evaluate.py models/train/export.py \
	models/train/mix.py models/train/model.py models/train/muon.py models/train/presets.py models/train/prompts.py models/train/shards.py models/train/slots.py \
	models/train/tokenizer.py models/train/train.py
