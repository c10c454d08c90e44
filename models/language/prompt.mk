# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LTLIBRARIES += libdocai-prompt.la
libdocai_prompt_la_SOURCES = \
	models/language/jinja.c models/language/jinja-expr.c models/language/jinja-value.c \
	models/language/jinja.h models/language/jinja-priv.h \
	models/language/prompt.c models/language/prompt.h models/language/prompt-priv.h \
	models/language/prompt-config.c \
	models/language/prompt-expand.c
libdocai_prompt_la_LIBADD = libdocai-preprocess.la libdocai-tokenizer.la libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/prompt-test
TESTS += tests/unit/prompt-test
tests_unit_prompt_test_SOURCES = tests/unit/prompt-test.c
tests_unit_prompt_test_LDADD = libdocai-prompt.la $(TEST_LIBS)
