# Tables: areas by rules and by alignment, grids to cells.
noinst_LTLIBRARIES += libdocai-table.la
libdocai_table_la_SOURCES = \
	pipeline/table/table.c pipeline/table/table-priv.h pipeline/table/cells.h \
	pipeline/table/tokens.c pipeline/table/prose.c pipeline/table/rules.c \
	pipeline/table/detect-ruled.c pipeline/table/detect-aligned.c \
	pipeline/table/grid.c pipeline/table/columns.c pipeline/table/pieces.c pipeline/table/rows.c \
	pipeline/table/spans.c pipeline/table/header.c \
	pipeline/table/regions.c pipeline/table/regions.h
libdocai_table_la_LIBADD = libdocai-document.la libdocai-base.la $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-table.la

check_PROGRAMS += tests/unit/table-test
TESTS += tests/unit/table-test
tests_unit_table_test_SOURCES = tests/unit/table-test.c
tests_unit_table_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)
