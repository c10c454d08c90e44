/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the ways of computing attention share.
 */
#pragma once

#include "models/runtime/attention.h"

/* Scales one row of scores of query i for keys [first, first + n), adds its bias and masks what the query does not see. */
void docai_attend_finish (const DocaiAttend *in, int head, int i, int first, int n, float *scores);

/* Range of keys that query i sees. */
void docai_attend_visible (const DocaiAttend *in, int i, int *from, int *to);

/* Attention of queries [first, n_q), a few, as in decoding. */
void docai_attend_few (const DocaiAttend *in, int first, DocaiRun *run);
