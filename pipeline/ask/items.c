/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a member of a list of line items is called by others: "unitCost", "Stückpreis" is UnitPrice.
 */
#include "pipeline/ask/ask.h"

#define C(name) DOCAI_CONCEPT_##name

const char *
docai_ask_item_member (const char *words)
{
  /* The first row whose words are all said; the extract stage's names. */
  static const struct { DocaiConcept all[2]; const char *member; } rows[] = {
    { { C (UNIT), C (PRICE) }, "UnitPrice" }, { { C (TAX) }, "TaxRate" },
    { { C (TOTAL) }, "Amount" },              { { C (NET) }, "Amount" },
    { { C (AMOUNT) }, "Amount" },             { { C (PRICE) }, "UnitPrice" },
    { { C (QUANTITY) }, "Quantity" },         { { C (ITEM), C (NUMBER) }, "ProductCode" },
    { { C (ARTICLE), C (NUMBER) }, "ProductCode" }, { { C (NUMBER) }, "ProductCode" },
    { { C (ITEM) }, "Description" },          { { C (ARTICLE) }, "Description" },
    { { C (NAME) }, "Description" },          { { C (SERVICE) }, "Description" },
    { { C (TITLE) }, "Description" },
  };
  g_autoptr (DocaiQuestion) question = docai_question_new (words);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (docai_concept_set_has (&question->concepts, rows[i].all[0])
        && (rows[i].all[1] == C (NONE) || docai_concept_set_has (&question->concepts, rows[i].all[1])))
      return rows[i].member;
  return NULL;
}
