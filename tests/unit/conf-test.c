/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The configuration file: values arrive, mistakes are named, and the manual
 * knows every key and its default. Beside it: sets of stages, and names in
 * the spool.
 */
#include "base/conf.h"
#include "base/graph.h"
#include "base/spool.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static DocaiConf *
load (const char *text, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("docai-conf-XXXXXX", &path, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  DocaiConf *conf = docai_conf_load (path, error);
  remove (path);
  return conf;
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiConf) conf
    = load ("# comment\n[daemon]\nworkers = 3\nlog_format=json\n[limits]\nfile = 7M\n"
            "[worker]\nsandbox=no\n[vlm]\nurl=http://h/v1\n",
            &error);
  g_assert_no_error (error);
  g_assert_cmpint (conf->workers, ==, 3);
  g_assert_cmpstr (conf->log_format, ==, "json");
  g_assert_cmpint (conf->settings->limits.file_bytes, ==, 7 << 20);
  g_assert_false (conf->sandbox);
  g_assert_cmpstr (conf->settings->vlm.url, ==, "http://h/v1");
  g_assert_cmpint (conf->attempts, ==, 3);
}

static void
test_mistakes (void)
{
  static const char *const texts[][2] = {
    { "[daemon]\nworker=3\n", "[daemon] worker" },
    { "[nonsense]\na=1\n", "[nonsense] a" },
    { "[daemon]\nworkers=many\n", "workers = many" },
    { "[daemon]\nworkers=-7\n", "workers" },
    { "[daemon]\nlog_format=xml\n", "text|json" },
    { "[limits]\nfile=9999999999999G\n", "file" },
    { "[limits]\npages=5K\n", "pages" },
    { "[worker]\nsandbox=perhaps\n", "sandbox" },
    { "no section\n", "" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (load (texts[i][0], &error));
      g_assert_error (error, DOCAI_ERROR, DOCAI_ERROR_BAD_CONFIG);
      g_assert_nonnull (strstr (error->message, texts[i][1]));
    }
}

static void
test_print (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiConf) conf = docai_conf_new ();
  g_autofree char *text = docai_conf_print (conf);
  g_autoptr (DocaiConf) again = load (text, &error);
  g_assert_no_error (error);
  g_autofree char *printed = docai_conf_print (again);
  g_assert_cmpstr (printed, ==, text);
}

static void
test_manual (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "man", "docai.conf.5", NULL);
  g_autofree char *manual = NULL;
  g_autoptr (DocaiConf) conf = docai_conf_new ();
  g_autofree char *printed = docai_conf_print (conf);
  g_auto (GStrv) lines = g_strsplit (printed, "\n", -1);
  const char *section = NULL;

  g_assert_true (g_file_get_contents (path, &manual, NULL, NULL));
  for (char **line = lines; *line != NULL; line++)
    {
      if (**line == '[')
        {
          g_autofree char *name = g_strndup (*line + 1, strlen (*line) - 2);
          g_autofree char *head = g_strdup_printf (".Ss %s\n", name);
          section = strstr (manual, head);
          g_assert_nonnull (section);
        }
      if (**line == '[' || **line == '#' || **line == '\0')
        continue;
      g_auto (GStrv) pair = g_strsplit (*line, "=", 2);
      g_autofree char *item = g_strdup_printf (".It Va %s\n", pair[0]);
      const char *at = strstr (section, item);
      if (at == NULL)
        g_error ("the manual lacks %s", *line);
      g_autofree char *value = g_strdup_printf ("\n.Cm %s .\n", pair[1]);
      const char *next = strstr (at + 1, ".It Va ");
      const char *fallback = strstr (at, value);
      if (*pair[1] == '\0' || g_path_is_absolute (pair[1])) /* places depend on the installation */
        continue;
      if (fallback == NULL || (next != NULL && fallback > next))
        g_error ("the manual tells another default than %s", *line);
    }
}

static void
test_graph (void)
{
  g_assert_cmpuint (docai_graph_parse ("all"), ==, docai_graph_all ());
  g_assert_cmpuint (docai_graph_parse ("probe, merge"), ==,
                    docai_graph_bit ("probe") | docai_graph_bit ("merge"));
  g_assert_cmpuint (docai_graph_parse ("probe,nonsense"), ==, 0);
  g_assert_cmpuint (docai_graph_parse (""), ==, 0);
  g_assert_cmpuint (docai_graph_scope_set (DOCAI_GRAPH_SOURCE)
                      | docai_graph_scope_set (DOCAI_GRAPH_PAGE)
                      | docai_graph_scope_set (DOCAI_GRAPH_DOCUMENT),
                    ==, docai_graph_all ());
}

static void
test_spool_names (void)
{
  static const char *const bad[] = { "", "x", "../source", "p1.json", "p00001.json.tmp", "p00001.exe",
                                     "source/..", "p0000000001.json" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (docai_spool_is_file (bad[i]));
  g_assert_true (docai_spool_is_file ("source"));
  g_assert_true (docai_spool_is_file ("p00012.pix"));
  g_autofree char *early = docai_spool_new_id (1000);
  g_autofree char *late = docai_spool_new_id (G_GINT64_CONSTANT (1795469855402));
  g_assert_true (docai_spool_is_id (early) && docai_spool_is_id (late));
  g_assert_cmpstr (early, <, late);
  g_assert_false (docai_spool_is_id ("../../etc/passwd"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conf/values", test_values);
  g_test_add_func ("/conf/mistakes", test_mistakes);
  g_test_add_func ("/conf/print", test_print);
  g_test_add_func ("/conf/manual", test_manual);
  g_test_add_func ("/graph/sets", test_graph);
  g_test_add_func ("/spool/names", test_spool_names);
  return g_test_run ();
}
