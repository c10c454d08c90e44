# Everything but main, for the tests too.
noinst_LTLIBRARIES += libdocaid.la
libdocaid_la_SOURCES = \
	src/docaid/daemon.c src/docaid/daemon.h \
	src/docaid/client.c src/docaid/upload.c src/docaid/follow.c src/docaid/result.c \
	src/docaid/jobs.c src/docaid/jobstate.c src/docaid/recover.c src/docaid/retention.c \
	src/docaid/worker.c src/docaid/remote.c src/docaid/supervisor.c \
	src/docaid/sched.c src/docaid/sched.h \
	src/docaid/store.c src/docaid/store.h
libdocaid_la_CPPFLAGS = $(AM_CPPFLAGS) $(CZMQ_CFLAGS) $(ZMQ_CFLAGS) $(SQLITE_CFLAGS) $(SYSTEMD_CFLAGS)
libdocaid_la_LIBADD = libdocai-wire.la libdocai-document.la libdocai-base.la \
	$(CZMQ_LIBS) $(ZMQ_LIBS) $(SQLITE_LIBS) $(SYSTEMD_LIBS) $(GLIB_LIBS) $(JANSSON_LIBS)

sbin_PROGRAMS += src/docaid/docaid
src_docaid_docaid_SOURCES = src/docaid/main.c
src_docaid_docaid_CPPFLAGS = $(libdocaid_la_CPPFLAGS) -DSBINDIR=\"$(sbindir)\"
src_docaid_docaid_LDADD = libdocaid.la $(libdocaid_la_LIBADD)

check_PROGRAMS += tests/unit/sched-test
TESTS += tests/unit/sched-test
tests_unit_sched_test_SOURCES = tests/unit/sched-test.c
tests_unit_sched_test_LDADD = libdocaid.la $(libdocaid_la_LIBADD)

check_PROGRAMS += tests/unit/conf-test
TESTS += tests/unit/conf-test
tests_unit_conf_test_SOURCES = tests/unit/conf-test.c
tests_unit_conf_test_LDADD = $(TEST_LIBS)

dist_man_MANS += man/docaid.8 man/docai-worker.8 man/docai.conf.5
EXTRA_DIST += examples/systemd/docaid.service
