/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Clean text: what may stand in the model, and so in JSON and XML alike.
 */
#pragma once

#include <glib.h>

/* The text as valid UTF-8 in NFC, without characters that XML 1.0 forbids,
 * without control characters except \n and \t, without carriage returns; invalid bytes become
 * U+FFFD. `length` -1: up to the zero. Owned by the caller. */
char *docai_text_clean (const char *text, gssize length);

/* Replaces *text by its clean form where it is not clean already; NULL stays NULL. */
void docai_text_clean_in_place (char **text);

/* Words of a text in the order and form used for comparing: case folded, NFKC,
 * punctuation at the ends stripped. NULL-terminated, owned by the caller. */
char **docai_text_tokens (const char *text);

/* Whether there is a letter or digit of any script; FALSE for NULL. */
gboolean docai_text_has_letter_or_digit (const char *text);

/* Whether there is a digit 0 to 9. */
gboolean docai_text_has_digit (const char *text);

/* Whether a letter is written from right to left: Hebrew, Arabic and their kin, presentation forms too. */
gboolean docai_text_is_right_to_left (gunichar letter);
