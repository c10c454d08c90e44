/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of errors, and look-ups in it.
 */
#include "base/error.h"

typedef struct {
  const char     *name;
  DocaiErrorClass klass;
  int             exit_status;
  const char     *sentence;
} ErrorInfo;

static const ErrorInfo infos[DOCAI_ERROR_COUNT] = {
#define X(constant, name, klass, status, sentence) \
  [DOCAI_ERROR_##constant] = { name, DOCAI_CLASS_##klass, status, sentence },
  DOCAI_ERRORS (X)
#undef X
};

G_DEFINE_QUARK (docai-error-quark, docai_error)

static const ErrorInfo *
lookup_info (DocaiErrorCode code)
{
  return (unsigned) code < DOCAI_ERROR_COUNT ? &infos[code] : &infos[DOCAI_ERROR_INTERNAL];
}

const char *
docai_error_name (DocaiErrorCode code)
{
  return lookup_info (code)->name;
}

const char *
docai_error_sentence (DocaiErrorCode code)
{
  return lookup_info (code)->sentence;
}

DocaiErrorClass
docai_error_class (DocaiErrorCode code)
{
  return lookup_info (code)->klass;
}

int
docai_error_exit_status (DocaiErrorCode code)
{
  return lookup_info (code)->exit_status;
}

gboolean
docai_error_lookup (const char *name, DocaiErrorCode *code)
{
  for (int i = 0; i < DOCAI_ERROR_COUNT; i++)
    if (g_strcmp0 (infos[i].name, name) == 0)
      {
        *code = (DocaiErrorCode) i;
        return TRUE;
      }
  return FALSE;
}

DocaiErrorCode
docai_error_code_of (const GError *error)
{
  if (error != NULL && error->domain == DOCAI_ERROR)
    return (DocaiErrorCode) error->code;
  return DOCAI_ERROR_INTERNAL;
}
