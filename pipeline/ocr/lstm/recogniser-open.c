/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening the models of a recogniser, and what is told about them.
 */
#include "pipeline/ocr/lstm/recogniser-priv.h"

#include <string.h>

#include "base/error.h"

static gboolean
is_language_name (const char *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/");

  return length > 0 && name[length] == '\0' && name[0] != '/';
}

/* Folders that may hold models, NULL at the end; owned by the caller. */
static const char **
model_places (const char *tessdata_path)
{
  static const char *const usual[] = { "/usr/share/tesseract-ocr/5/tessdata",
                                       "/usr/share/tesseract-ocr/4.00/tessdata",
                                       "/usr/share/tessdata", "/usr/local/share/tessdata", NULL };
  const char              *given
    = tessdata_path != NULL ? tessdata_path : g_getenv ("TESSDATA_PREFIX");
  const char **places = g_new0 (const char *, G_N_ELEMENTS (usual));

  if (given != NULL)
    places[0] = given;
  else
    memcpy (places, usual, sizeof usual);
  return places;
}

char *
docai_recogniser_find_model (const char *language, const char *tessdata_path)
{
  g_autofree char        *name = g_strconcat (language, ".traineddata", NULL);
  g_autofree const char **places = model_places (tessdata_path);

  for (const char **place = places; *place != NULL; place++)
    {
      g_autofree char *path = g_build_filename (*place, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char **
docai_recogniser_list_models (const char *tessdata_path)
{
  g_autofree const char **places = model_places (tessdata_path);
  g_autoptr (GPtrArray)   names = g_ptr_array_new_with_free_func (g_free);

  for (const char **place = places; *place != NULL; place++)
    {
      g_autoptr (GDir) dir = g_dir_open (*place, 0, NULL);
      const char      *entry;

      while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *name = NULL;

          if (!g_str_has_suffix (entry, ".traineddata"))
            continue;
          name = g_strndup (entry, strlen (entry) - strlen (".traineddata"));
          if (is_language_name (name) && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
            g_ptr_array_add (names, g_steal_pointer (&name));
        }
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static gboolean
open_model (DocaiRecogniser *recogniser, const char *language, const char *tessdata_path,
            GError **error)
{
  g_autofree char  *path = NULL;
  DocaiTraineddata *data;
  DocaiLstmModel       *model;

  if (!is_language_name (language) || (path = docai_recogniser_find_model (language, tessdata_path)) == NULL)
    {
      g_set_error (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING,
                   "no model of the language \"%s\" is installed", language);
      return FALSE;
    }
  data = docai_traineddata_open (path, error);
  if (data == NULL)
    return FALSE;
  model = docai_lstm_model_new (data, language, recogniser->kernels, error);
  if (model == NULL)
    {
      g_prefix_error (error, "%s: ", language);
      return FALSE;
    }
  g_ptr_array_add (recogniser->models, model);
  return TRUE;
}

DocaiRecogniser *
docai_recogniser_open (const char *languages, const char *tessdata_path, GError **error)
{
  g_autoptr (DocaiRecogniser) recogniser = g_new0 (DocaiRecogniser, 1);
  g_auto (GStrv)              names = g_strsplit (languages, "+", -1);

  recogniser->kernels = docai_lstm_kernels_choose ();
  recogniser->models = g_ptr_array_new_with_free_func ((GDestroyNotify) docai_lstm_model_free);
  recogniser->n_lanes = MIN (LANES, g_get_num_processors ());
  for (guint lane = 0; lane < LANES; lane++)
    recogniser->activations[lane] = docai_activations_new ();
  recogniser->engine = g_strconcat ("docai-lstm ", recogniser->kernels->name, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint k = 0; k < i && !known; k++)
        known = g_str_equal (names[k], names[i]);
      if (!known && recogniser->models->len < MAX_LANGUAGES
          && !open_model (recogniser, names[i], tessdata_path, error))
        return NULL;
    }
  if (recogniser->models->len == 0)
    {
      g_set_error_literal (error, DOCAI_ERROR, DOCAI_ERROR_LANGUAGE_MISSING,
                           "no language is named");
      return NULL;
    }
  return g_steal_pointer (&recogniser);
}

void
docai_recogniser_free (DocaiRecogniser *recogniser)
{
  if (recogniser == NULL)
    return;
  g_ptr_array_unref (recogniser->models);
  for (guint lane = 0; lane < LANES; lane++)
    docai_activations_free (recogniser->activations[lane]);
  g_free (recogniser->engine);
  g_free (recogniser);
}

const char *
docai_recogniser_engine (const DocaiRecogniser *recogniser)
{
  return recogniser->engine;
}

const char *
docai_recogniser_model_hash (const DocaiRecogniser *recogniser, guint i)
{
  const DocaiLstmModel *model
    = i < recogniser->models->len ? g_ptr_array_index (recogniser->models, i) : NULL;

  return model != NULL ? model->hash : NULL;
}
