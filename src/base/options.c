/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Options of one job: the table of their names, and setting them from JSON,
 * text and profiles.
 */
#include "base/options.h"

#include <stddef.h>
#include <string.h>

#define MAX_TEXT 65536
#define MAX_QUESTIONS 64

typedef enum { OPTION_TEXT, OPTION_CHOICE, OPTION_BOOL, OPTION_INT, OPTION_TEXTS } OptionKind;

typedef struct {
  const char *name;
  OptionKind  kind;
  size_t      offset;
  const char *initial; /* as text; NULL: unset */
  const char *choices; /* of CHOICE, separated by | */
  int         low, high;
} OptionInfo;

#define AT(member) offsetof (DocaiOptions, member)

static const OptionInfo infos[] = {
  { "profile", OPTION_TEXT, AT (profile), "standard", NULL, 0, 0 },
  { "lang", OPTION_TEXT, AT (languages), "auto", NULL, 0, 0 },
  { "pages", OPTION_TEXT, AT (pages), NULL, NULL, 0, 0 },
  { "password", OPTION_TEXT, AT (password), NULL, NULL, 0, 0 },
  { "ocr", OPTION_CHOICE, AT (ocr), "auto", "auto|always|never", 0, 0 },
  { "vlm", OPTION_CHOICE, AT (vlm), NULL, "none|builtin|openai", 0, 0 },
  { "extract", OPTION_CHOICE, AT (extract), "auto", "auto|invoice|receipt|none", 0, 0 },
  { "schema", OPTION_TEXT, AT (schema), NULL, NULL, 0, 0 },
  { "ask", OPTION_TEXTS, AT (questions), NULL, NULL, 0, 0 },
  { "tables", OPTION_BOOL, AT (tables), "true", NULL, 0, 0 },
  { "dpi", OPTION_INT, AT (dpi), "300", NULL, 72, 1200 },
  { "priority", OPTION_CHOICE, AT (priority), "interactive", "interactive|batch", 0, 0 },
};

#define MEMBER(options, info, T) (*(T *) ((char *) (options) + (info)->offset))

static const OptionInfo *
lookup_info (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    if (strcmp (infos[i].name, name) == 0)
      return &infos[i];
  return NULL;
}

static gboolean
bad_option (GError **error, const char *name, const char *what)
{
  g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "option \"%s\": %s", name, what);
  return FALSE;
}

static gboolean
is_choice (const char *choices, const char *value)
{
  g_auto (GStrv) all = g_strsplit (choices, "|", -1);
  return g_strv_contains ((const char *const *) all, value);
}

/* Language names become file names, so nothing but names may pass. */
static gboolean
is_language_list (const char *value)
{
  gboolean need_name = TRUE;

  for (const char *p = value; *p != '\0'; p++)
    {
      if (*p == '+' && need_name)
        return FALSE;
      if (*p != '+' && !g_ascii_isalnum (*p) && *p != '_' && *p != '-')
        return FALSE;
      need_name = *p == '+';
    }
  return !need_name;
}

static gboolean
is_page_list (const char *value)
{
  return *value != '\0' && strspn (value, "0123456789,- ") == strlen (value);
}

static gboolean
is_profile_name (const char *value)
{
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_' && *p != '-')
      return FALSE;
  return *value != '\0';
}

static gboolean
set_text (DocaiOptions *options, const OptionInfo *info, const char *value, GError **error)
{
  if (strlen (value) > MAX_TEXT || !g_utf8_validate (value, -1, NULL))
    return bad_option (error, info->name, "too long or not UTF-8");
  if (info->kind == OPTION_CHOICE && !is_choice (info->choices, value))
    {
      g_autofree char *what = g_strdup_printf ("must be one of %s", info->choices);
      return bad_option (error, info->name, what);
    }
  if (info->offset == AT (languages) && !is_language_list (value))
    return bad_option (error, info->name, "must be language names joined by +");
  if (info->offset == AT (pages) && !is_page_list (value))
    return bad_option (error, info->name, "must be page ranges such as 1-3,7");
  if (info->offset == AT (profile) && !is_profile_name (value))
    return bad_option (error, info->name, "is no profile's name");
  g_free (MEMBER (options, info, char *));
  MEMBER (options, info, char *) = g_strdup (value);
  return TRUE;
}

