/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What words of questions and labels mean, whatever their language: "Rechnungsnummer", "invoice no." and "numéro de
 * facture" are INVOICE and NUMBER. The phrases of the extraction's lexicon (pipeline/extract/lexicon.h) are known too.
 */
#pragma once

#include <glib.h>

typedef enum {
  DOCAI_CONCEPT_NONE, /* a word that only means itself */

  /* words that need another one beside them: "number" of what? */
  DOCAI_CONCEPT_NUMBER,
  DOCAI_CONCEPT_DATE,
  DOCAI_CONCEPT_NAME,
  DOCAI_CONCEPT_AMOUNT,
  DOCAI_CONCEPT_TIME,
  DOCAI_CONCEPT_RATE,
  DOCAI_CONCEPT_PERSON,

  /* papers */
  DOCAI_CONCEPT_DOCUMENT, /* the first one of the papers */
  DOCAI_CONCEPT_INVOICE,
  DOCAI_CONCEPT_RECEIPT,
  DOCAI_CONCEPT_LETTER,
  DOCAI_CONCEPT_FORM,
  DOCAI_CONCEPT_REPORT,
  DOCAI_CONCEPT_ARTICLE,
  DOCAI_CONCEPT_SLIDE,
  DOCAI_CONCEPT_TABLE,
  DOCAI_CONCEPT_CARD,
  DOCAI_CONCEPT_PASSPORT,
  DOCAI_CONCEPT_OFFER,
  DOCAI_CONCEPT_CERTIFICATE,
  DOCAI_CONCEPT_CONTRACT, /* the last one of the papers */

  /* money */
  DOCAI_CONCEPT_TOTAL,
  DOCAI_CONCEPT_NET,
  DOCAI_CONCEPT_TAX,
  DOCAI_CONCEPT_DUE,
  DOCAI_CONCEPT_PAY,
  DOCAI_CONCEPT_PAID,
  DOCAI_CONCEPT_BALANCE,
  DOCAI_CONCEPT_DISCOUNT,
  DOCAI_CONCEPT_CASH,
  DOCAI_CONCEPT_CHANGE,
  DOCAI_CONCEPT_ROUNDING,
  DOCAI_CONCEPT_CURRENCY,
  DOCAI_CONCEPT_PRICE,
  DOCAI_CONCEPT_QUANTITY,
  DOCAI_CONCEPT_UNIT,
  DOCAI_CONCEPT_ITEM,
  DOCAI_CONCEPT_IBAN,
  DOCAI_CONCEPT_BIC,
  DOCAI_CONCEPT_BANK,
  DOCAI_CONCEPT_ACCOUNT,
  DOCAI_CONCEPT_TERMS,

  /* parties and trade */
  DOCAI_CONCEPT_VENDOR,
  DOCAI_CONCEPT_CUSTOMER,
  DOCAI_CONCEPT_SHOP,
  DOCAI_CONCEPT_SENDER,
  DOCAI_CONCEPT_RECEIVER,
  DOCAI_CONCEPT_AUTHOR,
  DOCAI_CONCEPT_COMPANY,
  DOCAI_CONCEPT_EMPLOYER,
  DOCAI_CONCEPT_ORDER,
  DOCAI_CONCEPT_DELIVERY,
  DOCAI_CONCEPT_BUY,
  DOCAI_CONCEPT_SERVICE,
  DOCAI_CONCEPT_PERIOD,

  /* persons and places */
  DOCAI_CONCEPT_GIVEN,
  DOCAI_CONCEPT_FAMILY,
  DOCAI_CONCEPT_BIRTH,
  DOCAI_CONCEPT_SEX,
  DOCAI_CONCEPT_NATIONALITY,
  DOCAI_CONCEPT_OCCUPATION,
  DOCAI_CONCEPT_HEIGHT,
  DOCAI_CONCEPT_AGE,
  DOCAI_CONCEPT_MARITAL,
  DOCAI_CONCEPT_PHONE,
  DOCAI_CONCEPT_MOBILE,
  DOCAI_CONCEPT_FAX,
  DOCAI_CONCEPT_EMAIL,
  DOCAI_CONCEPT_WEB,
  DOCAI_CONCEPT_ADDRESS,
  DOCAI_CONCEPT_STREET,
  DOCAI_CONCEPT_CITY,
  DOCAI_CONCEPT_POSTCODE,
  DOCAI_CONCEPT_COUNTRY,
  DOCAI_CONCEPT_PLACE,

  /* papers' parts and times */
  DOCAI_CONCEPT_TITLE,
  DOCAI_CONCEPT_SUBJECT,
  DOCAI_CONCEPT_REFERENCE,
  DOCAI_CONCEPT_PAGE,
  DOCAI_CONCEPT_JOURNAL,
  DOCAI_CONCEPT_ISSUE,
  DOCAI_CONCEPT_EXPIRY,
  DOCAI_CONCEPT_START,
  DOCAI_CONCEPT_END,
  DOCAI_CONCEPT_WRITE,
  DOCAI_CONCEPT_PUBLISH,
  DOCAI_CONCEPT_SIGNATURE,
  DOCAI_CONCEPT_REMARK,
  DOCAI_CONCEPT_REASON,
  DOCAI_CONCEPT_DEPARTMENT,
  DOCAI_CONCEPT_YEAR,
  DOCAI_CONCEPT_MONTH,
  DOCAI_CONCEPT_WEIGHT,
  DOCAI_CONCEPT_LAST /* how many there are */
} DocaiConcept;

/* A set of concepts. */
typedef struct {
  guint64 bits[2];
} DocaiConceptSet;

G_STATIC_ASSERT (DOCAI_CONCEPT_LAST <= 128);

static inline void
docai_concept_set_add (DocaiConceptSet *set, DocaiConcept concept)
{
  set->bits[concept / 64] |= G_GUINT64_CONSTANT (1) << (concept % 64);
}

static inline void
docai_concept_set_remove (DocaiConceptSet *set, DocaiConcept concept)
{
  set->bits[concept / 64] &= ~(G_GUINT64_CONSTANT (1) << (concept % 64));
}

static inline gboolean
docai_concept_set_has (const DocaiConceptSet *set, DocaiConcept concept)
{
  return (set->bits[concept / 64] >> (concept % 64) & 1) != 0;
}

/* One meaning in a text: a phrase may have several. */
typedef struct {
  DocaiConcept concept;
  char        *stem;        /* the word without its inflection; of concepts NULL */
  gboolean     particle;    /* "of", "from": says something only where nothing else does */
  guint        first, last; /* tokens of the text that say it */
} DocaiTerm;

/* A text's tokens and what they mean. */
typedef struct {
  GPtrArray *tokens; /* char *, folded runs of letters and digits; "#" is one too */
  GArray    *starts; /* gsize: byte of the folded text at which each token begins */
  GArray    *terms;  /* DocaiTerm, in the text's order */
} DocaiTerms;

/* Reads folded text (docai_fold). Free with docai_terms_free. */
DocaiTerms *docai_terms_new (const char *folded);
void        docai_terms_free (DocaiTerms *terms);

static inline const DocaiTerm *
docai_terms_at (const DocaiTerms *terms, guint i)
{
  return &g_array_index (terms->terms, DocaiTerm, i);
}

/* Whether two words are forms of one: equal, or alike but for a short ending. */
gboolean docai_stems_match (const char *a, const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocaiTerms, docai_terms_free)
