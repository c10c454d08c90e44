#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docai.h compiles alone, as C17, C99 and C++; the library exports what the
# header declares and nothing else.
src=${G_TEST_SRCDIR:-.}
build=${G_TEST_BUILDDIR:-.}
header=$src/src/client/docai.h
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
flags=$(pkg-config --cflags glib-2.0) || exit 99

n=0
check() { # name, status
  n=$((n + 1))
  if [ "$2" -eq 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}

echo 1..5
cc=${CC:-cc}
for std in c99 c17; do
  # shellcheck disable=SC2086
  $cc -std=$std -Wall -Wextra -Werror $flags -x c -fsyntax-only "$header"
  check "compiles as $std" $?
done
if command -v c++ >/dev/null 2>&1; then
  # shellcheck disable=SC2086
  c++ -std=c++11 -Wall -Wextra -Werror $flags -x c++ -fsyntax-only "$header"
  check "compiles as C++" $?
else
  n=$((n + 1)); echo "ok $n - compiles as C++ # SKIP no C++ compiler"
fi

declared=$work/declared exported=$work/exported
grep -oE '\bdocai_client_[a-z_]+ ?\(' "$header" | tr -d ' (' | sort -u >"$declared"
nm -D --defined-only "$build/.libs/libdocai.so" | awk '$2 ~ /[A-Z]/ { print $3 }' | sort -u >"$exported"
comm -23 "$declared" "$exported" >"$work/missing"
[ -s "$work/missing" ] && sed 's/^/# not exported: /' "$work/missing"
test ! -s "$work/missing"
check "all that is declared is exported" $?
comm -13 "$declared" "$exported" >"$work/extra"
[ -s "$work/extra" ] && sed 's/^/# not in the header: /' "$work/extra"
test ! -s "$work/extra"
check "nothing else is exported" $?
