# Charts as data, measured.
noinst_LTLIBRARIES += libdocai-chart.la
libdocai_chart_la_SOURCES = \
	pipeline/chart/axis.c pipeline/chart/axis.h \
	pipeline/chart/barchart.c pipeline/chart/barchart.h \
	pipeline/chart/bars.c pipeline/chart/bars.h \
	pipeline/chart/chart.c pipeline/chart/chart.h \
	pipeline/chart/figure.c pipeline/chart/figure.h \
	pipeline/chart/labels.c pipeline/chart/labels.h \
	pipeline/chart/letters.c pipeline/chart/letters.h \
	pipeline/chart/linechart.c pipeline/chart/linechart.h \
	pipeline/chart/number.c pipeline/chart/number.h \
	pipeline/chart/pie.c pipeline/chart/pie.h \
	pipeline/chart/plot.c pipeline/chart/plot.h \
	pipeline/chart/seeds.c pipeline/chart/seeds.h \
	pipeline/chart/texts.c pipeline/chart/texts.h \
	pipeline/chart/trace.c pipeline/chart/trace.h \
	pipeline/chart/view.c pipeline/chart/view.h
libdocai_chart_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
libdocai_chart_la_CFLAGS = $(AM_CFLAGS) -O3
libdocai_chart_la_LIBADD = libdocai-ocr.la libdocai-rasterize.la libdocai-layout.la libdocai-components.la libdocai-pixels.la libdocai-document.la \
	libdocai-base.la $(LEPT_LIBS) $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-chart.la

noinst_PROGRAMS += tests/run-chart
tests_run_chart_SOURCES = tests/run-chart.c
tests_run_chart_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_run_chart_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)
EXTRA_DIST += tests/chart-score.py tests/stage/chart-data-test.py $(CHART_PICTURES)
TESTS += tests/stage/chart-data-test.py
CHART_PICTURES = \
	tests/data/charts/lines.png tests/data/charts/lines.truth \
	tests/data/charts/lying.png tests/data/charts/lying.truth \
	tests/data/charts/pie.png tests/data/charts/pie.truth \
	tests/data/charts/stacked.png tests/data/charts/stacked.truth \
	tests/data/charts/upright.png tests/data/charts/upright.truth

check_PROGRAMS += tests/unit/chart-test
TESTS += tests/unit/chart-test
tests_unit_chart_test_SOURCES = tests/unit/chart-test.c
tests_unit_chart_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_chart_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)