static gboolean
set_int (DocaiOptions *options, const OptionInfo *info, gint64 value, GError **error)
{
  if (value < info->low || value > info->high)
    {
      g_autofree char *what = g_strdup_printf ("must lie in %d..%d", info->low, info->high);
      return bad_option (error, info->name, what);
    }
  MEMBER (options, info, int) = (int) value;
  return TRUE;
}

static gboolean
add_text (DocaiOptions *options, const OptionInfo *info, const char *value, GError **error)
{
  char **texts = MEMBER (options, info, char **);
  guint  n = g_strv_length (texts);

  if (n >= MAX_QUESTIONS || strlen (value) > MAX_TEXT)
    return bad_option (error, info->name, "too many or too long");
  texts = g_renew (char *, texts, n + 2);
  texts[n] = g_strdup (value);
  texts[n + 1] = NULL;
  MEMBER (options, info, char **) = texts;
  return TRUE;
}

gboolean
docai_options_set (DocaiOptions *options, const char *name, const char *value, GError **error)
{
  const OptionInfo *info = lookup_info (name);
  gint64            number;

  if (info == NULL)
    return bad_option (error, name, "there is no such option");
  switch (info->kind)
    {
    case OPTION_TEXT:
    case OPTION_CHOICE:
      return set_text (options, info, value, error);
    case OPTION_TEXTS:
      return add_text (options, info, value, error);
    case OPTION_INT:
      if (!g_ascii_string_to_signed (value, 10, G_MININT, G_MAXINT, &number, NULL))
        return bad_option (error, name, "must be a whole number");
      return set_int (options, info, number, error);
    case OPTION_BOOL:
      if (strcmp (value, "true") != 0 && strcmp (value, "false") != 0)
        return bad_option (error, name, "must be true or false");
      MEMBER (options, info, gboolean) = strcmp (value, "true") == 0;
      return TRUE;
    }
  return FALSE;
}

