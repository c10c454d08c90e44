# The vision-language stages and their backends.
noinst_LTLIBRARIES += libdocai-vlm.la
libdocai_vlm_la_SOURCES = \
	pipeline/vlm/backend.c pipeline/vlm/backend.h \
	pipeline/vlm/builtin.c \
	pipeline/vlm/chart.c pipeline/vlm/chart.h \
	pipeline/vlm/crop.c pipeline/vlm/crop.h \
	pipeline/vlm/detect.c pipeline/vlm/detect.h \
	pipeline/vlm/ground.c pipeline/vlm/ground.h \
	pipeline/vlm/guide.c pipeline/vlm/guide.h \
	pipeline/vlm/learnt.c pipeline/vlm/learnt.h \
	pipeline/vlm/openai.c \
	pipeline/vlm/pages.c pipeline/vlm/pages.h \
	pipeline/vlm/pointing.c pipeline/vlm/pointing.h \
	pipeline/vlm/questions.c pipeline/vlm/questions.h \
	pipeline/vlm/schema.c pipeline/vlm/schema.h \
	pipeline/vlm/segments.c pipeline/vlm/segments.h \
	pipeline/vlm/session.c pipeline/vlm/session.h \
	pipeline/vlm/tasks.c pipeline/vlm/tasks.h \
	pipeline/vlm/understand.c pipeline/vlm/vlm.c \
	pipeline/vlm/windows.c pipeline/vlm/windows.h
libdocai_vlm_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(CURL_CFLAGS)
libdocai_vlm_la_LIBADD = libdocai-chart.la libdocai-models.la libdocai-pixels.la libdocai-rasterize.la libdocai-document.la libdocai-base.la \
	$(LEPT_LIBS) $(CURL_LIBS) $(JANSSON_LIBS) $(GLIB_LIBS)
libdocai_pipeline_la_LIBADD += libdocai-vlm.la

check_PROGRAMS += tests/unit/vlm-test
TESTS += tests/unit/vlm-test
VLM_PAGE = tests/unit/vlm-page.c tests/unit/vlm-page.h tests/unit/chat-server.c tests/unit/chat-server.h
tests_unit_vlm_test_SOURCES = tests/unit/vlm-test.c $(VLM_PAGE)
tests_unit_vlm_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_vlm_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/unit/vlm-tasks-test
TESTS += tests/unit/vlm-tasks-test
tests_unit_vlm_tasks_test_SOURCES = tests/unit/vlm-tasks-test.c
tests_unit_vlm_tasks_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_vlm_tasks_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/fuzz/tasks-fuzz
TESTS += tests/fuzz/tasks-fuzz
tests_fuzz_tasks_fuzz_SOURCES = tests/fuzz/tasks-fuzz.c
tests_fuzz_tasks_fuzz_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/vlm-segments-test
TESTS += tests/unit/vlm-segments-test
tests_unit_vlm_segments_test_SOURCES = tests/unit/vlm-segments-test.c
tests_unit_vlm_segments_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_vlm_segments_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/unit/vlm-learnt-test
TESTS += tests/unit/vlm-learnt-test
tests_unit_vlm_learnt_test_SOURCES = tests/unit/vlm-learnt-test.c
tests_unit_vlm_learnt_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_vlm_learnt_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/unit/vlm-schema-test
TESTS += tests/unit/vlm-schema-test
tests_unit_vlm_schema_test_SOURCES = tests/unit/vlm-schema-test.c
tests_unit_vlm_schema_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_vlm_schema_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)

check_PROGRAMS += tests/unit/vlm-windows-test
TESTS += tests/unit/vlm-windows-test
tests_unit_vlm_windows_test_SOURCES = tests/unit/vlm-windows-test.c
tests_unit_vlm_windows_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS)

check_PROGRAMS += tests/unit/vlm-guide-test
TESTS += tests/unit/vlm-guide-test
tests_unit_vlm_guide_test_SOURCES = tests/unit/vlm-guide-test.c $(VLM_PAGE)
tests_unit_vlm_guide_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_vlm_guide_test_LDADD = $(PIPELINE_LIBS) $(TEST_LIBS) $(LEPT_LIBS)
