/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Places by user.
 */
#include "base/places.h"

#include <unistd.h>

char *
docai_runtime_dir (void)
{
  const char *own = g_getenv ("XDG_RUNTIME_DIR");
  if (getuid () == 0)
    return g_strdup ("/run/docai");
  if (own != NULL && g_path_is_absolute (own))
    return g_build_filename (own, "docai", NULL);
  return g_strdup_printf ("/tmp/docai-%d", (int) getuid ());
}

char *
docai_state_dir (void)
{
  if (getuid () == 0)
    return g_strdup ("/var/lib/docai");
  return g_build_filename (g_get_user_state_dir (), "docai", NULL);
}
