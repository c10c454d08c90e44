/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kernels of one level: included by a file that is compiled for it and defines TABLE,
 * TABLE_NAME, LANES (floats in a vector: 16 means AVX-512, 8 AVX2) and, where the level has
 * the instructions, WITH_VNNI and WITH_BF16.
 */
#include <math.h>
#include <string.h>

#include "models/runtime/kernels-priv.h"
#include "models/runtime/tensor.h"

#if LANES >= 8
#include <immintrin.h>
#elif defined __SSE2__
#include <emmintrin.h>
#endif

#include "models/runtime/kernels-vector.h"
#include "models/runtime/kernels-gemv.h"
#include "models/runtime/kernels-keys.h"
#include "models/runtime/kernels-panel.h"
#include "models/runtime/kernels-quantize.h"
#include "models/runtime/kernels-resize.h"
#include "models/runtime/kernels-rows.h"

const DocaiKernels TABLE = {
  .name = TABLE_NAME,
  .panel = PANEL,
  .score_keys = score_keys,
  .add_values = add_values,
  .score_keys_f16 = score_keys_f16,
  .add_values_f16 = add_values_f16,
  .many_f32 = many_f32,
  .many_bf16 = many_bf16,
  .many_f16 = many_f16,
  .many_q8 = many_q8,
  .many_q4 = many_q4,
  .pack = pack,
  .multiply_f32 = multiply_f32,
  .multiply_i16 = multiply_i16,
#if defined WITH_BF16
  .multiply_bf16 = multiply_bf16,
#endif
  .round_bf16 = round_bf16,
  .round_i16 = round_i16,
  .widen_i16 = widen_i16,
  .widen_bf16 = widen_bf16,
  .widen_f16 = widen_f16,
  .narrow_f16 = narrow_f16,
  .widen_q8 = widen_q8,
  .widen_q4 = widen_q4,
  .mix_rows = mix_rows,
  .mix_pixels = mix_pixels,
  .layer_norm = layer_norm,
  .rms_norm = rms_norm,
  .activate = activate,
  .activate_mul = activate_mul,
  .add = add,
  .add_scaled = add_scaled,
  .scale = scale,
  .max = max,
  .largest = largest,
  .quantize = quantize,
  .quantize_q8 = quantize_q8,
  .quantize_q4 = quantize_q4,
  .exp_sum = exp_sum,
  .rotate = rotate,
  .finite_f32 = finite_f32,
  .finite_bf16 = finite_bf16,
  .finite_f16 = finite_f16,
};
