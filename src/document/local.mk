noinst_LTLIBRARIES += libdocai-document.la
libdocai_document_la_SOURCES = \
	src/document/document.c src/document/document.h \
	src/document/geometry.c src/document/geometry.h \
	src/document/json.c src/document/json.h \
	src/document/text.c src/document/text.h \
	src/document/type.c src/document/type.h \
	src/document/xml.c src/document/xml.h
libdocai_document_la_CPPFLAGS = $(AM_CPPFLAGS) $(XML_CFLAGS)
libdocai_document_la_LIBADD = libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS) $(XML_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/document-test
TESTS += tests/unit/document-test
tests_unit_document_test_SOURCES = tests/unit/document-test.c
tests_unit_document_test_LDADD = $(TEST_LIBS)

noinst_PROGRAMS += src/document/schemagen
src_document_schemagen_SOURCES = src/document/schemagen.c
src_document_schemagen_LDADD = libdocai-document.la libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS)

schemasdir = $(pkgdatadir)/schemas
dist_schemas_DATA = schemas/docai-1.schema.json schemas/docai-1.xsd

TESTS += tests/unit/schema-test.py
dist_check_SCRIPTS += tests/unit/schema-test.py
