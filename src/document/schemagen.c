/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints the published schemas from the tables of the model:
 *
 *   schemagen json > schemas/docai-1.schema.json
 *   schemagen xsd  > schemas/docai-1.xsd
 *
 * A test compares the committed files with what this prints.
 */
#include "document/type.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const DocaiType *const types[] = {
  &docai_failure_type, &docai_source_type, &docai_metadata_type, &docai_attachment_type,
  &docai_outline_item_type, &docai_page_type, &docai_document_type_type, &docai_font_type,
  &docai_region_type, &docai_line_type, &docai_word_type, &docai_table_type, &docai_cell_type,
  &docai_picture_type, &docai_chart_type, &docai_series_type, &docai_point_type,
  &docai_link_type, &docai_ruling_type, &docai_placed_image_type, &docai_field_type, &docai_answer_type,
  &docai_evidence_type, &docai_summary_type, &docai_warning_type, &docai_provenance_type,
  &docai_stage_record_type,
};

static gboolean
is_skipped (const DocaiType *type, const DocaiMember *m)
{
  return m->kind == DOCAI_MEMBER_RASTER
         || (type == &docai_field_type && strcmp (m->name, "items") == 0);
}

/* ---- JSON Schema ---------------------------------------------------------- */

static json_t *
reference (const char *name)
{
  g_autofree char *target = g_strconcat ("#/$defs/", name, NULL);
  return json_pack ("{ss}", "$ref", target);
}

static json_t *
names_schema (const char *const *names)
{
  json_t *all = json_array ();

  for (; *names != NULL; names++)
    json_array_append_new (all, json_string (*names));
  return json_pack ("{so}", "enum", all);
}

static json_t *
fields_schema (void)
{
  return json_pack ("{s:s, s:{s:i}, s:{s:[o, {s:s, s:i, s:o}]}}", "type", "object", "propertyNames",
                    "minLength", 1, "additionalProperties", "anyOf", reference ("field"), "type",
                    "array", "minItems", 1, "items", reference ("fields"));
}

static json_t *
member_schema (const DocaiMember *m)
{
  switch (m->kind)
    {
    case DOCAI_MEMBER_STRING:
      return json_pack ("{ss}", "type", "string");
    case DOCAI_MEMBER_INT:
    case DOCAI_MEMBER_INT64:
      return json_pack ("{sssi}", "type", "integer", "minimum", 0);
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
      return json_pack ("{ss}", "type", "number");
    case DOCAI_MEMBER_CONFIDENCE:
      return json_pack ("{sssisi}", "type", "number", "minimum", 0, "maximum", 1);
    case DOCAI_MEMBER_BOOL:
      return json_pack ("{ss}", "type", "boolean");
    case DOCAI_MEMBER_ENUM:
      return names_schema (m->names);
    case DOCAI_MEMBER_BOX:
      return reference ("box");
    case DOCAI_MEMBER_OBJECT:
      return reference (m->type->element);
    case DOCAI_MEMBER_LIST:
      return json_pack ("{ssso}", "type", "array", "items", reference (m->type->element));
    case DOCAI_MEMBER_FIELDS:
      return reference ("fields");
    case DOCAI_MEMBER_RASTER:
      break;
    }
  return json_false ();
}

static json_t *
type_schema (const DocaiType *type)
{
  json_t *properties = json_object (), *required = json_array ();

  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    {
      if (is_skipped (type, m) || (type == &docai_field_type && strcmp (m->name, "name") == 0))
        continue;
      json_object_set_new (properties, m->name, member_schema (m));
      if (!(m->flags & DOCAI_MEMBER_OPTIONAL))
        json_array_append_new (required, json_string (m->name));
    }
  return json_pack ("{sssososb}", "type", "object", "properties", properties, "required", required,
                    "additionalProperties", 0);
}

