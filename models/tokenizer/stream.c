/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decoding of one token at a time. A short window of tokens is decoded again with each new
 * one, because a token's text may depend on its neighbours; what goes beyond the text of
 * the window's beginning is new. The window restarts at the last emitted token.
 */
#include "models/tokenizer/tokenizer.h"

#include <string.h>

/* A window that grows to this without becoming certain is given out as it is. */
#define MAX_WINDOW 256

struct DocaiTokenStream {
  DocaiTokenizer *tokenizer;
  gboolean        skip_special;
  GArray         *window; /* guint32 */
  guint           n_old;  /* tokens of the window that were emitted */
  char           *old;    /* their text */
  char           *piece;  /* lent to the caller */
};

DocaiTokenStream *
docai_token_stream_new (DocaiTokenizer *tokenizer, gboolean skip_special)
{
  DocaiTokenStream *self = g_new0 (DocaiTokenStream, 1);

  self->tokenizer = docai_tokenizer_ref (tokenizer);
  self->skip_special = skip_special;
  self->window = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->old = g_strdup ("");
  return self;
}

void
docai_token_stream_free (DocaiTokenStream *self)
{
  if (self == NULL)
    return;
  docai_tokenizer_unref (self->tokenizer);
  g_array_unref (self->window);
  g_free (self->old);
  g_free (self->piece);
  g_free (self);
}

/* Text of the window's tokens from `first` on. */
static char *
decode_window (const DocaiTokenStream *self, guint first)
{
  return docai_tokenizer_decode (self->tokenizer,
                                 (const guint32 *) (void *) self->window->data + first,
                                 self->window->len - first, self->skip_special);
}

/* Gives out what `text`, that of the window, has behind the old text. Bytes that turn out
 * to be no UTF-8 change what was given out already; then the new tokens stand alone. */
static const char *
emit (DocaiTokenStream *self, const char *text)
{
  g_free (self->piece);
  if (g_str_has_prefix (text, self->old))
    self->piece = g_strdup (text + strlen (self->old));
  else
    self->piece = decode_window (self, self->n_old);
  if (self->n_old > 0)
    g_array_remove_range (self->window, 0, self->n_old);
  self->n_old = self->window->len;
  g_free (self->old);
  self->old = decode_window (self, 0);
  return self->piece;
}

const char *
docai_token_stream_push (DocaiTokenStream *self, guint32 id)
{
  if (self->skip_special && docai_tokenizer_is_special (self->tokenizer, id))
    return "";
  if (docai_tokenizer_peek_token (self->tokenizer, id) == NULL)
    return "";
  g_array_append_val (self->window, id);
  g_autofree char *text = decode_window (self, 0);
  gboolean certain = strlen (text) > strlen (self->old) && !g_str_has_suffix (text, "\xef\xbf\xbd");
  return certain || self->window->len >= MAX_WINDOW ? emit (self, text) : "";
}

const char *
docai_token_stream_finish (DocaiTokenStream *self)
{
  g_autofree char *text = decode_window (self, 0);

  return strlen (text) > strlen (self->old) ? emit (self, text) : "";
}
