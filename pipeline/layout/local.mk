# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LTLIBRARIES += libdocai-layout.la libdocai-components.la
libdocai_components_la_SOURCES = pipeline/layout/components.c pipeline/layout/components.h
libdocai_components_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
libdocai_layout_la_SOURCES = \
	pipeline/layout/ballots.c pipeline/layout/ballots.h \
	pipeline/layout/binarize.c pipeline/layout/binarize.h \
	pipeline/layout/blocks.c pipeline/layout/blocks.h \
	pipeline/layout/bullets.c pipeline/layout/bullets.h \
	pipeline/layout/code.c \
	pipeline/layout/diagrams.c \
	pipeline/layout/dashes.c pipeline/layout/dashes.h \
	pipeline/layout/fonts.c pipeline/layout/fonts.h \
	pipeline/layout/formulas.c \
	pipeline/layout/graphics.c pipeline/layout/graphics.h \
	pipeline/layout/grids.c \
	pipeline/layout/ink-pictures.c \
	pipeline/layout/labels.c pipeline/layout/labels-priv.h \
	pipeline/layout/layout.c pipeline/layout/layout.h \
	pipeline/layout/margins.c \
	pipeline/layout/marks.c pipeline/layout/marks.h \
	pipeline/layout/notes.c \
	pipeline/layout/order.c \
	pipeline/layout/orientation.c pipeline/layout/orientation-read.c pipeline/layout/orientation.h \
	pipeline/layout/osd.c \
	pipeline/layout/paragraphs.c \
	pipeline/layout/pictures.c \
	pipeline/layout/pitch.c pipeline/layout/pitch.h \
	pipeline/layout/rows.c \
	pipeline/layout/scan.c \
	pipeline/layout/segment.c pipeline/layout/segment.h \
	pipeline/layout/shading.c pipeline/layout/shading.h \
	pipeline/layout/skew.c pipeline/layout/skew.h \
	pipeline/layout/textlines.c pipeline/layout/textlines-fit.c pipeline/layout/textlines.h \
	pipeline/layout/words.c
libdocai_layout_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(TESSERACT_CFLAGS)
libdocai_layout_la_LIBADD = libdocai-lstm.la libdocai-components.la \
	libdocai-document.la libdocai-base.la \
	$(TESSERACT_LIBS) $(LEPT_LIBS) $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-layout.la

layout_tests = tests/unit/layout-scan-test tests/unit/layout-pictures-test tests/unit/layout-words-test \
	tests/unit/layout-pitch-test tests/unit/orientation-test
check_PROGRAMS += $(layout_tests)
TESTS += $(layout_tests)
layout_drawn_page = tests/unit/layout-drawn-page.c tests/unit/layout-drawn-page.h
tests_unit_orientation_test_SOURCES = tests/unit/orientation-test.c
tests_unit_orientation_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(POPPLER_CFLAGS)
tests_unit_orientation_test_LDADD = libdocai-layout.la $(TEST_LIBS) $(LEPT_LIBS) $(POPPLER_LIBS)
tests_unit_layout_scan_test_SOURCES = tests/unit/layout-scan-test.c $(layout_drawn_page)
tests_unit_layout_scan_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_layout_scan_test_LDADD = $(PIPELINE_LIBS) $(LEPT_LIBS) $(TEST_LIBS)
tests_unit_layout_pictures_test_SOURCES = tests/unit/layout-pictures-test.c $(layout_drawn_page)
tests_unit_layout_pictures_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_layout_pictures_test_LDADD = $(PIPELINE_LIBS) $(LEPT_LIBS) $(TEST_LIBS)
tests_unit_layout_pitch_test_SOURCES = tests/unit/layout-pitch-test.c
tests_unit_layout_pitch_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)
tests_unit_layout_words_test_SOURCES = tests/unit/layout-words-test.c
tests_unit_layout_words_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)
