/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UTF-8 that may hold U+0000, and the character classes of the reference tokenizers.
 * GLib's own functions end at a zero byte, which a hostile text may contain.
 */
#pragma once

#include <glib.h>

/* Length in bytes of the valid sequence at p, 0 when there is none. */
gsize docai_utf8_sequence (const char *p, gsize left);

/* Appends text with every maximal invalid part replaced by U+FFFD (the Unicode
 * recommendation, as Rust and Python do). */
void docai_utf8_append_lossy (GString *out, const char *text, gsize length);

/* Code point at p, which must be valid; *size is its length in bytes. */
gunichar docai_utf8_get (const char *p, gsize *size);

gboolean docai_unichar_is_space   (gunichar c); /* property White_Space */
gboolean docai_unichar_is_number  (gunichar c); /* categories Nd, Nl, No */
gboolean docai_unichar_is_punct   (gunichar c); /* category P, and ASCII punctuation */
gboolean docai_unichar_is_mark    (gunichar c); /* categories Mn, Mc, Me */
gboolean docai_unichar_is_word    (gunichar c); /* \w of regular expressions */
