# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LTLIBRARIES += libdocai-preprocess.la
libdocai_preprocess_la_SOURCES = \
	models/vision/guide.c models/vision/guide.h \
	models/vision/image.c models/vision/image.h \
	models/vision/load.c models/vision/load.h \
	models/vision/preprocess.c models/vision/preprocess.h models/vision/preprocess-priv.h \
	models/vision/preprocess-config.c \
	models/vision/preprocess-patches.c \
	models/vision/preprocess-plan.c \
	models/vision/preprocess-tiles.c \
	models/vision/resize.c
libdocai_preprocess_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
libdocai_preprocess_la_LIBADD = libdocai-runtime.la libdocai-tokenizer.la libdocai-base.la $(LEPT_LIBS) $(GLIB_LIBS) $(JANSSON_LIBS) $(LIBM)

EXTRA_DIST += tests/data/pillow-resize.json tests/data/make_pillow_resize.py
check_PROGRAMS += tests/unit/preprocess-test
TESTS += tests/unit/preprocess-test
tests_unit_preprocess_test_SOURCES = tests/unit/preprocess-test.c
tests_unit_preprocess_test_LDADD = libdocai-preprocess.la $(TEST_LIBS)

check_PROGRAMS += tests/unit/guide-test
TESTS += tests/unit/guide-test
tests_unit_guide_test_SOURCES = tests/unit/guide-test.c
tests_unit_guide_test_LDADD = libdocai-models.la $(TEST_LIBS)
