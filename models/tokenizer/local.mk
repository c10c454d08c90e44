# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LTLIBRARIES += libdocai-tokenizer.la
libdocai_tokenizer_la_SOURCES = \
	models/tokenizer/added-tokens.c models/tokenizer/added-tokens.h \
	models/tokenizer/charsmap.c \
	models/tokenizer/decoder.c models/tokenizer/decoder.h \
	models/tokenizer/json-util.c models/tokenizer/json-util.h \
	models/tokenizer/model.c models/tokenizer/model.h models/tokenizer/model-priv.h \
	models/tokenizer/model-bpe.c models/tokenizer/model-unigram.c \
	models/tokenizer/normalizer.c models/tokenizer/normalizer.h \
	models/tokenizer/pattern.c models/tokenizer/pattern.h \
	models/tokenizer/pretokenizer.c models/tokenizer/pretokenizer.h \
	models/tokenizer/stream.c \
	models/tokenizer/tokenizer.c models/tokenizer/tokenizer.h \
	models/tokenizer/utf8.c models/tokenizer/utf8.h \
	models/tokenizer/vocab.c models/tokenizer/vocab.h
libdocai_tokenizer_la_CPPFLAGS = $(AM_CPPFLAGS) $(PCRE_CFLAGS)
libdocai_tokenizer_la_LIBADD = libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS) $(PCRE_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/tokenizer-test
TESTS += tests/unit/tokenizer-test
tests_unit_tokenizer_test_SOURCES = tests/unit/tokenizer-test.c
tests_unit_tokenizer_test_LDADD = libdocai-tokenizer.la $(TEST_LIBS)
EXTRA_DIST += tests/data/tokenizer tests/data/vlm
