/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document model in XML, by walking the tables of type.c.
 *
 * Scalars are attributes, texts are elements of their own, lists are repeated
 * elements, and nothing is left open:
 *
 *   <word bbox="72.0 80.5 101.2 92.1" confidence="0.98"><text>Total</text></word>
 *
 * A field is <field name="InvoiceId" ...>; a field with items is
 * <list name="Items"><item><field .../>...</item>...</list>. The fields of a
 * document stand inside <fields>.
 */
#include "document/xml.h"

#include "document/type.h"

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <math.h>
#include <string.h>

#define NAMESPACE "urn:docai:1"
#define NUMBER_SIZE 32

/* ---- writing ------------------------------------------------------------ */

static void write_object (xmlTextWriter *writer, const DocaiType *type, gconstpointer object,
                          const char *element);

/* The same digits as in JSON: twelve, a whole number with ".0". */
static void
format_number (char text[NUMBER_SIZE], double value)
{
  g_ascii_formatd (text, NUMBER_SIZE, "%.12g", value);
  if (strpbrk (text, ".en") == NULL)
    g_strlcat (text, ".0", NUMBER_SIZE);
}

static void
write_attribute (xmlTextWriter *writer, const char *name, const char *value)
{
  xmlTextWriterWriteAttribute (writer, BAD_CAST name, BAD_CAST (value != NULL ? value : ""));
}

static void
write_scalar (xmlTextWriter *writer, const DocaiMember *m, gconstpointer object)
{
  char text[4 * NUMBER_SIZE + 4];

  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      write_attribute (writer, m->name, DOCAI_MEMBER_AT (object, m, const char *));
      return;
    case DOCAI_MEMBER_INT:
      g_snprintf (text, sizeof text, "%d", DOCAI_MEMBER_AT (object, m, int));
      break;
    case DOCAI_MEMBER_INT64:
      g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, DOCAI_MEMBER_AT (object, m, gint64));
      break;
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
    case DOCAI_MEMBER_CONFIDENCE:
      format_number (text, DOCAI_MEMBER_AT (object, m, double));
      break;
    case DOCAI_MEMBER_BOOL:
      g_strlcpy (text, DOCAI_MEMBER_AT (object, m, gboolean) ? "true" : "false", sizeof text);
      break;
    case DOCAI_MEMBER_ENUM:
      g_strlcpy (text, m->names[DOCAI_MEMBER_AT (object, m, int)], sizeof text);
      break;
    case DOCAI_MEMBER_BOX:
      {
        DocaiBox box = DOCAI_MEMBER_AT (object, m, DocaiBox);
        char     a[NUMBER_SIZE], b[NUMBER_SIZE], c[NUMBER_SIZE], d[NUMBER_SIZE];
        format_number (a, box.x0);
        format_number (b, box.y0);
        format_number (c, box.x1);
        format_number (d, box.y1);
        g_snprintf (text, sizeof text, "%s %s %s %s", a, b, c, d);
        break;
      }
    default:
      return;
    }
  write_attribute (writer, m->name, text);
}

static gboolean
is_attribute (const DocaiMember *m)
{
  return m->kind <= DOCAI_MEMBER_BOX && !(m->flags & DOCAI_MEMBER_TEXT);
}

static void
write_fields (xmlTextWriter *writer, const GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++)
    {
      const DocaiField *field = fields->pdata[i];
      if (field->items->len == 0)
        {
          write_object (writer, &docai_field_type, field, "field");
          continue;
        }
      xmlTextWriterStartElement (writer, BAD_CAST "list");
      write_attribute (writer, "name", field->name);
      for (guint j = 0; j < field->items->len; j++)
        {
          xmlTextWriterStartElement (writer, BAD_CAST "item");
          write_fields (writer, ((DocaiItem *) field->items->pdata[j])->fields);
          xmlTextWriterEndElement (writer);
        }
      xmlTextWriterEndElement (writer);
    }
}

static void
write_child (xmlTextWriter *writer, const DocaiMember *m, gconstpointer object)
{
  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      {
        const char *text = DOCAI_MEMBER_AT (object, m, const char *);
        xmlTextWriterWriteElement (writer, BAD_CAST m->name, BAD_CAST (text != NULL ? text : ""));
        break;
      }
    case DOCAI_MEMBER_OBJECT:
      write_object (writer, m->type, DOCAI_MEMBER_AT (object, m, gconstpointer), m->name);
      break;
    case DOCAI_MEMBER_LIST:
      {
        const GPtrArray *list = DOCAI_MEMBER_AT (object, m, const GPtrArray *);
        for (guint i = 0; i < list->len; i++)
          write_object (writer, m->type, list->pdata[i], m->type->element);
        break;
      }
    case DOCAI_MEMBER_FIELDS:
      xmlTextWriterStartElement (writer, BAD_CAST m->name);
      write_fields (writer, DOCAI_MEMBER_AT (object, m, const GPtrArray *));
      xmlTextWriterEndElement (writer);
      break;
    default:
      break;
    }
}

