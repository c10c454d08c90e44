/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers that follow a JSON Schema: the schema becomes a push-down matcher over bytes,
 * and the matcher a mask over the vocabulary, so that sampling can only choose tokens
 * with which the answer still parses and validates.
 *
 * Understood: type (also a list), properties, required, additionalProperties (boolean),
 * items, minItems, maxItems, minLength, maxLength, enum, const, pattern and format for the
 * simple cases, integer and number with bounds (also exclusive ones) and multipleOf where
 * few multiples lie between them, boolean, null, anyOf, oneOf whose alternatives exclude each
 * other, allOf of one, $ref to local $defs or definitions. Others are BAD_OPTION with their name;
 * annotations (title, description, default, examples) are skipped. Properties are written
 * in the order of the schema; white space is at most one space after ':' and ','.
 */
#pragma once

#include <glib.h>

#include "models/tokenizer/tokenizer.h"

/* A compiled schema; never changes, may be shared. */
typedef struct DocaiGrammar DocaiGrammar;

/* Compiles a JSON Schema. "true" or "{}" accept any JSON value. Errors: BAD_OPTION. */
DocaiGrammar *docai_grammar_new   (const char *schema, gssize length, GError **error);
DocaiGrammar *docai_grammar_ref   (DocaiGrammar *self);
void          docai_grammar_unref (DocaiGrammar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiGrammar, docai_grammar_unref)

/* Whether a JSON text, written as the matcher writes it, is what the schema wants. */
gboolean      docai_grammar_takes (DocaiGrammar *self, const char *json);

/* The vocabulary as a trie of bytes, built once a tokenizer (NULL: none, for bytes alone); never changes, may be shared. */
typedef struct DocaiTokenTrie DocaiTokenTrie;

DocaiTokenTrie *docai_token_trie_new   (const DocaiTokenizer *tokenizer);
DocaiTokenTrie *docai_token_trie_ref   (DocaiTokenTrie *self);
void            docai_token_trie_unref (DocaiTokenTrie *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTokenTrie, docai_token_trie_unref)

/* One answer in the making. */
typedef struct DocaiMatcher DocaiMatcher;

/* References grammar and trie. max_tokens > 0: from when the budget becomes short, only what
 * leads to the end of the answer is allowed, so that it ends as valid JSON within max_tokens
 * tokens where the schema's shortest answer fits in it. stop_ids may be chosen once the
 * answer is complete (the end tokens of generation_config.json; copied). */
DocaiMatcher *docai_matcher_new  (DocaiGrammar *grammar, DocaiTokenTrie *trie, gsize max_tokens,
                                  const guint32 *stop_ids, gsize n_stop_ids);
void          docai_matcher_free (DocaiMatcher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiMatcher, docai_matcher_free)

/* Writes the allowed tokens into mask, one bit a token: (vocab + 31) / 32 words, where vocab
 * is the model's number of logits; tokens beyond the tokenizer's are never allowed. */
void docai_matcher_mask (DocaiMatcher *self, guint32 *mask, guint32 vocab);

/* Takes the chosen token. FALSE (and no change) when it is not allowed. */
gboolean docai_matcher_accept (DocaiMatcher *self, guint32 id);

/* Takes bytes. FALSE (and no change) when they do not continue a valid answer. */
gboolean docai_matcher_accept_bytes (DocaiMatcher *self, const char *bytes, gsize length);

/* Whether the answer may end here, and whether it can only end here. */
gboolean docai_matcher_is_complete (const DocaiMatcher *self);
gboolean docai_matcher_is_finished (const DocaiMatcher *self);
