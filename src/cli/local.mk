bin_PROGRAMS += src/cli/docai-submit

CLI_COMMON = \
	src/cli/cli.c src/cli/cli.h src/cli/session.c src/cli/session.h
CLI_JOBS = \
	src/cli/job-options.c src/cli/job-options.h src/cli/output.c src/cli/output.h src/cli/result.c src/cli/result.h
CLI_LIBS = libdocai-client.la libdocai-export.la libdocai-document.la libdocai-base.la \
	$(GLIB_LIBS) $(JANSSON_LIBS)

src_cli_docai_submit_SOURCES = src/cli/docai-submit.c src/cli/progress.c src/cli/progress.h \
	$(CLI_COMMON) $(CLI_JOBS)
src_cli_docai_submit_LDADD = $(CLI_LIBS)

bin_PROGRAMS += src/cli/docai-queue
src_cli_docai_queue_SOURCES = src/cli/docai-queue.c src/cli/cli.c src/cli/cli.h
src_cli_docai_queue_LDADD = $(CLI_LIBS)

bin_PROGRAMS += src/cli/docai-watch
src_cli_docai_watch_SOURCES = src/cli/docai-watch.c src/cli/watch-folder.c src/cli/watch-folder.h \
	src/cli/watch-state.c src/cli/watch-state.h $(CLI_COMMON) $(CLI_JOBS)
src_cli_docai_watch_LDADD = $(CLI_LIBS)

dist_man_MANS += man/docai-submit.1 man/docai-queue.1 man/docai-watch.1 man/docai.7

completionsdir = $(datadir)/bash-completion/completions
dist_completions_DATA = \
	completions/docai-submit completions/docai-queue completions/docai-watch \
	completions/docai-model

TESTS += tests/man-check.py tests/system/submit-test.py tests/system/questions-test.py tests/system/watch-test.py \
	tests/system/install-test.py
dist_check_SCRIPTS += tests/man-check.py tests/system/submit-test.py tests/system/questions-test.py tests/system/watch-test.py \
	tests/system/install-test.py
EXTRA_DIST += tests/system/toolslib.py
