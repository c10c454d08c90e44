/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document model in JSON, by walking the tables of type.c.
 *
 * Fields are the one place where the two forms differ: a list of DocaiField is
 * an object whose member names are the fields' names, and a field with items is
 * an array of such objects.
 */
#include "document/json.h"

#include "document/type.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Enough for hundredths of a point on any page and for chart values (12 digits). */
#define REAL_DIGITS 12

static json_t *object_to_json (const DocaiType *type, gconstpointer object);

/* ---- writing ------------------------------------------------------------ */

static json_t *
list_to_json (const DocaiType *type, const GPtrArray *list)
{
  json_t *array = json_array ();

  for (guint i = 0; i < list->len; i++)
    json_array_append_new (array, object_to_json (type, list->pdata[i]));
  return array;
}

static json_t *fields_to_json (const GPtrArray *fields);

static json_t *
items_to_json (const GPtrArray *items)
{
  json_t *array = json_array ();

  for (guint i = 0; i < items->len; i++)
    json_array_append_new (array, fields_to_json (((DocaiItem *) items->pdata[i])->fields));
  return array;
}

static json_t *
fields_to_json (const GPtrArray *fields)
{
  json_t *object = json_object ();

  for (guint i = 0; i < fields->len; i++)
    {
      const DocaiField *field = fields->pdata[i];
      json_object_set_new (object, field->name != NULL ? field->name : "",
                           field->items->len > 0 ? items_to_json (field->items)
                                                 : object_to_json (&docai_field_type, field));
    }
  return object;
}

static json_t *
box_to_json (DocaiBox box)
{
  return json_pack ("[ffff]", box.x0, box.y0, box.x1, box.y1);
}

static json_t *
member_to_json (const DocaiMember *m, gconstpointer object)
{
  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      {
        const char *text = DOCAI_MEMBER_AT (object, m, const char *);
        return json_string (text != NULL ? text : "");
      }
    case DOCAI_MEMBER_INT:
      return json_integer (DOCAI_MEMBER_AT (object, m, int));
    case DOCAI_MEMBER_INT64:
      return json_integer (DOCAI_MEMBER_AT (object, m, gint64));
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
    case DOCAI_MEMBER_CONFIDENCE:
      return json_real (DOCAI_MEMBER_AT (object, m, double));
    case DOCAI_MEMBER_BOOL:
      return json_boolean (DOCAI_MEMBER_AT (object, m, gboolean));
    case DOCAI_MEMBER_ENUM:
      return json_string (m->names[DOCAI_MEMBER_AT (object, m, int)]);
    case DOCAI_MEMBER_BOX:
      return box_to_json (DOCAI_MEMBER_AT (object, m, DocaiBox));
    case DOCAI_MEMBER_OBJECT:
      return object_to_json (m->type, DOCAI_MEMBER_AT (object, m, gconstpointer));
    case DOCAI_MEMBER_LIST:
      return list_to_json (m->type, DOCAI_MEMBER_AT (object, m, const GPtrArray *));
    case DOCAI_MEMBER_FIELDS:
      return fields_to_json (DOCAI_MEMBER_AT (object, m, const GPtrArray *));
    case DOCAI_MEMBER_RASTER:
      break;
    }
  return NULL;
}

/* Whether a field's member is its frame: written by fields_to_json. */
static gboolean
is_field_frame (const DocaiType *type, const DocaiMember *m)
{
  return type == &docai_field_type
         && (strcmp (m->name, "name") == 0 || strcmp (m->name, "items") == 0);
}

static json_t *
object_to_json (const DocaiType *type, gconstpointer object)
{
  json_t *json = json_object ();

  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    {
      if (m->kind == DOCAI_MEMBER_RASTER || is_field_frame (type, m))
        continue;
      if ((m->flags & DOCAI_MEMBER_OPTIONAL) && docai_member_is_empty (m, object))
        continue;
      json_object_set_new_nocheck (json, m->name, member_to_json (m, object));
    }
  return json;
}

