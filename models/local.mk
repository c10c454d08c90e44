include models/tokenizer/local.mk