static void
write_members (xmlTextWriter *writer, const DocaiType *type, gconstpointer object)
{
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (is_attribute (m)
        && !((m->flags & DOCAI_MEMBER_OPTIONAL) && docai_member_is_empty (m, object)))
      write_scalar (writer, m, object);
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (!is_attribute (m) && m->kind != DOCAI_MEMBER_RASTER
        && !((m->flags & DOCAI_MEMBER_OPTIONAL) && docai_member_is_empty (m, object)))
      write_child (writer, m, object);
}

static void
write_object (xmlTextWriter *writer, const DocaiType *type, gconstpointer object,
              const char *element)
{
  xmlTextWriterStartElement (writer, BAD_CAST element);
  write_members (writer, type, object);
  xmlTextWriterEndElement (writer);
}

char *
docai_document_to_xml (const DocaiDocument *document, gsize *length)
{
  xmlBuffer     *buffer = xmlBufferCreate ();
  xmlTextWriter *writer = xmlNewTextWriterMemory (buffer, 0);

  xmlTextWriterSetIndent (writer, 1);
  xmlTextWriterSetIndentString (writer, BAD_CAST " ");
  xmlTextWriterStartDocument (writer, NULL, "UTF-8", NULL);
  xmlTextWriterStartElement (writer, BAD_CAST "document");
  write_attribute (writer, "xmlns", NAMESPACE);
  write_members (writer, &docai_document_type, document);
  xmlTextWriterEndDocument (writer);
  xmlFreeTextWriter (writer);

  gsize n = (gsize) xmlBufferLength (buffer);
  char *text = g_strndup ((const char *) xmlBufferContent (buffer), n);
  xmlBufferFree (buffer);
  if (length != NULL)
    *length = n;
  return text;
}

/* ---- reading ------------------------------------------------------------ */

static gboolean read_object (const DocaiType *type, const xmlNode *node, gpointer object,
                             GError **error);

static gboolean
invalid (GError **error, const xmlNode *node, const char *name, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID, "line %ld: %s: %s",
               xmlGetLineNo (node), name, what);
  return FALSE;
}

static gboolean
parse_double (const char **text, double *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (*text, &end);
  if (end == *text || !isfinite (*value))
    return FALSE;
  *text = end;
  return TRUE;
}

static gboolean
parse_integer (const char *text, gint64 low, gint64 high, gint64 *value)
{
  return g_ascii_string_to_signed (text, 10, low, high, value, NULL);
}

static gboolean
parse_box (const char *text, DocaiBox *box)
{
  return parse_double (&text, &box->x0) && parse_double (&text, &box->y0)
         && parse_double (&text, &box->x1) && parse_double (&text, &box->y1) && *text == '\0';
}

static gboolean
parse_enum (const DocaiMember *m, const char *text, int *value)
{
  for (int i = 0; m->names[i] != NULL; i++)
    if (strcmp (m->names[i], text) == 0)
      {
        *value = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_scalar (const DocaiMember *m, const char *text, gpointer object)
{
  gint64 integer = 0;

  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      DOCAI_MEMBER_AT (object, m, char *) = g_strdup (text);
      return TRUE;
    case DOCAI_MEMBER_INT:
      if (!parse_integer (text, G_MININT, G_MAXINT, &integer))
        return FALSE;
      DOCAI_MEMBER_AT (object, m, int) = (int) integer;
      return TRUE;
    case DOCAI_MEMBER_INT64:
      return parse_integer (text, 0, G_MAXINT64, &DOCAI_MEMBER_AT (object, m, gint64));
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
    case DOCAI_MEMBER_CONFIDENCE:
      return parse_double (&text, &DOCAI_MEMBER_AT (object, m, double)) && *text == '\0';
    case DOCAI_MEMBER_BOOL:
      DOCAI_MEMBER_AT (object, m, gboolean) = strcmp (text, "true") == 0;
      return strcmp (text, "true") == 0 || strcmp (text, "false") == 0;
    case DOCAI_MEMBER_ENUM:
      return parse_enum (m, text, &DOCAI_MEMBER_AT (object, m, int));
    case DOCAI_MEMBER_BOX:
      return parse_box (text, &DOCAI_MEMBER_AT (object, m, DocaiBox));
    default:
      return FALSE;
    }
}

static gboolean
read_attributes (const DocaiType *type, const xmlNode *node, gpointer object, GError **error)
{
  guint seen = 0, present = 0;

  for (const xmlAttr *a = node->properties; a != NULL; a = a->next)
    present++;
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    {
      if (!is_attribute (m))
        continue;
      xmlChar *text = xmlGetNoNsProp (node, BAD_CAST m->name);
      if (text == NULL)
        {
          if (m->flags & DOCAI_MEMBER_OPTIONAL)
            continue;
          return invalid (error, node, m->name, "missing");
        }
      seen++;
      gboolean ok = parse_scalar (m, (const char *) text, object);
      xmlFree (text);
      if (!ok)
        return invalid (error, node, m->name, "not a value that the schema allows");
    }
  return seen == present || invalid (error, node, type->element, "unknown attribute");
}

static char *
element_text (const xmlNode *node)
{
  xmlChar *content = xmlNodeGetContent (node);
  char    *text = g_strdup (content != NULL ? (const char *) content : "");
  xmlFree (content);
  return text;
}

static gboolean
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0;
}

