# Answers without a model: what is asked is looked up.
noinst_LTLIBRARIES += libdocai-ask.la
libdocai_ask_la_SOURCES = \
	pipeline/ask/ask.c pipeline/ask/ask.h \
	pipeline/ask/cells.c \
	pipeline/ask/concepts.c pipeline/ask/concepts.h \
	pipeline/ask/fields.c \
	pipeline/ask/items.c \
	pipeline/ask/kinds.c \
	pipeline/ask/labels.c \
	pipeline/ask/letters.c \
	pipeline/ask/match.c \
	pipeline/ask/phrases.c pipeline/ask/phrases.h \
	pipeline/ask/prose.c \
	pipeline/ask/question.c pipeline/ask/question.h \
	pipeline/ask/roles.c pipeline/ask/roles.h \
	pipeline/ask/sheet.c pipeline/ask/sheet.h \
	pipeline/ask/titles.c
libdocai_ask_la_CPPFLAGS = $(AM_CPPFLAGS)
libdocai_ask_la_LIBADD = libdocai-document.la libdocai-base.la $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-ask.la

check_PROGRAMS += tests/unit/ask-test
TESTS += tests/unit/ask-test
tests_unit_ask_test_SOURCES = tests/unit/ask-test.c tests/unit/extract-pages.h
tests_unit_ask_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)
