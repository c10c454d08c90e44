/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON Schema to a grammar. Each schema becomes a routine; the order of properties is the
 * schema's. Keywords that are neither understood nor annotations are refused by name.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "models/language/grammar-priv.h"
#include "models/tokenizer/json-util.h"

#define MAX_SCHEMA ((gssize) 1 << 20)
#define MAX_ENUMERATED 1000

static void emit_schema (GrammarBuilder *b, json_t *schema);

/* ---- schemas ------------------------------------------------------------------------- */

/* A CALL to be patched when the schema's routine has an address. */
typedef struct {
  guint32 op;
  json_t *schema;
} Call;

/* CALL of a schema's routine, which is written later. */
static void
emit_call_of (GrammarBuilder *b, json_t *schema)
{
  if (g_hash_table_lookup (b->routines, schema) == NULL && !g_ptr_array_find (b->pending, schema, NULL))
    g_ptr_array_add (b->pending, schema);
  Call call = { grammar_emit (b, OP_CALL, 0, 0), schema };
  g_array_append_val (b->calls, call);
}

static void
emit_literal (GrammarBuilder *b, const json_t *value)
{
  char *text = json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);

  if (text != NULL)
    grammar_emit_text (b, text, strlen (text));
  else
    grammar_fail (b, "enum", "a value that cannot be written");
  free (text);
}

static gboolean
has_type (const json_t *value, const char *type)
{
  if (strcmp (type, "string") == 0)
    return json_is_string (value);
  if (strcmp (type, "integer") == 0)
    return json_is_integer (value);
  if (strcmp (type, "number") == 0)
    return json_is_number (value);
  if (strcmp (type, "boolean") == 0)
    return json_is_boolean (value);
  if (strcmp (type, "null") == 0)
    return json_is_null (value);
  if (strcmp (type, "array") == 0)
    return json_is_array (value);
  return strcmp (type, "object") == 0 && json_is_object (value);
}

static gboolean
type_allows (const json_t *type, const json_t *value)
{
  gsize i;
  const json_t *one;

  if (json_is_string (type))
    return has_type (value, json_string_value (type));
  json_array_foreach (type, i, one)
    if (json_is_string (one) && has_type (value, json_string_value (one)))
      return TRUE;
  return type == NULL;
}

static void
emit_enum (GrammarBuilder *b, const json_t *schema, const json_t *values)
{
  const json_t *type = json_object_get (schema, "type"), *value;
  GrammarChoice choice;
  gsize i;

  grammar_choice_begin (&choice);
  json_array_foreach (values, i, value)
    if (type_allows (type, value))
      {
        grammar_choice_next (b, &choice);
        emit_literal (b, value);
      }
  grammar_choice_end (b, &choice);
}

/* A count keyword; -1 when it is not there. */
static gint64
read_count (GrammarBuilder *b, const json_t *schema, const char *key)
{
  const json_t *value = json_object_get (schema, key);

  if (value == NULL)
    return -1;
  gint64 n = json_is_integer (value) ? json_integer_value (value) : -1;
  if (n < 0 || n > GRAMMAR_MAX_OPS)
    grammar_fail (b, "out of range", key);
  return n;
}

