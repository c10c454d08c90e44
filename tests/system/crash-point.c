/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded into a program under test: ends it by SIGKILL before or after its
 * n-th change of the disk below one folder, and keeps what a loss of power would
 * have left. So a test can walk through every point between two system calls.
 *
 *   CRASH_PROGRAM  the program meant (others of the same environment go on)
 *   CRASH_ROOT     only files below this folder count
 *   CRASH_MATCH    only lines of the trace that hold this text count
 *   CRASH_AT       number of the change, from 1; "before" or "after" in CRASH_WHEN
 *   CRASH_ONCE     made when it strikes; if it is there, nothing happens
 *   CRASH_TRACE    gets a line for each change: call and path
 *   CRASH_SHADOW   folder that gets each file as it was at its last fsync, by inode,
 *                  and of each folder the names in it (INODE.names)
 *   CRASH_BOOT_ID  read in place of the kernel's boot id
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static int (*real_open) (const char *, int, ...);
static ssize_t (*real_write) (int, const void *, size_t);
static ssize_t (*real_pwrite) (int, const void *, size_t, off_t);
static int (*real_fsync) (int);
static int (*real_fdatasync) (int);
static int (*real_rename) (const char *, const char *);
static int (*real_renameat2) (int, const char *, int, const char *, unsigned);
static int (*real_unlink) (const char *);
static int (*real_rmdir) (const char *);
static int (*real_mkdir) (const char *, mode_t);

static const char *root, *match, *trace, *shadow;
static int         is_meant, crash_at, crash_after;
static atomic_int  n_changes;

static void *
find (const char *name)
{
  return dlsym (RTLD_NEXT, name);
}

__attribute__ ((constructor)) static void
set_up (void)
{
  const char *program = getenv ("CRASH_PROGRAM");
  const char *at = getenv ("CRASH_AT");
  const char *when = getenv ("CRASH_WHEN");

  real_open = (int (*) (const char *, int, ...)) find ("open");
  real_write = (ssize_t (*) (int, const void *, size_t)) find ("write");
  real_pwrite = (ssize_t (*) (int, const void *, size_t, off_t)) find ("pwrite64");
  real_fsync = (int (*) (int)) find ("fsync");
  real_fdatasync = (int (*) (int)) find ("fdatasync");
  real_rename = (int (*) (const char *, const char *)) find ("rename");
  real_renameat2 = (int (*) (int, const char *, int, const char *, unsigned)) find ("renameat2");
  real_unlink = (int (*) (const char *)) find ("unlink");
  real_rmdir = (int (*) (const char *)) find ("rmdir");
  real_mkdir = (int (*) (const char *, mode_t)) find ("mkdir");
  root = getenv ("CRASH_ROOT");
  match = getenv ("CRASH_MATCH");
  trace = getenv ("CRASH_TRACE");
  shadow = getenv ("CRASH_SHADOW");
  crash_at = at != NULL ? atoi (at) : 0;
  crash_after = when != NULL && strcmp (when, "after") == 0;
  is_meant = program != NULL && root != NULL && strcmp (program, program_invocation_short_name) == 0;
}

static void
strike (void)
{
  const char *once = getenv ("CRASH_ONCE");
  int         fd = once != NULL ? real_open (once, O_CREAT | O_EXCL | O_WRONLY, 0600) : -1;
  if (once == NULL || fd >= 0)
    kill (getpid (), SIGKILL);
}

