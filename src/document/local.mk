noinst_LTLIBRARIES += libdocai-document.la
libdocai_document_la_SOURCES = \
	src/document/document.c src/document/document.h \
	src/document/geometry.c src/document/geometry.h
libdocai_document_la_LIBADD = libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS)
