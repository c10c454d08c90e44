# Giving words to the lines of a page.
noinst_LTLIBRARIES += libdocai-ocr.la
libdocai_ocr_la_SOURCES = \
	pipeline/ocr/choice.c pipeline/ocr/choice.h \
	pipeline/ocr/language.c pipeline/ocr/language.h \
	pipeline/ocr/ocr.c pipeline/ocr/ocr.h \
	pipeline/ocr/readers.c pipeline/ocr/readers.h \
	pipeline/ocr/script.c pipeline/ocr/script.h \
	pipeline/ocr/tesseract.c pipeline/ocr/tesseract.h \
	pipeline/ocr/tidy.c pipeline/ocr/tidy.h
libdocai_ocr_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(TESSERACT_CFLAGS)
libdocai_ocr_la_LIBADD = libdocai-lstm.la libdocai-rasterize.la libdocai-document.la \
	libdocai-base.la $(TESSERACT_LIBS) $(LEPT_LIBS) $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-ocr.la

check_PROGRAMS += tests/unit/ocr-test
TESTS += tests/unit/ocr-test
tests_unit_ocr_test_SOURCES = tests/unit/ocr-test.c
tests_unit_ocr_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(POPPLER_CFLAGS)
tests_unit_ocr_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS) $(POPPLER_LIBS)

check_PROGRAMS += tests/unit/script-test
TESTS += tests/unit/script-test
tests_unit_script_test_SOURCES = tests/unit/script-test.c
tests_unit_script_test_LDADD = libdocai-ocr.la $(TEST_LIBS)

check_PROGRAMS += tests/unit/tidy-test
TESTS += tests/unit/tidy-test
tests_unit_tidy_test_SOURCES = tests/unit/tidy-test.c
tests_unit_tidy_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_tidy_test_LDADD = libdocai-ocr.la $(TEST_LIBS)
