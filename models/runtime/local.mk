# SPDX-License-Identifier: GPL-3.0-or-later
# The kernels are compiled once a level of the processor; the right table is chosen at run time.
KERNEL_FLAGS = $(AM_CFLAGS) -O3 -fno-math-errno -fno-trapping-math -Wno-psabi

noinst_LTLIBRARIES += libdocai-kernels-plain.la
libdocai_kernels_plain_la_SOURCES = models/runtime/kernels-plain.c models/runtime/kernels-impl.h \
	models/runtime/kernels-gemv.h models/runtime/kernels-keys.h models/runtime/kernels-panel.h models/runtime/kernels-quantize.h models/runtime/kernels-resize.h \
	models/runtime/kernels-rows.h models/runtime/kernels-vector.h \
	models/runtime/kernels-priv.h
libdocai_kernels_plain_la_CFLAGS = $(KERNEL_FLAGS)
docai_kernel_libs = libdocai-kernels-plain.la
if HOST_X86_64
noinst_LTLIBRARIES += libdocai-kernels-avx2.la libdocai-kernels-avx512.la libdocai-kernels-avx512bf16.la
libdocai_kernels_avx2_la_SOURCES = models/runtime/kernels-avx2.c
libdocai_kernels_avx2_la_CFLAGS = $(KERNEL_FLAGS) -mavx2 -mfma -mf16c
libdocai_kernels_avx512_la_SOURCES = models/runtime/kernels-avx512.c
libdocai_kernels_avx512_la_CFLAGS = $(KERNEL_FLAGS) -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vnni -mfma -mf16c
libdocai_kernels_avx512bf16_la_SOURCES = models/runtime/kernels-avx512bf16.c
libdocai_kernels_avx512bf16_la_CFLAGS = $(libdocai_kernels_avx512_la_CFLAGS) -mavx512bf16
docai_kernel_libs += libdocai-kernels-avx2.la libdocai-kernels-avx512.la libdocai-kernels-avx512bf16.la
endif

noinst_LTLIBRARIES += libdocai-runtime.la
libdocai_runtime_la_SOURCES = \
	models/runtime/arena.c models/runtime/arena.h \
	models/runtime/attention.c models/runtime/attention.h models/runtime/attention-few.c models/runtime/attention-priv.h \
	models/runtime/block.c models/runtime/block.h \
	models/runtime/cache.c models/runtime/cache.h \
	models/runtime/deformable.c models/runtime/deformable.h \
	models/runtime/kernels.c models/runtime/kernels.h \
	models/runtime/linear.c models/runtime/linear.h \
	models/runtime/norm.c models/runtime/norm.h \
	models/runtime/rope.c models/runtime/rope.h \
	models/runtime/panels.c models/runtime/panels.h \
	models/runtime/run.c models/runtime/run.h \
	models/runtime/tensor.c models/runtime/tensor.h \
	models/runtime/threads.c models/runtime/threads.h \
	models/formats/safetensors.c models/formats/safetensors-write.c models/formats/safetensors.h
libdocai_runtime_la_CPPFLAGS = $(AM_CPPFLAGS) $(BLAS_CFLAGS)
libdocai_runtime_la_LIBADD = $(docai_kernel_libs) libdocai-base.la $(GLIB_LIBS) $(JANSSON_LIBS) $(BLAS_LIBS) $(LIBM)

check_PROGRAMS += tests/unit/attention-test tests/unit/runtime-test tests/unit/safetensors-test
TESTS += tests/unit/attention-test tests/unit/runtime-test tests/unit/safetensors-test
tests_unit_attention_test_SOURCES = tests/unit/attention-test.c tests/unit/kernel-levels.c tests/unit/kernel-levels.h
tests_unit_attention_test_LDADD = libdocai-runtime.la $(TEST_LIBS)
tests_unit_runtime_test_SOURCES = tests/unit/runtime-test.c tests/unit/kernel-levels.c tests/unit/kernel-levels.h
tests_unit_runtime_test_LDADD = libdocai-runtime.la $(TEST_LIBS)
if HOST_X86_64
# The AVX-512 kernels with plain C in place of the instructions, for processors with AVX2.
check_LTLIBRARIES += libdocai-kernels-emulated.la
libdocai_kernels_emulated_la_SOURCES = models/runtime/kernels-avx512bf16.c tests/unit/emulated-avx512/immintrin.h
libdocai_kernels_emulated_la_CPPFLAGS = -I$(top_srcdir)/tests/unit/emulated-avx512 $(AM_CPPFLAGS) \
	-Ddocai_kernels_avx512bf16=docai_kernels_emulated
libdocai_kernels_emulated_la_CFLAGS = $(AM_CFLAGS) -O1 -fno-math-errno -fno-trapping-math -Wno-psabi -mavx2 -mfma -mf16c
tests_unit_attention_test_LDADD += libdocai-kernels-emulated.la
tests_unit_runtime_test_LDADD += libdocai-kernels-emulated.la
endif
tests_unit_safetensors_test_SOURCES = tests/unit/safetensors-test.c
tests_unit_safetensors_test_LDADD = libdocai-runtime.la $(TEST_LIBS)
