include models/tokenizer/local.mk
include models/vision/preprocess.mk
include models/language/prompt.mk
include models/language/grammar.mk
include models/runtime/local.mk
include models/families/local.mk
include models/train/synth/local.mk
