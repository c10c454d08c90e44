# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LTLIBRARIES += libdocai-models.la
libdocai_models_la_SOURCES = \
	models/connector/projector.c models/connector/projector.h \
	models/connector/resampler.c models/connector/resampler.h \
	models/families/blip2.c \
	models/families/clip.c \
	models/families/config.c models/families/config.h \
	models/families/detect.c models/families/detect.h models/families/detect-reference.c \
	models/families/donut.c \
	models/families/family.c models/families/family.h \
	models/families/grounding-dino.c \
	models/families/idefics2.c \
	models/families/idefics3.c \
	models/families/internvl.c \
	models/families/kosmos2.c \
	models/families/llama.c \
	models/families/llava.c \
	models/families/loader.c models/families/loader.h \
	models/families/pix2struct.c \
	models/families/qwen2-vl.c \
	models/families/tiles.c \
	models/language/decoder.c models/language/decoder.h \
	models/language/encoder.c models/language/encoder.h \
	models/language/generate.c models/language/generate.h \
	models/language/places.c models/language/places.h \
	models/model.c models/model.h models/model-priv.h models/model-embed.c models/model-encode.c models/model-detect.c \
	models/vision/blank.c models/vision/blank.h \
	models/vision/feature-cache.c models/vision/feature-cache.h \
	models/vision/pyramid.c models/vision/pyramid.h \
	models/vision/swin.c models/vision/swin.h \
	models/vision/tower.c models/vision/tower.h
libdocai_models_la_LIBADD = libdocai-runtime.la libdocai-grammar.la libdocai-prompt.la libdocai-preprocess.la libdocai-tokenizer.la

bin_PROGRAMS += docai-model
docai_model_SOURCES = \
	src/cli/docai-model.c \
	src/cli/model-bench.c src/cli/model-bench.h \
	src/cli/model-check.c src/cli/model-check.h
docai_model_CPPFLAGS = $(AM_CPPFLAGS) $(BLAS_CFLAGS)
docai_model_LDADD = libdocai-models.la libdocai-base.la $(BLAS_LIBS) $(GLIB_LIBS) $(JANSSON_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/model-test tests/unit/places-test
TESTS += tests/unit/model-test tests/unit/places-test tests/unit/model-check.sh
dist_check_SCRIPTS += tests/unit/model-check.sh
tests_unit_model_test_SOURCES = tests/unit/model-test.c
tests_unit_places_test_SOURCES = tests/unit/places-test.c
tests_unit_places_test_LDADD = libdocai-models.la $(TEST_LIBS)
tests_unit_model_test_LDADD = libdocai-models.la $(TEST_LIBS)
# The fuzz entry also runs as a plain test over a fixture's files.
check_PROGRAMS += tests/fuzz/folder-fuzz
TESTS += tests/fuzz/folder-fuzz
tests_fuzz_folder_fuzz_SOURCES = tests/fuzz/folder-fuzz.c
tests_fuzz_folder_fuzz_LDADD = libdocai-models.la $(TEST_LIBS)
dist_man_MANS += man/docai-model.1
EXTRA_DIST += bench/vlm/README.md bench/vlm/make-checkpoint.py bench/vlm/run
