# The loop without a pipeline: tests link it with one of their own.
noinst_LTLIBRARIES += libdocai-worker.la
libdocai_worker_la_SOURCES = \
	src/worker/main.c src/worker/worker.h \
	src/worker/link.c src/worker/task.c src/worker/files.c \
	src/worker/raster.c src/worker/sandbox.c
libdocai_worker_la_CPPFLAGS = $(AM_CPPFLAGS) $(CZMQ_CFLAGS) $(ZMQ_CFLAGS) $(LEPT_CFLAGS) $(SECCOMP_CFLAGS)
libdocai_worker_la_LIBADD = libdocai-wire.la $(CZMQ_LIBS) $(ZMQ_LIBS) $(LEPT_LIBS) $(SECCOMP_LIBS)

sbin_PROGRAMS += src/worker/docai-worker
src_worker_docai_worker_SOURCES =
src_worker_docai_worker_LDADD = libdocai-worker.la $(PIPELINE_LIBS) libdocai-document.la \
	$(libdocai_worker_la_LIBADD) $(GLIB_LIBS) $(JANSSON_LIBS)
