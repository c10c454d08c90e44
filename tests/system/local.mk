# A worker whose pipeline does what the document says: crash, hang, fail.
check_PROGRAMS += tests/system/faulty-worker
tests_system_faulty_worker_SOURCES = tests/system/faulty-stages.c \
	pipeline/pipeline.c pipeline/merge/merge.c pipeline/raster.c
tests_system_faulty_worker_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_system_faulty_worker_LDADD = libdocai-worker.la libdocai-document.la $(libdocai_worker_la_LIBADD) \
	$(LEPT_LIBS) $(GLIB_LIBS) $(JANSSON_LIBS)

TESTS += tests/system/faults-test.py tests/system/crash-test.py tests/system/queue-test.py \
	tests/system/protocol-test.py tests/system/points-test.py tests/system/service-test.py
EXTRA_DIST += tests/system/wire.py tests/system/faults-test.py tests/system/crash-test.py \
	tests/system/queue-test.py tests/system/protocol-test.py tests/system/points-test.py tests/system/service-test.py

# Preloaded into programs under test: ends them at any change of the disk.
check_LTLIBRARIES += tests/system/crash-point.la
tests_system_crash_point_la_SOURCES = tests/system/crash-point.c
tests_system_crash_point_la_CFLAGS = $(AM_CFLAGS) -fno-sanitize=all
tests_system_crash_point_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
tests_system_crash_point_la_LIBADD = -ldl
