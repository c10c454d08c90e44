noinst_LTLIBRARIES += libdocai-base.la
libdocai_base_la_SOURCES = \
	src/base/error.c src/base/error.h
libdocai_base_la_LIBADD = $(GLIB_LIBS) $(JANSSON_LIBS)