/* Takes the JSON and gives its text with a newline at the end. */
static char *
dump (json_t *json, gboolean pretty, gsize *length)
{
  size_t flags = JSON_REAL_PRECISION (REAL_DIGITS) | (pretty ? JSON_INDENT (2) : JSON_COMPACT);
  char  *text = json_dumps (json, flags);

  json_decref (json);
  gsize n = strlen (text);
  char *line = g_malloc (n + 2);
  memcpy (line, text, n);
  line[n] = '\n';
  line[n + 1] = '\0';
  free (text);
  if (length != NULL)
    *length = n + 1;
  return line;
}

char *
docai_document_to_json (const DocaiDocument *document, gboolean pretty, gsize *length)
{
  return dump (object_to_json (&docai_document_type, document), pretty, length);
}

char *
docai_fields_to_json (const GPtrArray *fields, gsize *length)
{
  return dump (fields_to_json (fields), FALSE, length);
}

/* ---- reading ------------------------------------------------------------ */

static gboolean object_from_json (const DocaiType *type, const json_t *json, gpointer object,
                                  GError **error);

static gboolean
invalid (GError **error, const char *name, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID, "%s: %s", name, what);
  return FALSE;
}

static gboolean
integer_from_json (const char *name, const json_t *json, gint64 low, gint64 high, gint64 *value,
                   GError **error)
{
  if (!json_is_integer (json) || json_integer_value (json) < low || json_integer_value (json) > high)
    return invalid (error, name, "not an integer in range");
  *value = json_integer_value (json);
  return TRUE;
}

static gboolean
number_from_json (const char *name, const json_t *json, double low, double high, double *value,
                  GError **error)
{
  if (!json_is_number (json) || !(json_number_value (json) >= low && json_number_value (json) <= high))
    return invalid (error, name, "not a number in range");
  *value = json_number_value (json);
  return TRUE;
}

static gboolean
box_from_json (const char *name, const json_t *json, DocaiBox *box, GError **error)
{
  double v[4];

  if (json_array_size (json) != 4)
    return invalid (error, name, "not an array of four numbers");
  for (int i = 0; i < 4; i++)
    if (!number_from_json (name, json_array_get (json, (size_t) i), -HUGE_VAL, HUGE_VAL, &v[i], error))
      return FALSE;
  *box = (DocaiBox){ v[0], v[1], v[2], v[3] };
  return TRUE;
}

