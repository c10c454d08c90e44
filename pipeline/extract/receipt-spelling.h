/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Repairing what was read of a merchant's name and address. The content of a field
 * stays what was read; this is for its value.
 */
#pragma once

#include <glib.h>

/* The name without the registration behind it and the specks beside it, and with the
 * company's form as it is spelled: D and O, N and H, B and 8 look alike on worn
 * print. Owned by the caller. */
char *docai_receipt_spell_name (const char *text);

/* The address (rows joined by newlines) without specks at the ends of its rows, and
 * with the usual words of addresses as they are spelled. Owned by the caller. */
char *docai_receipt_spell_address (const char *text);

/* Number of bytes to change, insert or remove to make one text of the other; b has at
 * most 15, else 99. */
int docai_letter_distance (const char *a, const char *b);