static gboolean read_fields (const xmlNode *parent, GPtrArray *fields, GError **error);

static gboolean
read_items (const xmlNode *list, DocaiField *field, GError **error)
{
  xmlChar *name = xmlGetNoNsProp (list, BAD_CAST "name");

  field->name = g_strdup (name != NULL ? (const char *) name : "");
  xmlFree (name);
  for (const xmlNode *child = list->children; child != NULL; child = child->next)
    {
      if (child->type != XML_ELEMENT_NODE)
        continue;
      if (!is_element (child, "item"))
        return invalid (error, child, "list", "holds something else than items");
      DocaiItem *item = docai_item_new ();
      g_ptr_array_add (field->items, item);
      if (!read_fields (child, item->fields, error))
        return FALSE;
    }
  return field->items->len > 0 || invalid (error, list, "list", "holds no item");
}

static gboolean
read_fields (const xmlNode *parent, GPtrArray *fields, GError **error)
{
  for (const xmlNode *child = parent->children; child != NULL; child = child->next)
    {
      if (child->type != XML_ELEMENT_NODE)
        continue;
      gboolean is_list = is_element (child, "list");
      if (!is_list && !is_element (child, "field"))
        return invalid (error, child, "fields", "unknown element");
      DocaiField *field = docai_type_new (&docai_field_type);
      g_ptr_array_add (fields, field);
      if (is_list ? !read_items (child, field, error)
                  : !read_object (&docai_field_type, child, field, error))
        return FALSE;
    }
  return TRUE;
}

/* Reads a child element into its member. */
static gboolean
read_child (const DocaiMember *m, const xmlNode *child, gpointer object, GError **error)
{
  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      if (DOCAI_MEMBER_AT (object, m, char *) != NULL)
        return invalid (error, child, m->name, "stands twice");
      DOCAI_MEMBER_AT (object, m, char *) = element_text (child);
      return TRUE;
    case DOCAI_MEMBER_OBJECT:
      if (DOCAI_MEMBER_AT (object, m, gpointer) != NULL)
        return invalid (error, child, m->name, "stands twice");
      DOCAI_MEMBER_AT (object, m, gpointer) = docai_type_new (m->type);
      return read_object (m->type, child, DOCAI_MEMBER_AT (object, m, gpointer), error);
    case DOCAI_MEMBER_LIST:
      {
        gpointer element = docai_type_new (m->type);
        g_ptr_array_add (DOCAI_MEMBER_AT (object, m, GPtrArray *), element);
        return read_object (m->type, child, element, error);
      }
    case DOCAI_MEMBER_FIELDS:
      return read_fields (child, DOCAI_MEMBER_AT (object, m, GPtrArray *), error);
    default:
      return FALSE;
    }
}

static const DocaiMember *
lookup_child (const DocaiType *type, const xmlNode *child)
{
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (!is_attribute (m) && m->kind != DOCAI_MEMBER_RASTER
        && is_element (child, m->kind == DOCAI_MEMBER_LIST ? m->type->element : m->name))
      return m;
  return NULL;
}

static gboolean
read_object (const DocaiType *type, const xmlNode *node, gpointer object, GError **error)
{
  if (!read_attributes (type, node, object, error))
    return FALSE;
  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    {
      if (child->type != XML_ELEMENT_NODE)
        continue;
      const DocaiMember *m = lookup_child (type, child);
      if (m == NULL)
        return invalid (error, child, (const char *) child->name, "unknown element");
      if (!read_child (m, child, object, error))
        return FALSE;
    }
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (!is_attribute (m) && (m->kind == DOCAI_MEMBER_STRING || m->kind == DOCAI_MEMBER_OBJECT)
        && !(m->flags & DOCAI_MEMBER_OPTIONAL) && DOCAI_MEMBER_AT (object, m, gpointer) == NULL)
      return invalid (error, node, m->name, "missing");
  return TRUE;
}

DocaiDocument *
docai_document_from_xml (const char *data, gsize length, GError **error)
{
  if (length > G_MAXINT)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID, "too long");
      return NULL;
    }

  xmlDoc *xml = xmlReadMemory (data, (int) length, NULL, "UTF-8",
                               XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING
                                   | XML_PARSE_HUGE | XML_PARSE_BIG_LINES);
  const xmlNode *root = xml != NULL ? xmlDocGetRootElement (xml) : NULL;
  g_autoptr (DocaiDocument) document = docai_type_new (&docai_document_type);
  gboolean ok;

  if (root == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_RESULT_INVALID, "not well-formed XML");
      ok = FALSE;
    }
  else if (!is_element (root, "document") || root->ns == NULL || xml->intSubset != NULL
           || strcmp ((const char *) root->ns->href, NAMESPACE) != 0)
    ok = invalid (error, root, "document", "not a document of namespace " NAMESPACE);
  else
    ok = read_object (&docai_document_type, root, document, error);
  if (xml != NULL)
    xmlFreeDoc (xml);
  return ok ? g_steal_pointer (&document) : NULL;
}
