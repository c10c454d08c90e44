/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small but complete model file with random weights, for tests that need no
 * installed language.
 */
#pragma once

#include <glib.h>

/* The characters are space, a, b, c (spelt with two codes), 1 and a null; "ab"
 * is the only word. The same seed gives the same bytes. */
GBytes *tiny_model_new (guint32 seed);
