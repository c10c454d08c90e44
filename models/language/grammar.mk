# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LTLIBRARIES += libdocai-grammar.la
libdocai_grammar_la_SOURCES = \
	models/language/grammar.h models/language/grammar-priv.h \
	models/language/grammar-build.c models/language/grammar-match.c models/language/grammar-range.c \
	models/language/grammar-regex.c models/language/grammar-schema.c models/language/grammar-values.c \
	models/language/sample.c models/language/sample.h
libdocai_grammar_la_LIBADD = libdocai-tokenizer.la libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/grammar-test
TESTS += tests/unit/grammar-test tests/unit/grammar-walk.py
dist_check_SCRIPTS += tests/unit/grammar-walk.py
tests_unit_grammar_test_SOURCES = tests/unit/grammar-test.c
tests_unit_grammar_test_LDADD = libdocai-grammar.la $(TEST_LIBS)

# The fuzz entry also runs as a plain test over its corpus.
EXTRA_DIST += tests/fuzz/corpus
check_PROGRAMS += tests/fuzz/tokenizer-fuzz
TESTS += tests/fuzz/tokenizer-fuzz
tests_fuzz_tokenizer_fuzz_SOURCES = tests/fuzz/tokenizer-fuzz.c
tests_fuzz_tokenizer_fuzz_LDADD = libdocai-grammar.la libdocai-tokenizer.la $(TEST_LIBS)
