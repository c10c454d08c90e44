noinst_LTLIBRARIES += libdocai-base.la
libdocai_base_la_SOURCES = \
	src/base/error.c src/base/error.h \
	src/base/options.c src/base/options.h \
	src/base/settings.c src/base/settings.h
libdocai_base_la_CPPFLAGS = $(AM_CPPFLAGS) -DDOCAI_SOURCE_DATADIR=\"$(abs_top_srcdir)\"
libdocai_base_la_LIBADD = $(GLIB_LIBS) $(JANSSON_LIBS)
