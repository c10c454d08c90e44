/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages survive the trip; everything malformed is refused with a reason; the
 * published table is the table in force.
 */
#include "base/wire.h"

#include <string.h>

static zmsg_t *
frames_of (const char *const *texts)
{
  zmsg_t *frames = zmsg_new ();
  for (; *texts != NULL; texts++)
    zmsg_addstr (frames, *texts);
  return frames;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DocaiMessage) sent = docai_message_pack (
    DOCAI_MSG_SUBMIT, "{s:i, s:s, s:i}", "seq", 7, "name", "a.pdf", "size", 5);
  docai_message_take_data (sent, g_bytes_new_static ("%PDF-", 5));
  gint64 seq;
  g_autoptr (DocaiMessage) got =
    docai_message_decode (docai_message_encode (sent), DOCAI_FROM_CLIENT, &seq, &error);
  g_assert_no_error (error);
  g_assert_cmpint (got->kind, ==, DOCAI_MSG_SUBMIT);
  g_assert_cmpint (seq, ==, 7);
  g_assert_cmpstr (docai_message_string (got, "name"), ==, "a.pdf");
  g_assert_cmpint (docai_message_int (got, "size", -1), ==, 5);
  g_assert_true (g_bytes_equal (got->data, sent->data));
}

typedef struct {
  const char    *frames[6];
  DocaiErrorCode code;
  gint64         seq;
} Malformed;

static void
test_malformed (void)
{
  static const Malformed cases[] = {
    { { NULL }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI2", "PING", "{\"seq\":1}" }, DOCAI_ERROR_BAD_VERSION, -1 },
    { { "", "", "" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "GET / HTTP/1.1", "PING", "{}" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "[]" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{}" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{\"seq\":-4}" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{\"seq\":\"x\"}" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{\"seq\":1,\"seq\":2}" }, DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{\"seq\":3}", "data" }, DOCAI_ERROR_BAD_MESSAGE, 3 },
    { { "DOCAI1", "NONSENSE", "{\"seq\":4}" }, DOCAI_ERROR_BAD_MESSAGE, 4 },
    { { "DOCAI1", "READY", "{\"seq\":5}" }, DOCAI_ERROR_BAD_MESSAGE, 5 },
    { { "DOCAI1", "CHUNK", "{\"seq\":6,\"offset\":0}" }, DOCAI_ERROR_BAD_MESSAGE, 6 },
    { { "DOCAI1", "STATUS", "{\"seq\":8,\"job\":\"\"}" }, DOCAI_ERROR_BAD_MESSAGE, 8 },
    { { "DOCAI1", "SUBMIT", "{\"seq\":9,\"name\":\"\\ud800\",\"size\":1}" },
      DOCAI_ERROR_BAD_MESSAGE, -1 },
    { { "DOCAI1", "PING", "{\"seq\":1}", "a", "b" }, DOCAI_ERROR_BAD_MESSAGE, 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 seq = 99;
      DocaiMessage *message =
        docai_message_decode (frames_of (cases[i].frames), DOCAI_FROM_CLIENT, &seq, &error);
      g_assert_null (message);
      g_assert_error (error, DOCAI_ERROR, (int) cases[i].code);
      g_assert_cmpint (seq, ==, cases[i].seq);
    }
}

/* Any bytes at all: refused or understood, never a crash. */
static void
test_random (void)
{
  for (int round = 0; round < 2000; round++)
    {
      zmsg_t *frames = zmsg_new ();
      int n = g_test_rand_int_range (0, 6);
      for (int i = 0; i < n; i++)
        {
          char bytes[40];
          int size = g_test_rand_int_range (0, sizeof bytes);
          for (int k = 0; k < size; k++)
            bytes[k] = (char) g_test_rand_int_range (0, 256);
          if (i == 0 && round % 2)
            zmsg_addstr (frames, DOCAI_WIRE_TAG);
          else
            zmsg_addmem (frames, bytes, (size_t) size);
        }
      g_autoptr (GError) error = NULL;
      g_autoptr (DocaiMessage) message =
        docai_message_decode (frames, DOCAI_FROM_CLIENT | DOCAI_FROM_WORKER, NULL, &error);
      g_assert_true ((message == NULL) == (error != NULL));
    }
}

static void
test_published (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "schemas", "protocol.json", NULL);
  g_autofree char *published = NULL;
  g_autofree char *table = docai_wire_describe ();
  g_autoptr (GError) error = NULL;
  if (g_getenv ("DOCAI_UPDATE") != NULL)
    g_file_set_contents (path, table, -1, NULL);
  g_file_get_contents (path, &published, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (published, ==, table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/round-trip", test_round_trip);
  g_test_add_func ("/wire/malformed", test_malformed);
  g_test_add_func ("/wire/random", test_random);
  g_test_add_func ("/wire/published", test_published);
  return g_test_run ();
}