DocaiOptions *
docai_options_new (void)
{
  DocaiOptions *options = g_new0 (DocaiOptions, 1);

  options->questions = g_new0 (char *, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    if (infos[i].initial != NULL)
      docai_options_set (options, infos[i].name, infos[i].initial, NULL);
  return options;
}

DocaiOptions *
docai_options_dup (const DocaiOptions *options)
{
  DocaiOptions *copy = docai_options_new ();
  json_t       *json = docai_options_to_json (options, TRUE);

  docai_options_apply_json (copy, json, NULL);
  json_decref (json);
  return copy;
}

void
docai_options_free (DocaiOptions *options)
{
  if (options == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    switch (infos[i].kind)
      {
      case OPTION_TEXT:
      case OPTION_CHOICE:
        g_free (MEMBER (options, &infos[i], char *));
        break;
      case OPTION_TEXTS:
        g_strfreev (MEMBER (options, &infos[i], char **));
        break;
      case OPTION_BOOL:
      case OPTION_INT:
        break;
      }
  g_free (options);
}

static gboolean
apply_texts (DocaiOptions *options, const OptionInfo *info, const json_t *array, GError **error)
{
  size_t        i;
  const json_t *value;

  g_strfreev (MEMBER (options, info, char **));
  MEMBER (options, info, char **) = g_new0 (char *, 1);
  json_array_foreach (array, i, value)
    if (!json_is_string (value))
      return bad_option (error, info->name, "must be an array of strings");
    else if (!add_text (options, info, json_string_value (value), error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_member (DocaiOptions *options, const OptionInfo *info, const json_t *value, GError **error)
{
  switch (info->kind)
    {
    case OPTION_TEXT:
    case OPTION_CHOICE:
      if (json_is_string (value))
        return set_text (options, info, json_string_value (value), error);
      if (json_is_null (value) && info->initial == NULL)
        {
          g_clear_pointer (&MEMBER (options, info, char *), g_free);
          return TRUE;
        }
      return bad_option (error, info->name, "must be a string");
    case OPTION_TEXTS:
      if (!json_is_array (value))
        return bad_option (error, info->name, "must be an array of strings");
      return apply_texts (options, info, value, error);
    case OPTION_INT:
      if (!json_is_integer (value))
        return bad_option (error, info->name, "must be a whole number");
      return set_int (options, info, json_integer_value (value), error);
    case OPTION_BOOL:
      if (!json_is_boolean (value))
        return bad_option (error, info->name, "must be true or false");
      MEMBER (options, info, gboolean) = json_is_true (value);
      return TRUE;
    }
  return FALSE;
}

gboolean
docai_options_apply_json (DocaiOptions *options, const json_t *object, GError **error)
{
  const char *name;
  json_t     *value;

  if (!json_is_object (object))
    return bad_option (error, "options", "must be an object");
  json_object_foreach ((json_t *) object, name, value)
    {
      const OptionInfo *info = lookup_info (name);
      if (info == NULL)
        return bad_option (error, name, "there is no such option");
      if (!apply_member (options, info, value, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
docai_options_apply_profile (DocaiOptions *options, const char *profiles_dir, const char *name,
                             GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char     *base = g_strconcat (name, ".ini", NULL);
  g_autofree char     *path = g_build_filename (profiles_dir, base, NULL);
  g_autoptr (GError)   trouble = NULL;

  if (!is_profile_name (name))
    return bad_option (error, "profile", "is no profile's name");
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &trouble))
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_OPTION, "profile \"%s\": %s", name,
                   trouble->message);
      return FALSE;
    }
  if (!docai_options_set (options, "profile", name, error))
    return FALSE;

  g_auto (GStrv) keys = g_key_file_get_keys (file, "options", NULL, NULL);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *value = g_key_file_get_string (file, "options", keys[i], NULL);
      if (!docai_options_set (options, keys[i], value != NULL ? value : "", error))
        return g_prefix_error (error, "profile \"%s\": ", name), FALSE;
    }
  return TRUE;
}

json_t *
docai_options_to_json (const DocaiOptions *options, gboolean include_password)
{
  json_t *object = json_object ();

  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      const OptionInfo *info = &infos[i];
      json_t           *value = NULL;
      switch (info->kind)
        {
        case OPTION_TEXT:
        case OPTION_CHOICE:
          if (MEMBER (options, info, char *) == NULL
              || (info->offset == AT (password) && !include_password))
            continue;
          value = json_string (MEMBER (options, info, char *));
          break;
        case OPTION_TEXTS:
          value = json_array ();
          for (char **text = MEMBER (options, info, char **); *text != NULL; text++)
            json_array_append_new (value, json_string (*text));
          break;
        case OPTION_INT:
          value = json_integer (MEMBER (options, info, int));
          break;
        case OPTION_BOOL:
          value = json_boolean (MEMBER (options, info, gboolean));
          break;
        }
      json_object_set_new (object, info->name, value);
    }
  return object;
}

/* ---- page ranges --------------------------------------------------------- */

/* One range "3", "3-5", "3-" or "-5" from 1; FALSE when malformed. */
static gboolean
parse_range (const char *text, int n_pages, gint64 *first, gint64 *last)
{
  const char *dash = strchr (text, '-');

  if (dash == NULL)
    {
      *last = 0;
      if (!g_ascii_string_to_signed (text, 10, 1, G_MAXINT, first, NULL))
        return FALSE;
      *last = *first;
      return TRUE;
    }
  g_autofree char *from = g_strndup (text, (gsize) (dash - text));
  *first = 1;
  *last = n_pages;
  if (*from == '\0' && dash[1] == '\0')
    return FALSE;
  if (*from != '\0' && !g_ascii_string_to_signed (from, 10, 1, G_MAXINT, first, NULL))
    return FALSE;
  if (dash[1] != '\0' && !g_ascii_string_to_signed (dash + 1, 10, 1, G_MAXINT, last, NULL))
    return FALSE;
  return *first <= *last || dash[1] == '\0';
}

gboolean *
docai_page_range_parse (const char *range, int n_pages, GError **error)
{
  g_autofree gboolean *wanted = g_new0 (gboolean, MAX (n_pages, 1));
  int                  n_wanted = 0;

  g_auto (GStrv) parts = g_strsplit (range != NULL ? range : "1-", ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      gint64 first, last;
      if (!parse_range (g_strstrip (parts[i]), n_pages, &first, &last))
        {
          g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PAGE_RANGE, "\"%s\" is no page range", range);
          return NULL;
        }
      for (gint64 page = first; page <= MIN (last, n_pages); page++)
        {
          n_wanted += !wanted[page - 1];
          wanted[page - 1] = TRUE;
        }
    }
  if (n_wanted == 0)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_PAGE_RANGE,
                   "the range %s names none of the %d pages", range != NULL ? range : "of all",
                   n_pages);
      return NULL;
    }
  return g_steal_pointer (&wanted);
}
