# Reading pages off files: PDF by Poppler, their scans by libqpdf, images by Leptonica.
noinst_LTLIBRARIES += libdocai-rasterize.la
libdocai_rasterize_la_SOURCES = \
	pipeline/rasterize/checkboxes.c pipeline/rasterize/checkboxes.h \
	pipeline/rasterize/coded.c pipeline/rasterize/coded.h \
	pipeline/rasterize/content.c pipeline/rasterize/content.h \
	pipeline/rasterize/drawing.c pipeline/rasterize/drawing.h pipeline/rasterize/drawing-priv.h \
	pipeline/rasterize/embedded.c pipeline/rasterize/embedded.h \
	pipeline/rasterize/figures.c pipeline/rasterize/figures.h \
	pipeline/rasterize/image.c pipeline/rasterize/image.h \
	pipeline/rasterize/inflate-scan.c pipeline/rasterize/inflate-scan.h \
	pipeline/rasterize/media.c pipeline/rasterize/media.h pipeline/rasterize/media-priv.h \
	pipeline/rasterize/media-tiff.c \
	pipeline/rasterize/pdf.c pipeline/rasterize/pdf.h pipeline/rasterize/pdf-priv.h \
	pipeline/rasterize/pdf-info.c \
	pipeline/rasterize/probe.c \
	pipeline/rasterize/rasterize.c pipeline/rasterize/rasterize.h \
	pipeline/rasterize/ruling.c pipeline/rasterize/ruling.h \
	pipeline/rasterize/scan.c pipeline/rasterize/scan.h \
	pipeline/rasterize/source.h \
	pipeline/rasterize/trust.c pipeline/rasterize/trust.h \
	pipeline/rasterize/user-unit.c pipeline/rasterize/user-unit.h
libdocai_rasterize_la_CPPFLAGS = $(AM_CPPFLAGS) $(POPPLER_CFLAGS) $(LEPT_CFLAGS) $(QPDF_CFLAGS) $(JPEG_CFLAGS)
libdocai_rasterize_la_LIBADD = libdocai-document.la libdocai-base.la \
	$(POPPLER_LIBS) $(QPDF_LIBS) $(JPEG_LIBS) $(LEPT_LIBS) $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-rasterize.la

check_PROGRAMS += tests/stage/rasterize-test
TESTS += tests/stage/rasterize-test
raster_case = tests/stage/raster-case.c tests/stage/raster-case.h tests/stage/pdf-builder.c tests/stage/pdf-builder.h
tests_stage_rasterize_test_SOURCES = tests/stage/rasterize-test.c $(raster_case)
tests_stage_rasterize_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_stage_rasterize_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/stage/probe-test
TESTS += tests/stage/probe-test
tests_stage_probe_test_SOURCES = tests/stage/probe-test.c $(raster_case)
tests_stage_probe_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_stage_probe_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)
EXTRA_DIST += tests/data/rasterize/encrypted.pdf

check_PROGRAMS += tests/stage/embedded-test
TESTS += tests/stage/embedded-test
tests_stage_embedded_test_SOURCES = tests/stage/embedded-test.c tests/fuzz/content-fuzz.c \
	tests/stage/pdf-builder.c tests/stage/pdf-builder.h
tests_stage_embedded_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_stage_embedded_test_LDADD = libdocai-rasterize.la $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/unit/media-test
TESTS += tests/unit/media-test
tests_unit_media_test_SOURCES = tests/unit/media-test.c tests/fuzz/media-fuzz.c
tests_unit_media_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_media_test_LDADD = libdocai-rasterize.la $(TEST_LIBS) $(LEPT_LIBS)
