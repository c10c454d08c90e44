# The tools link the objects themselves, so that they need nothing found at run time.
noinst_LTLIBRARIES += libdocai-client.la
libdocai_client_la_SOURCES = \
	src/client/docai.h src/client/client-priv.h \
	src/client/client.c src/client/connection.c src/client/submit.c
libdocai_client_la_CPPFLAGS = $(AM_CPPFLAGS) $(CZMQ_CFLAGS) $(ZMQ_CFLAGS)
libdocai_client_la_LIBADD = libdocai-wire.la $(ZMQ_LIBS)

lib_LTLIBRARIES += libdocai.la
libdocai_la_SOURCES =
libdocai_la_LIBADD = libdocai-client.la
libdocai_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-export-symbols-regex '^docai_client_[a-z_]*$$'

include_HEADERS += src/client/docai.h
pkgconfigdir = $(libdir)/pkgconfig
nodist_pkgconfig_DATA = src/client/docai.pc

check_PROGRAMS += tests/unit/client-test
TESTS += tests/unit/client-test tests/unit/header-test.sh
tests_unit_client_test_SOURCES = tests/unit/client-test.c
tests_unit_client_test_CPPFLAGS = $(AM_CPPFLAGS) $(CZMQ_CFLAGS) $(ZMQ_CFLAGS)
tests_unit_client_test_LDADD = libdocai-client.la $(CZMQ_LIBS) $(ZMQ_LIBS) $(TEST_LIBS)
dist_check_SCRIPTS += tests/unit/header-test.sh

dist_man_MANS += man/libdocai.3 man/docai-protocol.7

# The examples are built as their users would, against the installed library's interface.
check_PROGRAMS += examples/erp/submit
examples_erp_submit_SOURCES = examples/erp/submit.c
examples_erp_submit_CPPFLAGS = -I$(top_srcdir)/src/client $(GLIB_CFLAGS) $(JANSSON_CFLAGS)
examples_erp_submit_LDADD = libdocai.la $(GLIB_LIBS) $(JANSSON_LIBS)
examples_erp_submit_LDFLAGS = $(AM_LDFLAGS) -no-install
EXTRA_DIST += examples/erp/submit.py
TESTS += tests/system/erp-test.py
dist_check_SCRIPTS += tests/system/erp-test.py
