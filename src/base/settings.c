/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The built-in settings, and where installed data lies.
 */
#include "base/settings.h"

/* The folder of the running program; NULL when it cannot be told. */
static char *
program_dir (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);
  return path != NULL ? g_path_get_dirname (path) : NULL;
}

static char *
find_datadir (void)
{
  const char *set = g_getenv ("DOCAI_DATADIR");
  if (set != NULL && *set != '\0')
    return g_strdup (set);

  /* Programs lie in PREFIX/bin, sbin or libexec/docai. */
  static const char *const relative[] = { "../share/docai", "../../share/docai" };
  g_autofree char *dir = program_dir ();
  for (gsize i = 0; dir != NULL && i < G_N_ELEMENTS (relative); i++)
    {
      g_autofree char *candidate = g_build_filename (dir, relative[i], NULL);
      if (g_file_test (candidate, G_FILE_TEST_IS_DIR))
        return g_canonicalize_filename (candidate, NULL);
    }
  return g_strdup (DOCAI_SOURCE_DATADIR);
}

const char *
docai_datadir (void)
{
  static gsize once = 0;
  static char *dir = NULL;

  if (g_once_init_enter (&once))
    {
      dir = find_datadir ();
      g_once_init_leave (&once, 1);
    }
  return dir;
}

/* In the source tree profiles lie with the pipeline. */
static char *
find_profiles (void)
{
  char *installed = g_build_filename (docai_datadir (), "profiles", NULL);

  if (g_file_test (installed, G_FILE_TEST_IS_DIR))
    return installed;
  g_free (installed);
  return g_build_filename (docai_datadir (), "pipeline", "profiles", NULL);
}

/* The model that ships; NULL where it was left out of the installation. */
static char *
find_model (void)
{
  g_autofree char *dir = g_build_filename (docai_datadir (), "models", "default", NULL);
  g_autofree char *config = g_build_filename (dir, "config.json", NULL);

  return g_file_test (config, G_FILE_TEST_EXISTS) ? g_steal_pointer (&dir) : NULL;
}

DocaiSettings *
docai_settings_new (void)
{
  DocaiSettings *settings = g_new0 (DocaiSettings, 1);
  DocaiLimits   *limits = &settings->limits;

  limits->file_bytes = G_GINT64_CONSTANT (512) << 20;
  limits->inflate_bytes = G_GINT64_CONSTANT (512) << 20;
  limits->pixels = 150 * 1000 * 1000;
  limits->memory_bytes = G_GINT64_CONSTANT (2048) << 20;
  limits->pages = 5000;
  limits->page_points = 14400;
  limits->task_seconds = 60;

  settings->vlm.model_dir = find_model ();
  settings->vlm.backend = g_strdup (settings->vlm.model_dir != NULL ? "builtin" : "none");
  settings->vlm.timeout_ms = 60 * 1000;
  settings->vlm.retries = 3;
  settings->vlm.per_minute = 0;
  settings->vlm.concurrency = 4;
  settings->vlm.layout_guide = TRUE;
  settings->vlm.page_images = 2;
  settings->vlm.boxes = g_strdup ("auto");
  settings->profiles_dir = find_profiles ();
  settings->schemas_dir = g_build_filename (docai_datadir (), "schemas", NULL);
  return settings;
}

void
docai_settings_free (DocaiSettings *settings)
{
  if (settings == NULL)
    return;
  g_free (settings->vlm.backend);
  g_free (settings->vlm.model_dir);
  g_free (settings->vlm.detector_dir);
  g_free (settings->vlm.cache_dir);
  g_free (settings->vlm.url);
  g_free (settings->vlm.model);
  g_free (settings->vlm.api_key);
  g_free (settings->vlm.boxes);
  g_free (settings->tessdata_dir);
  g_free (settings->profiles_dir);
  g_free (settings->schemas_dir);
  g_free (settings);
}
