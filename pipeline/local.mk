# The stages of all folders, for whoever runs them.
PIPELINE_LIBS = libdocai-pipeline.la

noinst_LTLIBRARIES += libdocai-pipeline.la
libdocai_pipeline_la_SOURCES = \
	pipeline/pipeline.c pipeline/pipeline.h pipeline/stage.h \
	pipeline/raster.c pipeline/raster.h \
	pipeline/merge/merge.c
libdocai_pipeline_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
libdocai_pipeline_la_LIBADD = libdocai-document.la libdocai-base.la $(GLIB_LIBS) $(LEPT_LIBS)

# Compiled for vectors of what every processor has.
noinst_LTLIBRARIES += libdocai-pixels.la
libdocai_pixels_la_SOURCES = pipeline/pixels.c pipeline/pixels.h
libdocai_pixels_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
libdocai_pixels_la_CFLAGS = $(AM_CFLAGS) -O3
libdocai_pixels_la_LIBADD = $(LEPT_LIBS) $(GLIB_LIBS)

noinst_PROGRAMS += tests/run-pipeline
tests_run_pipeline_SOURCES = tests/run-pipeline.c
tests_run_pipeline_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)

profilesdir = $(pkgdatadir)/profiles
dist_profiles_DATA = \
	pipeline/profiles/archive.ini pipeline/profiles/fast.ini pipeline/profiles/invoice.ini \
	pipeline/profiles/receipt.ini pipeline/profiles/standard.ini

check_PROGRAMS += tests/unit/pixels-test
TESTS += tests/unit/pixels-test
tests_unit_pixels_test_SOURCES = tests/unit/pixels-test.c
tests_unit_pixels_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_pixels_test_LDADD = libdocai-pixels.la $(LEPT_LIBS) $(GLIB_LIBS)

check_PROGRAMS += tests/unit/graph-test
TESTS += tests/unit/graph-test
tests_unit_graph_test_SOURCES = tests/unit/graph-test.c
tests_unit_graph_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)
