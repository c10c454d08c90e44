noinst_LTLIBRARIES += libdocai-base.la
libdocai_base_la_SOURCES = \
	src/base/error.c src/base/error.h \
	src/base/options.c src/base/options.h \
	src/base/settings.c src/base/settings.h \
	src/base/conf.c src/base/conf.h \
	src/base/counts.c src/base/counts.h \
	src/base/graph.c src/base/graph.h \
	src/base/log.c src/base/log.h \
	src/base/memory.c src/base/memory.h \
	src/base/spool.c src/base/spool.h \
	src/base/places.c src/base/places.h \
	src/base/sets.h src/base/sort.h \
	src/base/sha256.c src/base/sha256.h
libdocai_base_la_CPPFLAGS = $(AM_CPPFLAGS) -DDOCAI_SOURCE_DATADIR=\"$(abs_top_srcdir)\" \
	-DDOCAI_SYSCONFDIR=\"$(sysconfdir)\" $(NETTLE_CFLAGS)
libdocai_base_la_LIBADD = $(GLIB_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS)

# The messages are apart: only what talks to the daemon links ZeroMQ.
noinst_LTLIBRARIES += libdocai-wire.la
libdocai_wire_la_SOURCES = src/base/wire.c src/base/wire-table.c src/base/wire.h
libdocai_wire_la_CPPFLAGS = $(AM_CPPFLAGS) $(CZMQ_CFLAGS) $(ZMQ_CFLAGS)
libdocai_wire_la_LIBADD = libdocai-base.la $(CZMQ_LIBS) $(ZMQ_LIBS) $(GLIB_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += tests/unit/wire-test
TESTS += tests/unit/wire-test
tests_unit_wire_test_SOURCES = tests/unit/wire-test.c
tests_unit_wire_test_CPPFLAGS = $(AM_CPPFLAGS) $(CZMQ_CFLAGS) $(ZMQ_CFLAGS)
tests_unit_wire_test_LDADD = libdocai-wire.la $(CZMQ_LIBS) $(ZMQ_LIBS) $(TEST_LIBS)
# The table of messages, for authors of clients.
protocoldir = $(pkgdatadir)/schemas
dist_protocol_DATA = schemas/protocol.json

check_PROGRAMS += tests/unit/sha256-test
TESTS += tests/unit/sha256-test
tests_unit_sha256_test_SOURCES = tests/unit/sha256-test.c
tests_unit_sha256_test_LDADD = libdocai-base.la $(TEST_LIBS)