static void
print_json (void)
{
  json_t *defs = json_object ();
  json_t *root = type_schema (&docai_document_type);

  json_object_set_new (defs, "box", json_pack ("{s:s, s:{s:s}, s:i, s:i}", "type", "array", "items",
                                               "type", "number", "minItems", 4, "maxItems", 4));
  json_object_set_new (defs, "fields", fields_schema ());
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    json_object_set_new (defs, types[i]->element, type_schema (types[i]));
  json_object_set_new (json_object_get (root, "properties"), "schema",
                       json_pack ("{ss}", "const", "docai/1"));
  json_object_set_new (root, "$schema", json_string ("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new (root, "$id", json_string ("urn:docai:1:json"));
  json_object_set_new (root, "title", json_string ("docai result, version 1"));
  json_object_set_new (root, "$defs", defs);

  char *text = json_dumps (root, JSON_INDENT (2));
  puts (text);
  free (text);
  json_decref (root);
}

/* ---- XSD ------------------------------------------------------------------- */

static gboolean
is_attribute (const DocaiMember *m)
{
  return m->kind <= DOCAI_MEMBER_BOX && !(m->flags & DOCAI_MEMBER_TEXT);
}

static const char *
attribute_type (const DocaiMember *m)
{
  switch (m->kind)
    {
    case DOCAI_MEMBER_INT:
    case DOCAI_MEMBER_INT64:
      return "xs:nonNegativeInteger";
    case DOCAI_MEMBER_NUMBER:
    case DOCAI_MEMBER_VALUE:
      return "number";
    case DOCAI_MEMBER_CONFIDENCE:
      return "confidence";
    case DOCAI_MEMBER_BOOL:
      return "boolean";
    case DOCAI_MEMBER_BOX:
      return "box";
    default:
      return "xs:string";
    }
}

static void
print_attribute (const DocaiMember *m)
{
  const char *use = m->flags & DOCAI_MEMBER_OPTIONAL ? "optional" : "required";

  if (m->kind != DOCAI_MEMBER_ENUM)
    {
      printf ("  <xs:attribute name=\"%s\" type=\"%s\" use=\"%s\"/>\n", m->name, attribute_type (m), use);
      return;
    }
  printf ("  <xs:attribute name=\"%s\" use=\"%s\">\n   <xs:simpleType>\n", m->name, use);
  printf ("    <xs:restriction base=\"xs:string\">\n");
  for (const char *const *name = m->names; *name != NULL; name++)
    printf ("     <xs:enumeration value=\"%s\"/>\n", *name);
  printf ("    </xs:restriction>\n   </xs:simpleType>\n  </xs:attribute>\n");
}

static void
print_child (const DocaiMember *m)
{
  const char *occurs = m->flags & DOCAI_MEMBER_OPTIONAL ? " minOccurs=\"0\"" : "";

  if (m->kind == DOCAI_MEMBER_STRING)
    printf ("   <xs:element name=\"%s\" type=\"xs:string\"%s/>\n", m->name, occurs);
  else if (m->kind == DOCAI_MEMBER_FIELDS)
    printf ("   <xs:element name=\"%s\" type=\"fields\"%s/>\n", m->name, occurs);
  else if (m->kind == DOCAI_MEMBER_OBJECT)
    printf ("   <xs:element name=\"%s\" type=\"%s\"%s/>\n", m->name, m->type->element, occurs);
  else
    printf ("   <xs:element name=\"%s\" type=\"%s\" minOccurs=\"0\" maxOccurs=\"unbounded\"/>\n",
            m->type->element, m->type->element);
}

static void
print_type (const DocaiType *type)
{
  printf (" <xs:complexType name=\"%s\">\n  <xs:sequence>\n", type->element);
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (!is_attribute (m) && !is_skipped (type, m))
      print_child (m);
  printf ("  </xs:sequence>\n");
  for (const DocaiMember *m = type->members; m->name != NULL; m++)
    if (is_attribute (m) && !is_skipped (type, m))
      print_attribute (m);
  printf (" </xs:complexType>\n");
}

static const char xsd_head[]
    = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"urn:docai:1\"\n"
      "           targetNamespace=\"urn:docai:1\" elementFormDefault=\"qualified\">\n"
      " <xs:element name=\"document\" type=\"document\"/>\n"
      " <xs:simpleType name=\"number\">\n"
      "  <xs:restriction base=\"xs:double\"/>\n"
      " </xs:simpleType>\n"
      " <xs:simpleType name=\"boolean\">\n"
      "  <xs:restriction base=\"xs:boolean\">\n"
      "   <xs:pattern value=\"true|false\"/>\n"
      "  </xs:restriction>\n"
      " </xs:simpleType>\n"
      " <xs:simpleType name=\"confidence\">\n"
      "  <xs:restriction base=\"xs:double\">\n"
      "   <xs:minInclusive value=\"0\"/>\n"
      "   <xs:maxInclusive value=\"1\"/>\n"
      "  </xs:restriction>\n"
      " </xs:simpleType>\n"
      " <xs:simpleType name=\"numbers\">\n"
      "  <xs:list itemType=\"number\"/>\n"
      " </xs:simpleType>\n"
      " <xs:simpleType name=\"box\">\n"
      "  <xs:restriction base=\"numbers\">\n"
      "   <xs:length value=\"4\"/>\n"
      "  </xs:restriction>\n"
      " </xs:simpleType>\n"
      " <xs:complexType name=\"fields\">\n"
      "  <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\n"
      "   <xs:element name=\"field\" type=\"field\"/>\n"
      "   <xs:element name=\"list\">\n"
      "    <xs:complexType>\n"
      "     <xs:sequence>\n"
      "      <xs:element name=\"item\" type=\"fields\" maxOccurs=\"unbounded\"/>\n"
      "     </xs:sequence>\n"
      "     <xs:attribute name=\"name\" type=\"xs:string\" use=\"required\"/>\n"
      "    </xs:complexType>\n"
      "   </xs:element>\n"
      "  </xs:choice>\n"
      " </xs:complexType>\n";

static void
print_xsd (void)
{
  fputs (xsd_head, stdout);
  print_type (&docai_document_type);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    print_type (types[i]);
  puts ("</xs:schema>");
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "json") == 0)
    print_json ();
  else if (argc == 2 && strcmp (argv[1], "xsd") == 0)
    print_xsd ();
  else
    {
      fprintf (stderr, "usage: schemagen json|xsd\n");
      return 64;
    }
  return ferror (stdout) ? 74 : 0;
}
