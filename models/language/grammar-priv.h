/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grammars as small programs over bytes: a thread is a program counter and a stack of
 * return addresses; SPLIT makes two threads of one.
 *
 *   BYTE a..b  take one byte in the range, go on at next
 *   SPLIT      go on at next and at other
 *   CALL       push next, go on at other
 *   RETURN     pop
 *   ACCEPT     the answer is complete
 */
#pragma once

#include <jansson.h>

#include "models/language/grammar.h"

#define GRAMMAR_MAX_OPS (1u << 18)
#define GRAMMAR_MAX_STACK 96
#define GRAMMAR_NEVER (1u << 30)

typedef enum { OP_BYTE, OP_SPLIT, OP_CALL, OP_RETURN, OP_ACCEPT } GrammarOpKind;

typedef struct {
  guint8  kind, low, high;
  guint32 next, other;
  guint32 distance; /* fewest bytes from here to the routine's RETURN */
  guint32 height;   /* fewest stack entries needed on the way */
} GrammarOp;

struct DocaiGrammar {
  gint       references;
  GrammarOp *ops;
  guint32    n_ops;
  guint32    start;
  guint8     class_of[256]; /* bytes that no op tells apart have one class */
  guint      n_classes;
  guint8     member[256];   /* one byte of each class */
};

/* A program under construction. emit functions append code that falls through to the
 * next op; a failure is kept in error and makes the rest do nothing. */
typedef struct {
  GArray     *ops;      /* GrammarOp */
  GHashTable *routines; /* json_t * -> address + 1 */
  GPtrArray  *pending;  /* json_t *: schemas whose routine is to be written */
  GArray     *calls;    /* {op, json_t *} to patch */
  json_t     *root;
  guint32     wide_char, any_char, any_string, any_value, space, number;
  GError     *error;
} GrammarBuilder;

guint32 grammar_emit        (GrammarBuilder *b, GrammarOpKind kind, guint8 low, guint8 high);
void    grammar_emit_byte   (GrammarBuilder *b, guint8 low, guint8 high);
void    grammar_emit_text   (GrammarBuilder *b, const char *text, gsize length);
/* CALL of a routine whose address is known. */
void    grammar_emit_call   (GrammarBuilder *b, guint32 routine);
/* SPLIT between the next op and one that is patched later. */
guint32 grammar_emit_split  (GrammarBuilder *b);
/* A jump is a SPLIT whose two targets are equal. */
guint32 grammar_emit_jump   (GrammarBuilder *b);
void    grammar_patch_other (GrammarBuilder *b, guint32 op, guint32 target);
void    grammar_patch_jump  (GrammarBuilder *b, guint32 op, guint32 target);
guint32 grammar_here        (const GrammarBuilder *b);
void    grammar_fail        (GrammarBuilder *b, const char *what, const char *name);

/* The characters of a JSON string that match a regular expression (a simple subset),
 * without the quotes. */
void    grammar_emit_regex  (GrammarBuilder *b, const char *regex);

/* Computes distances and makes the grammar; fails with the builder's error, or when no
 * answer is possible. */
DocaiGrammar *grammar_finish (GrammarBuilder *b, guint32 start, GError **error);

/* ---- values (grammar-values.c) ---- */

/* Between alternatives: each but the last begins with a split, each ends with a jump. */
typedef struct {
  GArray *jumps;
  guint32 split;
  gboolean open;
} GrammarChoice;

/* Alternatives: begin, then next before each one, then end. */
void grammar_choice_begin (GrammarChoice *choice);
void grammar_choice_next (GrammarBuilder *b, GrammarChoice *choice);
void grammar_choice_end (GrammarBuilder *b, GrammarChoice *choice);
void grammar_emit_choice_of_ranges (GrammarBuilder *b, const char *const *list, gsize n);
/* The routines wide_char, any_char; then any_string, any_value. */
void grammar_write_char_routines (GrammarBuilder *b);
/* Calls of a routine, at least `least`, at most `most` (-1: no bound). */
void grammar_emit_repeat (GrammarBuilder *b, guint32 routine, gint64 least, gint64 most);
void grammar_emit_optional_byte (GrammarBuilder *b, char c);
/* smallest: -1 any sign, 0 from zero, 1 from one. */
void grammar_emit_integer (GrammarBuilder *b, int smallest);
void grammar_emit_fraction (GrammarBuilder *b);
void grammar_emit_number (GrammarBuilder *b, int smallest);
void grammar_emit_comma (GrammarBuilder *b);
void grammar_emit_colon (GrammarBuilder *b);
/* open [item {, item}] close of a routine; least and most count items. */
void grammar_emit_list (GrammarBuilder *b, char open, char close, guint32 item, gint64 least, gint64 most);
void grammar_write_value_routines (GrammarBuilder *b);

/* ---- ranges (grammar-range.c) ---- */

/* -INFINITY, INFINITY: no bound. */
typedef struct {
  double   low, high;
  gboolean above, below; /* the bound itself is left out */
} GrammarBounds;

/* Integers of up to 15 digits between the bounds, or numbers of up to 9 digits and 6 decimals. */
void grammar_emit_between (GrammarBuilder *b, const GrammarBounds *bounds, gboolean integer);
/* Multiples of step (1 or more) between the bounds; FALSE when they are more than `most`. */
gboolean grammar_emit_multiples (GrammarBuilder *b, const GrammarBounds *bounds, gint64 step, gint64 most);