static const char *
regex_of_format (const char *format)
{
/* Days that months have; the 29th of February in every fourth year, as from 1901 to 2099. */
#define LONG_MONTH "(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])"
#define SHORT_MONTH "(0[469]|11)-(0[1-9]|[12]\\d|30)"
#define LEAP_DAY "\\d{2}([02468][48]|[13579][26]|[2468]0)-02-29"
#define DATE "(\\d{4}-(" LONG_MONTH "|" SHORT_MONTH "|02-(0[1-9]|1\\d|2[0-8]))|" LEAP_DAY ")"
#define TIME "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d"
#define ZONE "(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)"
#define HEX4 "[0-9a-f]{4}"
  static const char *const known[][2] = {
    { "date", "^" DATE "$" },
    { "time", "^" TIME ZONE "$" },
    { "date-time", "^" DATE "T" TIME ZONE "$" },
    { "uuid", "^" HEX4 HEX4 "-" HEX4 "-" HEX4 "-" HEX4 "-" HEX4 HEX4 HEX4 "$" },
    { "email", "^[a-z0-9][a-z0-9._-]{0,30}@[a-z0-9]{1,20}([.-][a-z0-9]{1,20}){0,3}\\.[a-z]{2,10}$" },
    { "ipv4", "^((25[0-5]|2[0-4]\\d|1\\d{2}|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d{2}|[1-9]?\\d)$" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (format, known[i][0]) == 0)
      return known[i][1];
  return NULL;
}

static void
emit_string (GrammarBuilder *b, const json_t *schema)
{
  gint64 least = read_count (b, schema, "minLength"), most = read_count (b, schema, "maxLength");
  const char *regex = docai_json_string (schema, "pattern", NULL);

  if (regex == NULL)
    regex = regex_of_format (docai_json_string (schema, "format", ""));
  grammar_emit_byte (b, '"', '"');
  if (regex != NULL && (least > 0 || most >= 0))
    grammar_fail (b, "not supported together", "a pattern or format with minLength or maxLength");
  else if (regex != NULL)
    grammar_emit_regex (b, regex);
  else
    grammar_emit_repeat (b, b->any_char, MAX (least, 0), most);
  if (most >= 0 && least > most)
    grammar_fail (b, "no answer can follow it", "minLength is above maxLength");
  grammar_emit_byte (b, '"', '"');
}

/* A bound, which an "exclusive" key may replace (a number) or sharpen (true, in older drafts); `sign` is 1 for lower
 * bounds. */
static void
read_bound (const json_t *schema, const char *key, const char *exclusive_key, int sign, double *bound, gboolean *exclusive)
{
  const json_t *value = json_object_get (schema, key), *strict = json_object_get (schema, exclusive_key);

  if (json_is_number (value))
    *bound = json_number_value (value);
  *exclusive = json_is_true (strict);
  if (json_is_number (strict) && sign * json_number_value (strict) >= sign * *bound)
    {
      *bound = json_number_value (strict);
      *exclusive = TRUE;
    }
}

static void
emit_numeric (GrammarBuilder *b, const json_t *schema, gboolean integer)
{
  GrammarBounds bounds = { -INFINITY, INFINITY, FALSE, FALSE };
  const json_t *multiple = json_object_get (schema, "multipleOf");
  double step = json_is_number (multiple) ? json_number_value (multiple) : 1;

  read_bound (schema, "minimum", "exclusiveMinimum", 1, &bounds.low, &bounds.above);
  read_bound (schema, "maximum", "exclusiveMaximum", -1, &bounds.high, &bounds.below);
  if (multiple != NULL && (!(step >= 1 && step <= 1e15) || step != floor (step)))
    grammar_fail (b, "not supported", "multipleOf (but for whole numbers)");
  else if (multiple != NULL && (step != 1 || !integer))
    {
      if (!grammar_emit_multiples (b, &bounds, (gint64) step, MAX_ENUMERATED))
        grammar_fail (b, "not supported", "multipleOf without near bounds (minimum, maximum)");
    }
  else if (isinf (bounds.high) && integer && (isinf (bounds.low) || ((bounds.low == 0 || bounds.low == 1) && !bounds.above)))
    grammar_emit_integer (b, isinf (bounds.low) ? -1 : (int) bounds.low);
  else if (isinf (bounds.high) && !integer && (isinf (bounds.low) || (bounds.low == 0 && !bounds.above)))
    grammar_emit_number (b, isinf (bounds.low) ? -1 : 0);
  else
    grammar_emit_between (b, &bounds, integer);
}

static void
emit_array (GrammarBuilder *b, json_t *schema)
{
  gint64 least = read_count (b, schema, "minItems"), most = read_count (b, schema, "maxItems");
  json_t *items = json_object_get (schema, "items");
  guint32 item = b->any_value;

  if (items != NULL)
    {
      guint32 jump = grammar_emit_jump (b);
      item = grammar_here (b);
      emit_call_of (b, items);
      grammar_emit (b, OP_RETURN, 0, 0);
      grammar_patch_jump (b, jump, grammar_here (b));
    }
  if (most >= 0 && least > most)
    grammar_fail (b, "no answer can follow it", "minItems is above maxItems");
  grammar_emit_list (b, '[', ']', item, MAX (least, 0), most);
}

static gboolean
is_required (const json_t *schema, const char *name)
{
  gsize i;
  const json_t *one;

  json_array_foreach (json_object_get (schema, "required"), i, one)
    if (g_strcmp0 (json_string_value (one), name) == 0)
      return TRUE;
  return FALSE;
}

static void
emit_property (GrammarBuilder *b, const char *name, json_t *schema)
{
  g_autoptr (json_t) key = json_string (name);

  emit_literal (b, key);
  grammar_emit_colon (b);
  if (schema != NULL)
    emit_call_of (b, schema);
  else
    grammar_emit_call (b, b->any_value);
}

/* A required name that is no property is an additional one. */
static json_t *
property_of (json_t *properties, json_t *additional, const char *name)
{
  json_t *own = json_object_get (properties, name);

  return own != NULL || !json_is_object (additional) ? own : additional;
}

/* Two chains of the same properties: one while nothing has been written yet, one behind
 * the first property, where a comma comes before each. Position i of the first chain may
 * skip to its i + 1, or write and cross over to the second chain.
 *
 *   first:   {   [a] ─ [b] ─ [c] ─ }
 *                  ╲     ╲     ╲
 *   second:         [,b] ─ [,c] ─ }                                                     */
static void
emit_properties (GrammarBuilder *b, const json_t *schema, GPtrArray *names, json_t *properties)
{
  json_t *additional = json_object_get (schema, "additionalProperties");
  g_autoptr (GArray) crossings = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean open = TRUE; /* whether the first chain can still be walked on */
  guint reach = 0;

  grammar_emit_byte (b, '{', '{');
  for (guint i = 0; i < names->len && open; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      open = !is_required (schema, name);
      guint32 split = open ? grammar_emit_split (b) : 0;
      emit_property (b, name, property_of (properties, additional, name));
      guint32 crossing = grammar_emit_jump (b);
      g_array_append_val (crossings, crossing);
      if (open)
        grammar_patch_other (b, split, grammar_here (b));
      reach = i + 1;
    }
  guint32 end = open ? grammar_emit_jump (b) : 0;
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      if (i > 0 && i - 1 < reach)
        grammar_patch_jump (b, g_array_index (crossings, guint32, i - 1), grammar_here (b));
      if (i == 0)
        continue;
      guint32 split = is_required (schema, name) ? 0 : grammar_emit_split (b);
      grammar_emit_comma (b);
      emit_property (b, name, property_of (properties, additional, name));
      if (!is_required (schema, name))
        grammar_patch_other (b, split, grammar_here (b));
    }
  if (names->len > 0 && reach == names->len)
    grammar_patch_jump (b, g_array_index (crossings, guint32, names->len - 1), grammar_here (b));
  if (open)
    grammar_patch_jump (b, end, grammar_here (b));
  grammar_emit_byte (b, '}', '}');
}

