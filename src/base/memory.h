/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a process that works on page after page keeps its memory.
 */
#pragma once

/* Pictures of pages are taken and given back all the time: what is free stays
 * with the process, up to a bound, instead of being cleared by the kernel again
 * for the next picture, which costs a tenth of a page's time. Call it before the
 * first thread starts. Does nothing where the C library is not glibc. */
void docai_memory_keep (void);
