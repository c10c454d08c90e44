# Reading text lines with Tesseract's models. The kernels are compiled each for
# its own processor; which one runs is decided when the program starts. None of
# it may fuse multiplications with additions: that would change bits.
noinst_LTLIBRARIES += libdocai-lstm.la libdocai-lstm-avx2.la libdocai-lstm-avx512.la

lstm_kernel_cflags = $(AM_CFLAGS) -O3 -ffp-contract=off

libdocai_lstm_la_SOURCES = \
	pipeline/ocr/lstm/beam.c pipeline/ocr/lstm/beam.h \
	pipeline/ocr/lstm/beam-heap.c pipeline/ocr/lstm/beam-heap.h \
	pipeline/ocr/lstm/bytes.h \
	pipeline/ocr/lstm/dawg.c pipeline/ocr/lstm/dawg.h \
	pipeline/ocr/lstm/dictionary.c pipeline/ocr/lstm/dictionary.h \
	pipeline/ocr/lstm/ink.c pipeline/ocr/lstm/ink.h \
	pipeline/ocr/lstm/kernels.c pipeline/ocr/lstm/kernels.h \
	pipeline/ocr/lstm/kernels-plain.c \
	pipeline/ocr/lstm/lanes.c pipeline/ocr/lstm/lanes.h \
	pipeline/ocr/lstm/leaders.c pipeline/ocr/lstm/leaders.h \
	pipeline/ocr/lstm/number-marks.c pipeline/ocr/lstm/number-marks.h \
	pipeline/ocr/lstm/lineimage.c pipeline/ocr/lstm/lineimage.h \
	pipeline/ocr/lstm/model.c pipeline/ocr/lstm/model.h \
	pipeline/ocr/lstm/network.c pipeline/ocr/lstm/network.h \
	pipeline/ocr/lstm/network-priv.h pipeline/ocr/lstm/network-read.c \
	pipeline/ocr/lstm/pieces.c pipeline/ocr/lstm/pieces.h \
	pipeline/ocr/lstm/reading.c pipeline/ocr/lstm/reading.h \
	pipeline/ocr/lstm/recoder.c pipeline/ocr/lstm/recoder.h \
	pipeline/ocr/lstm/recogniser.c pipeline/ocr/lstm/recogniser.h \
	pipeline/ocr/lstm/recogniser-open.c pipeline/ocr/lstm/recogniser-priv.h \
	pipeline/ocr/lstm/second-look.c \
	pipeline/ocr/lstm/traineddata.c pipeline/ocr/lstm/traineddata.h \
	pipeline/ocr/lstm/unicharset.c pipeline/ocr/lstm/unicharset.h \
	pipeline/ocr/lstm/whole-lines.c \
	pipeline/ocr/lstm/wordlist.c pipeline/ocr/lstm/wordlist.h \
	pipeline/ocr/lstm/words.c pipeline/ocr/lstm/words.h
libdocai_lstm_la_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
libdocai_lstm_la_CFLAGS = $(lstm_kernel_cflags)
libdocai_lstm_la_LIBADD = libdocai-lstm-avx2.la libdocai-lstm-avx512.la \
	libdocai-components.la libdocai-pixels.la \
	$(LEPT_LIBS) $(GLIB_LIBS) $(LIBM)

libdocai_lstm_avx2_la_SOURCES =
libdocai_lstm_avx512_la_SOURCES =
if HOST_X86_64
libdocai_lstm_avx2_la_SOURCES += pipeline/ocr/lstm/kernels-avx2.c
libdocai_lstm_avx512_la_SOURCES += pipeline/ocr/lstm/kernels-avx512.c
endif
libdocai_lstm_avx2_la_CFLAGS = $(lstm_kernel_cflags) -mavx2
libdocai_lstm_avx512_la_CFLAGS = $(lstm_kernel_cflags) \
	-mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni

EXTRA_PROGRAMS = bench/recogniser
bench_recogniser_SOURCES = bench/recogniser.c \
	tests/unit/tesseract-page.c tests/unit/tesseract-page.h
bench_recogniser_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(TESSERACT_CFLAGS)
bench_recogniser_LDADD = libdocai-lstm.la libdocai-base.la $(TESSERACT_LIBS) $(LEPT_LIBS) \
	$(GLIB_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/ink-test tests/unit/lstm-test tests/unit/recogniser-test tests/fuzz/traineddata-fuzz
TESTS += tests/unit/ink-test tests/unit/lstm-test tests/unit/recogniser-test tests/fuzz/traineddata-fuzz
tests_unit_ink_test_SOURCES = tests/unit/ink-test.c
tests_unit_ink_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_ink_test_LDADD = libdocai-lstm.la libdocai-base.la $(GLIB_LIBS) $(LEPT_LIBS) $(LIBM)
tests_unit_lstm_test_SOURCES = tests/unit/lstm-test.c \
	tests/unit/tiny-model.c tests/unit/tiny-model.h
tests_unit_lstm_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_unit_lstm_test_LDADD = libdocai-lstm-emulated.la libdocai-lstm.la libdocai-base.la $(GLIB_LIBS) $(LIBM)
tests_fuzz_traineddata_fuzz_SOURCES = tests/fuzz/traineddata-fuzz.c \
	tests/unit/tiny-model.c tests/unit/tiny-model.h
tests_fuzz_traineddata_fuzz_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS)
tests_fuzz_traineddata_fuzz_LDADD = libdocai-lstm.la libdocai-base.la $(GLIB_LIBS) $(LIBM)
tests_unit_recogniser_test_SOURCES = tests/unit/recogniser-test.c \
	tests/unit/tesseract-page.c tests/unit/tesseract-page.h
tests_unit_recogniser_test_CPPFLAGS = $(AM_CPPFLAGS) $(LEPT_CFLAGS) $(TESSERACT_CFLAGS) \
	$(POPPLER_CFLAGS)
tests_unit_recogniser_test_LDADD = libdocai-lstm.la libdocai-base.la $(TESSERACT_LIBS) \
	$(LEPT_LIBS) $(POPPLER_LIBS) $(GLIB_LIBS) $(LIBM)

# The AVX-512 kernels with plain C in place of the instructions. Calls stay calls:
# all of it inlined takes minutes to compile with the sanitizers.
check_LTLIBRARIES += libdocai-lstm-emulated.la
libdocai_lstm_emulated_la_SOURCES = pipeline/ocr/lstm/kernels-avx512.c \
	tests/unit/emulated/immintrin.h
libdocai_lstm_emulated_la_CPPFLAGS = -I$(top_srcdir)/tests/unit/emulated $(AM_CPPFLAGS) \
	-Ddocai_lstm_kernels_avx512=docai_lstm_kernels_emulated
libdocai_lstm_emulated_la_CFLAGS = $(AM_CFLAGS) -O1 -fno-inline -ffp-contract=off