static void
emit_object (GrammarBuilder *b, json_t *schema)
{
  json_t *properties = json_object_get (schema, "properties"), *value;
  json_t *additional = json_object_get (schema, "additionalProperties");
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;
  gsize i;

  json_object_foreach (properties, name, value)
    g_ptr_array_add (names, (gpointer) name);
  json_array_foreach (json_object_get (schema, "required"), i, value)
    if (json_is_string (value) && json_object_get (properties, json_string_value (value)) == NULL)
      {
        if (json_is_false (additional))
          grammar_fail (b, "no answer can follow it", "a required property is not allowed");
        g_ptr_array_add (names, (gpointer) json_string_value (value));
      }
  if (names->len > 0 || json_is_false (additional))
    {
      emit_properties (b, schema, names, properties);
      return;
    }
  guint32 jump = grammar_emit_jump (b), pair = grammar_here (b);
  grammar_emit_call (b, b->any_string);
  grammar_emit_colon (b);
  if (json_is_object (additional))
    emit_call_of (b, additional);
  else
    grammar_emit_call (b, b->any_value);
  grammar_emit (b, OP_RETURN, 0, 0);
  grammar_patch_jump (b, jump, grammar_here (b));
  grammar_emit_list (b, '{', '}', pair, 0, -1);
}

