/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the first or last characters of a line tell about its role.
 */
#pragma once

#include <glib.h>

/* The line begins with a bullet, a dash or an enumeration such as "1." or "(a)"
 * followed by text. */
gboolean marks_is_list_item (const char *text);

/* The text is nothing but a bullet or an enumeration mark. */
gboolean marks_is_bare_bullet (const char *text);

/* A section's number alone: "2", "3.2.1", "B.1", "IV.". */
gboolean marks_is_section_number (const char *text);

/* The line begins with a real bullet character, not a number or a dash. */
gboolean marks_is_bullet (const char *text);

/* The state of the ballot box that the line begins with: 1 ticked, 0 empty, -1: none. */
int marks_ballot (const char *text);

/* "Figure 3", "Table 2:", "Abb. 4" and their like at the start. */
gboolean marks_is_caption (const char *text);
gboolean marks_is_table_caption (const char *text);
gboolean marks_is_figure_caption (const char *text);

/* What follows a caption's number goes on as a sentence of the text does. */
gboolean marks_reads_on (const char *text);

/* A page number, bare or with its usual company ("- 3 -", "Page 3 of 9"). */
gboolean marks_is_page_number (const char *text);

/* "3.1 Methods", "IV. RESULTS", "Chapter 2". */
gboolean marks_is_numbered_heading (const char *text);

/* Begins with a footnote mark: a raised or bare number, an asterisk, a dagger. */
gboolean marks_is_footnote (const char *text);

/* Holds a run of leader dots. */
gboolean marks_has_leader (const char *text);

/* Ends like a sentence. */
gboolean marks_ends_sentence (const char *text);

/* Begins with a capital, a digit or an opening quotation mark. */
gboolean marks_starts_sentence (const char *text);

/* Letters are there, and hardly any is lower case. */
gboolean marks_is_capitals (const char *text);

/* Share of characters that are digits, signs or operators rather than letters. */
double marks_symbol_share (const char *text);

/* Share of brackets, quotes, operators and their like, of which code is full. */
double marks_code_share (const char *text);

/* The text is right to left for the most part. */
gboolean marks_is_right_to_left (const char *text);
