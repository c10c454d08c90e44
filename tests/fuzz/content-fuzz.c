/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile content streams: what a page draws is refused or read. Built with a fuzzer's
 * main the entry is LLVMFuzzerTestOneInput; tests/stage/embedded-test runs mutations of it.
 */
#include "pipeline/rasterize/content.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (DocaiContent) content = docai_content_read ((const char *) data, size);

  g_assert_true (content == NULL || content->image != NULL);
  return 0;
}