static void
emit_type (GrammarBuilder *b, json_t *schema, const char *type)
{
  if (strcmp (type, "object") == 0)
    emit_object (b, schema);
  else if (strcmp (type, "array") == 0)
    emit_array (b, schema);
  else if (strcmp (type, "string") == 0)
    emit_string (b, schema);
  else if (strcmp (type, "number") == 0 || strcmp (type, "integer") == 0)
    emit_numeric (b, schema, type[0] == 'i');
  else if (strcmp (type, "null") == 0)
    grammar_emit_text (b, "null", 4);
  else if (strcmp (type, "boolean") == 0)
    {
      static const char *const words[] = { "ttrruuee", "ffaallssee" };
      grammar_emit_choice_of_ranges (b, words, 2);
    }
  else
    grammar_fail (b, "unknown type", type);
}

/* "#", "#/$defs/name/...": a pointer into the schema itself. */
static json_t *
resolve (GrammarBuilder *b, const char *reference)
{
  json_t *at = b->root;

  if (reference[0] != '#' || (reference[1] != '\0' && reference[1] != '/'))
    {
      grammar_fail (b, "not supported", "a $ref to another document");
      return NULL;
    }
  g_auto (GStrv) parts = g_strsplit (reference[1] == '/' ? reference + 2 : "", "/", -1);
  for (char **part = parts; *part != NULL && at != NULL; part++)
    {
      g_autoptr (GString) name = g_string_new (*part);
      g_string_replace (name, "~1", "/", 0);
      g_string_replace (name, "~0", "~", 0);
      at = json_is_array (at) ? json_array_get (at, (gsize) g_ascii_strtoull (name->str, NULL, 10))
                              : json_object_get (at, name->str);
    }
  if (at == NULL)
    grammar_fail (b, "$ref leads nowhere", reference);
  return at;
}

/* Keywords that change nothing here, and those that each kind of schema reads. */
static void
check_keywords (GrammarBuilder *b, json_t *schema)
{
  static const char *const known[] = {
    "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minLength",
    "maxLength", "pattern", "format", "enum", "const", "anyOf", "oneOf", "$ref", "$defs", "definitions",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "allOf", "title", "description", "default", "examples", "$schema", "$id", "$comment",
    "deprecated", "readOnly", "writeOnly", "propertyOrdering",
  };
  const char *key;
  json_t *value;

  json_object_foreach (schema, key, value)
    {
      gboolean found = FALSE;
      for (gsize i = 0; i < G_N_ELEMENTS (known) && !found; i++)
        found = strcmp (key, known[i]) == 0;
      if (!found)
        grammar_fail (b, "keyword not supported", key);
    }
}

/* anyOf, $ref, const and enum stand alone: what stands beside them would have to hold too. */
static void
check_alone (GrammarBuilder *b, json_t *schema, const char *what)
{
  static const char *const beside[] = { "properties", "required", "items", "enum", "const", "pattern", "anyOf", "oneOf", "allOf",
                                        "minLength", "maxLength", "minItems", "maxItems", "minimum", "exclusiveMinimum",
                                        "maximum", "exclusiveMaximum", "multipleOf", "additionalProperties" };

  for (gsize i = 0; i < G_N_ELEMENTS (beside); i++)
    if (strcmp (beside[i], what) != 0 && json_object_get (schema, beside[i]) != NULL)
      grammar_fail (b, "not supported beside another keyword", what);
}

static void
emit_any_of (GrammarBuilder *b, json_t *list)
{
  GrammarChoice choice;
  gsize i;
  json_t *one;

  grammar_choice_begin (&choice);
  json_array_foreach (list, i, one)
    {
      grammar_choice_next (b, &choice);
      emit_call_of (b, one);
    }
  grammar_choice_end (b, &choice);
}

