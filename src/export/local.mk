noinst_LTLIBRARIES += libdocai-export.la
libdocai_export_la_SOURCES = \
	src/export/export.h src/export/export-priv.h src/export/export.c \
	src/export/text.c src/export/markdown.c src/export/csv.c src/export/html.c \
	src/export/hocr.c src/export/alto.c
libdocai_export_la_LIBADD = libdocai-document.la $(GLIB_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/export-test
TESTS += tests/unit/export-test
tests_unit_export_test_SOURCES = tests/unit/export-test.c
tests_unit_export_test_LDADD = libdocai-export.la $(TEST_LIBS) $(XML_LIBS)
tests_unit_export_test_CPPFLAGS = $(AM_CPPFLAGS) $(XML_CFLAGS)
EXTRA_DIST += \
	tests/data/export/report.json tests/data/export/report.md tests/data/export/report.txt \
	tests/data/export/report.csv tests/data/export/report.html tests/data/export/report.hocr \
	tests/data/export/report.alto