/* Counts a change that is about to be made; its number, 0: none that counts. */
static int
begin (const char *call, const char *path)
{
  char line[PATH_MAX + 32];
  int  saved = errno;

  if (!is_meant || path == NULL || strncmp (path, root, strlen (root)) != 0)
    return 0;
  int length = snprintf (line, sizeof line, "%s %s\n", call, path + strlen (root));
  if (match != NULL && strstr (line, match) == NULL)
    return 0;
  int number = atomic_fetch_add (&n_changes, 1) + 1;
  int fd = trace != NULL ? real_open (trace, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (fd >= 0)
    {
      (void) !real_write (fd, line, (size_t) length);
      close (fd);
    }
  if (number == crash_at && !crash_after)
    strike ();
  errno = saved;
  return number;
}

static void
end (int number)
{
  int saved = errno;
  if (number > 0 && number == crash_at && crash_after)
    strike ();
  errno = saved;
}

static const char *
path_of (int fd, char path[PATH_MAX])
{
  char link[64];
  if (!is_meant)
    return NULL;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink (link, path, PATH_MAX - 1);
  if (length < 0)
    return NULL;
  path[length] = '\0';
  return path;
}

/* ---- what a loss of power leaves ---- */

static void
shadow_name (char name[PATH_MAX], const struct stat *info)
{
  snprintf (name, PATH_MAX, "%s/%lu", shadow, (unsigned long) info->st_ino);
}

/* A new file may have got the inode of one that is gone. */
static void
forget_shadow (int fd)
{
  char        name[PATH_MAX];
  struct stat info;
  if (shadow == NULL || fstat (fd, &info) != 0 || info.st_size > 0)
    return;
  shadow_name (name, &info);
  real_unlink (name);
}

static void
keep_names (const char *path, const char *name)
{
  char           to[PATH_MAX + 8];
  struct dirent *entry;
  DIR           *dir = opendir (path);
  snprintf (to, sizeof to, "%s.names", name);
  FILE *file = fopen (to, "we");
  while (dir != NULL && file != NULL && (entry = readdir (dir)) != NULL)
    fprintf (file, "%s\n", entry->d_name);
  if (file != NULL)
    fclose (file);
  if (dir != NULL)
    closedir (dir);
}

static void
keep_shadow (int fd, const char *path)
{
  char        name[PATH_MAX], buffer[65536];
  char        link[64];
  struct stat info;
  ssize_t     n;

  if (shadow == NULL || fstat (fd, &info) != 0)
    return;
  shadow_name (name, &info);
  if (S_ISDIR (info.st_mode))
    {
      keep_names (path, name);
      return;
    }
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  int from = real_open (link, O_RDONLY | O_CLOEXEC);
  int to = real_open (name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  while (from >= 0 && to >= 0 && (n = read (from, buffer, sizeof buffer)) > 0)
    (void) !real_write (to, buffer, (size_t) n);
  close (from);
  close (to);
}

/* ---- the calls ---- */

static int
open_it (const char *path, int flags, mode_t mode)
{
  const char *boot_id = getenv ("CRASH_BOOT_ID");
  if (boot_id != NULL && strcmp (path, BOOT_ID) == 0)
    return real_open (boot_id, flags, mode);
  int number = (flags & O_CREAT) != 0 && access (path, F_OK) != 0 ? begin ("create", path) : 0;
  int fd = real_open (path, flags, mode);
  if (number > 0 && fd >= 0)
    forget_shadow (fd);
  end (number);
  return fd;
}

#define OPEN(name)                         \
  int name (const char *path, int flags, ...) \
  {                                        \
    va_list list;                          \
    va_start (list, flags);                \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg (list, mode_t) : 0; \
    va_end (list);                         \
    return open_it (path, flags, mode);    \
  }
OPEN (open)
OPEN (open64)

ssize_t
write (int fd, const void *data, size_t length)
{
  char    path[PATH_MAX];
  int     number = begin ("write", path_of (fd, path));
  ssize_t n = real_write (fd, data, length);
  end (number);
  return n;
}

ssize_t
pwrite64 (int fd, const void *data, size_t length, off_t offset)
{
  char    path[PATH_MAX];
  int     number = begin ("write", path_of (fd, path));
  ssize_t n = real_pwrite (fd, data, length, offset);
  end (number);
  return n;
}

ssize_t
pwrite (int fd, const void *data, size_t length, off_t offset)
{
  return pwrite64 (fd, data, length, offset);
}

static int
sync_it (int fd, int (*call) (int))
{
  char path[PATH_MAX];
  int  number = begin ("sync", path_of (fd, path));
  int  result = call (fd);
  if (number > 0 && result == 0)
    keep_shadow (fd, path);
  end (number);
  return result;
}

int
fsync (int fd)
{
  return sync_it (fd, real_fsync);
}

int
fdatasync (int fd)
{
  return sync_it (fd, real_fdatasync);
}

int
rename (const char *from, const char *to)
{
  int number = begin ("rename", to);
  int result = real_rename (from, to);
  end (number);
  return result;
}

int
renameat2 (int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
  int number = begin ("rename", to);
  int result = real_renameat2 (from_dir, from, to_dir, to, flags);
  end (number);
  return result;
}

int
unlink (const char *path)
{
  int number = begin ("unlink", path);
  int result = real_unlink (path);
  end (number);
  return result;
}

int
rmdir (const char *path)
{
  int number = begin ("rmdir", path);
  int result = real_rmdir (path);
  end (number);
  return result;
}

int
mkdir (const char *path, mode_t mode)
{
  int number = access (path, F_OK) != 0 ? begin ("mkdir", path) : 0;
  int result = real_mkdir (path, mode);
  end (number);
  return result;
}