static const char *
implied_type (const json_t *schema)
{
  static const char *const signs[][2] = {
    { "properties", "object" }, { "required", "object" }, { "additionalProperties", "object" },
    { "items", "array" }, { "minItems", "array" }, { "maxItems", "array" }, { "pattern", "string" },
    { "minLength", "string" }, { "maxLength", "string" }, { "format", "string" },
    { "minimum", "number" }, { "maximum", "number" }, { "exclusiveMinimum", "number" }, { "exclusiveMaximum", "number" },
    { "multipleOf", "number" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (json_object_get (schema, signs[i][0]) != NULL)
      return signs[i][1];
  return NULL;
}

/* ---- oneOf: no two alternatives may hold at once ---- */

#define MAX_DEPTH 32

static json_t *
follow (GrammarBuilder *b, json_t *schema)
{
  for (int i = 0; i < MAX_DEPTH && json_is_string (json_object_get (schema, "$ref")); i++)
    schema = resolve (b, json_string_value (json_object_get (schema, "$ref")));
  return schema;
}

/* The only values that a schema allows, as a list: of enum or const; NULL when it has neither. */
static json_t *
values_of (const json_t *schema)
{
  json_t *values = json_object_get (schema, "enum"), *only = json_object_get (schema, "const");
  if (json_is_array (values))
    return json_incref (values);
  return only != NULL ? json_pack ("[O]", only) : NULL;
}

static gboolean
allows (const json_t *schema, const json_t *value)
{
  g_autoptr (json_t) values = values_of (schema);
  const json_t *type = json_object_get (schema, "type"), *one;
  const char *implied = implied_type (schema);
  gsize i;

  json_array_foreach (values, i, one)
    if (json_equal (one, value) || (json_is_number (one) && json_is_number (value) && json_number_value (one) == json_number_value (value)))
      return TRUE;
  return values == NULL && (type != NULL || implied == NULL ? type_allows (type, value) : has_type (value, implied));
}

/* Whether no value of a type that both allow exists; integers are numbers. */
static gboolean
types_differ (const json_t *x, const json_t *y)
{
  g_autoptr (json_t) samples = json_pack ("[s, i, b, n, [], {}]", "", 0, 1);
  const json_t *sample;
  gsize i;

  json_array_foreach (samples, i, sample)
    if (allows (x, sample) && allows (y, sample))
      return FALSE;
  return TRUE;
}

static gboolean
are_disjoint (GrammarBuilder *b, json_t *x, json_t *y, int depth)
{
  x = follow (b, x);
  y = follow (b, y);
  g_autoptr (json_t) few = values_of (x), others = values_of (y);
  json_t *value, *properties = json_object_get (x, "properties");
  const char *name;
  gsize i;

  if (!json_is_object (x) || !json_is_object (y) || depth > 3)
    return FALSE;
  if (few == NULL && others != NULL)
    return are_disjoint (b, y, x, depth + 1);
  json_array_foreach (few, i, value)
    if (allows (y, value))
      return FALSE;
  if (few != NULL || (!json_object_get (x, "anyOf") && !json_object_get (x, "oneOf") && !json_object_get (y, "anyOf")
                      && !json_object_get (y, "oneOf") && types_differ (x, y)))
    return TRUE;
  json_object_foreach (properties, name, value)
    {
      json_t *other = json_object_get (json_object_get (y, "properties"), name);
      if (other != NULL && is_required (x, name) && is_required (y, name) && g_strcmp0 (docai_json_string (x, "type", "object"), "object") == 0
          && g_strcmp0 (docai_json_string (y, "type", "object"), "object") == 0 && are_disjoint (b, value, other, depth + 1))
        return TRUE;
    }
  return FALSE;
}

static void
check_one_of (GrammarBuilder *b, json_t *list)
{
  for (gsize i = 0; i < json_array_size (list) && b->error == NULL; i++)
    for (gsize k = 0; k < i; k++)
      if (!are_disjoint (b, json_array_get (list, i), json_array_get (list, k), 0))
        {
          grammar_fail (b, "not supported", "oneOf with alternatives that may hold together (anyOf allows that)");
          return;
        }
}

static void
emit_types (GrammarBuilder *b, json_t *schema)
{
  const json_t *type = json_object_get (schema, "type"), *one;
  const char *implied = implied_type (schema);
  GrammarChoice choice;
  gsize i;

  if (json_is_string (type))
    emit_type (b, schema, json_string_value (type));
  else if (json_is_array (type))
    {
      grammar_choice_begin (&choice);
      json_array_foreach (type, i, one)
        {
          grammar_choice_next (b, &choice);
          emit_type (b, schema, json_is_string (one) ? json_string_value (one) : "?");
        }
      grammar_choice_end (b, &choice);
    }
  else if (implied != NULL)
    emit_type (b, schema, implied);
  else
    grammar_emit_call (b, b->any_value);
}

static void
emit_schema (GrammarBuilder *b, json_t *schema)
{
  const char *reference = docai_json_string (schema, "$ref", NULL);
  json_t *any = json_object_get (schema, "anyOf"), *one = json_object_get (schema, "oneOf"), *all = json_object_get (schema, "allOf");

  if (json_is_true (schema))
    {
      grammar_emit_call (b, b->any_value);
      return;
    }
  if (!json_is_object (schema))
    {
      grammar_fail (b, "a schema is neither an object nor true", "false or another value");
      return;
    }
  check_keywords (b, schema);
  if (reference != NULL)
    {
      json_t *target = resolve (b, reference);
      check_alone (b, schema, "$ref");
      if (target != NULL)
        emit_call_of (b, target);
    }
  else if (any != NULL || one != NULL || all != NULL)
    {
      check_alone (b, schema, any != NULL ? "anyOf" : one != NULL ? "oneOf" : "allOf");
      if (one != NULL)
        check_one_of (b, one);
      if (all != NULL && json_array_size (all) != 1)
        grammar_fail (b, "not supported", "allOf (but for one alternative)");
      emit_any_of (b, any != NULL ? any : one != NULL ? one : all);
    }
  else if (json_object_get (schema, "const") != NULL)
    {
      g_autoptr (json_t) only = json_pack ("[O]", json_object_get (schema, "const"));
      check_alone (b, schema, "const");
      emit_enum (b, schema, only);
    }
  else if (json_object_get (schema, "enum") != NULL)
    {
      check_alone (b, schema, "enum");
      emit_enum (b, schema, json_object_get (schema, "enum"));
    }
  else
    emit_types (b, schema);
}

/* ---- the whole -------------------------------------------------------------------------- */

static void
write_pending (GrammarBuilder *b)
{
  while (b->pending->len > 0 && b->error == NULL)
    {
      json_t *schema = g_ptr_array_steal_index_fast (b->pending, b->pending->len - 1);
      if (g_hash_table_lookup (b->routines, schema) != NULL)
        continue;
      g_hash_table_insert (b->routines, schema, GUINT_TO_POINTER (grammar_here (b) + 1));
      emit_schema (b, schema);
      grammar_emit (b, OP_RETURN, 0, 0);
    }
  for (guint i = 0; i < b->calls->len && b->error == NULL; i++)
    {
      const Call *call = &g_array_index (b->calls, Call, i);
      guint32 routine = GPOINTER_TO_UINT (g_hash_table_lookup (b->routines, call->schema));
      grammar_patch_other (b, call->op, routine - 1);
    }
}

DocaiGrammar *
docai_grammar_new (const char *schema, gssize length, GError **error)
{
  json_error_t where;
  gssize n = length < 0 ? (gssize) strlen (schema) : length;
  g_autoptr (json_t) root = n <= MAX_SCHEMA ? json_loadb (schema, (gsize) n, JSON_DECODE_ANY, &where) : NULL;

  if (root == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "schema: %s",
                   n > MAX_SCHEMA ? "it is too long" : where.text);
      return NULL;
    }
  GrammarBuilder b = { .root = root };
  b.ops = g_array_new (FALSE, FALSE, sizeof (GrammarOp));
  b.calls = g_array_new (FALSE, FALSE, sizeof (Call));
  b.routines = g_hash_table_new (NULL, NULL);
  b.pending = g_ptr_array_new ();
  grammar_write_char_routines (&b);
  grammar_write_value_routines (&b);
  /* Some tokenizers begin every answer with a space. */
  guint32 start = grammar_here (&b);
  grammar_emit_optional_byte (&b, ' ');
  emit_call_of (&b, root);
  grammar_emit (&b, OP_ACCEPT, 0, 0);
  write_pending (&b);
  DocaiGrammar *self = grammar_finish (&b, start, error);
  g_array_unref (b.ops);
  g_array_unref (b.calls);
  g_hash_table_unref (b.routines);
  g_ptr_array_unref (b.pending);
  return self;
}
