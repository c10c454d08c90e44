# Fields of invoices and receipts.
noinst_LTLIBRARIES += libdocai-extract.la
libdocai_extract_la_SOURCES = \
	pipeline/extract/extract.c pipeline/extract/fields.h \
	pipeline/extract/header.c pipeline/extract/items.c \
	pipeline/extract/items-header.c pipeline/extract/items-header.h \
	pipeline/extract/lexicon.c pipeline/extract/lexicon.h \
	pipeline/extract/parties.c pipeline/extract/payment.c pipeline/extract/receipt.c \
	pipeline/extract/receipt-head.c pipeline/extract/receipt-rows.c \
	pipeline/extract/receipt-spelling.c pipeline/extract/receipt-spelling.h \
	pipeline/extract/totals.c \
	pipeline/extract/values.c pipeline/extract/values.h \
	pipeline/extract/view.c pipeline/extract/view.h
libdocai_extract_la_CPPFLAGS = $(AM_CPPFLAGS)
libdocai_extract_la_LIBADD = libdocai-document.la libdocai-base.la $(GLIB_LIBS) $(LIBM)
libdocai_pipeline_la_LIBADD += libdocai-extract.la

check_PROGRAMS += tests/unit/extract-test
TESTS += tests/unit/extract-test
tests_unit_extract_test_SOURCES = tests/unit/extract-test.c tests/unit/extract-pages.h
tests_unit_extract_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/receipt-rows-test
TESTS += tests/unit/receipt-rows-test
tests_unit_receipt_rows_test_SOURCES = tests/unit/receipt-rows-test.c tests/unit/extract-pages.h
tests_unit_receipt_rows_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/extract-layouts-test
TESTS += tests/unit/extract-layouts-test
tests_unit_extract_layouts_test_SOURCES = tests/unit/extract-layouts-test.c tests/unit/extract-pages.h
tests_unit_extract_layouts_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)