static gboolean
list_from_json (const DocaiType *type, const char *name, const json_t *json, GPtrArray *list,
                GError **error)
{
  size_t  i;
  json_t *element;

  if (!json_is_array (json))
    return invalid (error, name, "not an array");
  json_array_foreach (json, i, element)
    {
      gpointer object = docai_type_new (type);
      g_ptr_array_add (list, object);
      if (!object_from_json (type, element, object, error))
        {
          g_prefix_error (error, "%s[%zu].", name, i);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
fields_from_json (const char *name, const json_t *json, GPtrArray *fields, GError **error)
{
  const char *key;
  json_t     *value;

  if (!json_is_object (json))
    return invalid (error, name, "not an object");
  json_object_foreach ((json_t *) json, key, value)
    {
      DocaiField *field = docai_type_new (&docai_field_type);
      g_ptr_array_add (fields, field);
      field->name = g_strdup (key);
      if (json_is_object (value))
        {
          if (!object_from_json (&docai_field_type, value, field, error))
            return g_prefix_error (error, "%s.%s.", name, key), FALSE;
          continue;
        }
      if (!json_is_array (value) || json_array_size (value) == 0)
        return invalid (error, key, "neither a field nor a list of items");
      for (size_t i = 0; i < json_array_size (value); i++)
        {
          DocaiItem *item = docai_item_new ();
          g_ptr_array_add (field->items, item);
          if (!fields_from_json (key, json_array_get (value, i), item->fields, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
string_from_json (const char *name, const json_t *json, char **string, GError **error)
{
  if (!json_is_string (json) || strlen (json_string_value (json)) != json_string_length (json))
    return invalid (error, name, "not a string");
  *string = g_strdup (json_string_value (json));
  return TRUE;
}

static gboolean
enum_from_json (const DocaiMember *m, const json_t *json, int *value, GError **error)
{
  const char *text = json_string_value (json);

  for (int i = 0; text != NULL && m->names[i] != NULL; i++)
    if (strcmp (m->names[i], text) == 0)
      {
        *value = i;
        return TRUE;
      }
  return invalid (error, m->name, "not one of the allowed names");
}

static gboolean
subobject_from_json (const DocaiMember *m, const json_t *json, gpointer *object, GError **error)
{
  *object = docai_type_new (m->type);
  if (object_from_json (m->type, json, *object, error))
    return TRUE;
  g_prefix_error (error, "%s.", m->name);
  return FALSE;
}

static gboolean
member_from_json (const DocaiMember *m, const json_t *json, gpointer object, GError **error)
{
  gint64 integer = 0;

  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      return string_from_json (m->name, json, &DOCAI_MEMBER_AT (object, m, char *), error);
    case DOCAI_MEMBER_INT:
      if (!integer_from_json (m->name, json, G_MININT, G_MAXINT, &integer, error))
        return FALSE;
      DOCAI_MEMBER_AT (object, m, int) = (int) integer;
      return TRUE;
    case DOCAI_MEMBER_INT64:
      return integer_from_json (m->name, json, 0, G_MAXINT64, &DOCAI_MEMBER_AT (object, m, gint64),
                                error);
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
      return number_from_json (m->name, json, -HUGE_VAL, HUGE_VAL,
                               &DOCAI_MEMBER_AT (object, m, double), error);
    case DOCAI_MEMBER_CONFIDENCE:
      return number_from_json (m->name, json, 0, 1, &DOCAI_MEMBER_AT (object, m, double), error);
    case DOCAI_MEMBER_BOOL:
      DOCAI_MEMBER_AT (object, m, gboolean) = json_is_true (json);
      return json_is_boolean (json) || invalid (error, m->name, "not true or false");
    case DOCAI_MEMBER_ENUM:
      return enum_from_json (m, json, &DOCAI_MEMBER_AT (object, m, int), error);
    case DOCAI_MEMBER_BOX:
      return box_from_json (m->name, json, &DOCAI_MEMBER_AT (object, m, DocaiBox), error);
    case DOCAI_MEMBER_OBJECT:
      return subobject_from_json (m, json, &DOCAI_MEMBER_AT (object, m, gpointer), error);
    case DOCAI_MEMBER_LIST:
      return list_from_json (m->type, m->name, json, DOCAI_MEMBER_AT (object, m, GPtrArray *), error);
    case DOCAI_MEMBER_FIELDS:
      return fields_from_json (m->name, json, DOCAI_MEMBER_AT (object, m, GPtrArray *), error);
    case DOCAI_MEMBER_RASTER:
      break;
    }
  return invalid (error, m->name, "cannot be read");
}

static gboolean
object_from_json (const DocaiType *type, const json_t *json, gpointer object, GError **error)
{
  size_t seen = 0;

  if (!json_is_object (json))
    return invalid (error, type->element, "not an object");
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    {
      if (m->kind == DOCAI_MEMBER_RASTER || is_field_frame (type, m))
        continue;
      const json_t *value = json_object_get (json, m->name);
      if (value == NULL)
        {
          if (m->flags & DOCAI_MEMBER_OPTIONAL)
            continue;
          return invalid (error, m->name, "missing");
        }
      seen++;
      if (!member_from_json (m, value, object, error))
        return FALSE;
    }
  if (seen != json_object_size (json))
    return invalid (error, type->element, "has a member that the schema does not know");
  return TRUE;
}

DocaiDocument *
docai_document_from_json (const char *data, gsize length, GError **error)
{
  json_error_t trouble;
  json_t      *json = json_loadb (data, length, JSON_REJECT_DUPLICATES, &trouble);

  if (json == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID, "line %d: %s", trouble.line,
                   trouble.text);
      return NULL;
    }

  g_autoptr (DocaiDocument) document = docai_type_new (&docai_document_type);
  gboolean ok = object_from_json (&docai_document_type, json, document, error);
  json_decref (json);
  if (!ok)
    return NULL;
  return g_steal_pointer (&document);
}
