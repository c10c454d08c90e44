/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The allocator's settings for workers.
 */
#include "base/memory.h"

#include <malloc.h>

/* More than a page's picture in colour at 300 dpi. */
#define KEPT_BYTES (64 << 20)

void
docai_memory_keep (void)
{
#ifdef M_ARENA_MAX
  mallopt (M_ARENA_MAX, 1); /* other arenas cannot hold pieces this large */
  mallopt (M_MMAP_THRESHOLD, KEPT_BYTES);
  mallopt (M_TRIM_THRESHOLD, KEPT_BYTES);
#endif
}
