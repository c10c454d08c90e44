/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document model as data: for each structure a table of its members. JSON
 * and XML writing and reading, freeing, rounding, checking and the published
 * schemas all walk these tables, so none of them can forget a member.
 */
#pragma once

#include "document/document.h"

#include <stddef.h>

typedef struct DocaiType DocaiType;

typedef enum {
  DOCAI_MEMBER_STRING,     /* char * */
  DOCAI_MEMBER_INT,        /* int */
  DOCAI_MEMBER_INT64,      /* gint64 */
  DOCAI_MEMBER_NUMBER,     /* double, hundredths */
  DOCAI_MEMBER_VALUE,      /* double, as exact as it goes (chart values) */
  DOCAI_MEMBER_CONFIDENCE, /* double, 0 to 1, hundredths */
  DOCAI_MEMBER_BOOL,       /* gboolean */
  DOCAI_MEMBER_ENUM,       /* int-sized enum, written by name */
  DOCAI_MEMBER_BOX,        /* DocaiBox */
  DOCAI_MEMBER_OBJECT,     /* pointer to a structure, or NULL */
  DOCAI_MEMBER_LIST,       /* GPtrArray of structures */
  DOCAI_MEMBER_FIELDS,     /* GPtrArray of DocaiField: an object by name in JSON */
  DOCAI_MEMBER_RASTER,     /* struct Pix *: freed, never written */
} DocaiMemberKind;

typedef enum {
  DOCAI_MEMBER_OPTIONAL = 1 << 0, /* left out when empty: NULL, 0, no elements, an empty box */
  DOCAI_MEMBER_TEXT = 1 << 1,     /* XML: an element with text instead of an attribute */
} DocaiMemberFlags;

typedef struct {
  const char        *name;
  DocaiMemberKind    kind;
  DocaiMemberFlags   flags;
  size_t             offset;
  const DocaiType   *type;  /* of OBJECT and LIST */
  const char *const *names; /* of ENUM, NULL at the end */
} DocaiMember;

struct DocaiType {
  const char        *element; /* the XML element of one such structure */
  size_t             size;
  const DocaiMember *members; /* a NULL name ends them */
  GDestroyNotify     destroy; /* docai_type_free of this type, for lists */
};

extern const DocaiType docai_document_type, docai_source_type, docai_metadata_type,
    docai_attachment_type, docai_outline_item_type, docai_failure_type, docai_warning_type,
    docai_provenance_type, docai_stage_record_type;
extern const DocaiType docai_page_type, docai_document_type_type, docai_font_type, docai_link_type,
    docai_ruling_type, docai_placed_image_type;
extern const DocaiType docai_region_type, docai_line_type, docai_word_type;
extern const DocaiType docai_table_type, docai_cell_type;
extern const DocaiType docai_picture_type, docai_chart_type, docai_series_type, docai_point_type;
extern const DocaiType docai_field_type, docai_item_type;
extern const DocaiType docai_answer_type, docai_evidence_type, docai_summary_type;

/* Where a member of a structure lies. */
#define DOCAI_MEMBER_AT(object, member, T) (*(T *) ((char *) (object) + (member)->offset))

/* A zeroed structure with empty lists. */
gpointer docai_type_new (const DocaiType *type);

/* Frees a structure with all it owns; NULL is fine. */
void docai_type_free (const DocaiType *type, gpointer object);

/* An empty list that owns structures of the type. */
GPtrArray *docai_type_list_new (const DocaiType *type);

/* Whether an optional member holds nothing and is left out. */
gboolean docai_member_is_empty (const DocaiMember *member, gconstpointer object);

/* Brings the structure into the form in which it is written: numbers rounded,
 * strings clean, required strings not NULL. Run when a stage ends. */
void docai_type_normalize (const DocaiType *type, gpointer object);
