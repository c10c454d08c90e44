#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference cases of one folder for each shared part: tiles with pixel shuffle, any resolution,
# native resolution, pooled vectors, windows with cross attention, latent queries, sampled places.
model=${G_TEST_BUILDDIR:-.}/docai-model
data=${G_TEST_SRCDIR:-.}/tests/data/vlm

cases="idefics3_tied:nosplit llava_next:wide qwen2_vl:tiny siglip:small donut:small kosmos2:small grounding_dino:small"
set -- $cases
echo "1..$(($# + 3))"
n=0
for pair in $cases; do
  n=$((n + 1))
  if report=$("$model" check "$data/${pair%:*}" --case "${pair#*:}"); then
    echo "ok $n - ${pair%:*}"
  else
    echo "$report" | sed 's/^/# /'
    echo "not ok $n - ${pair%:*}"
  fi
done

# A folder that needs what we lack says so, without looking for weights.
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
echo '{"model_type": "mammoth"}' > "$dir/config.json"
message=$("$model" check "$dir" 2>&1)
status=$?
n=$((n + 1))
case "$status $message" in
  "78 "*model_unsupported*mammoth*) echo "ok $n - unknown family" ;;
  *) echo "# $status $message"; echo "not ok $n - unknown family" ;;
esac

# A case that cannot pass fails: the reference of another one.
cp "$data"/kosmos2/* "$dir/"
sed 's/"small"/"other"/' "$data/kosmos2/case.json" > "$dir/case.json"
cp "$data/kosmos2/golden_small.safetensors" "$dir/golden_other.safetensors"
n=$((n + 1))
if "$model" check "$dir" --case other > /dev/null; then echo "ok $n - renamed case"; else echo "not ok $n - renamed case"; fi
sed -i 's/"greedy_token_ids": \[/&7, /' "$dir/case.json"
n=$((n + 1))
if "$model" check "$dir" --case other > /dev/null; then echo "not ok $n - wrong reference"; else echo "ok $n - wrong reference"; fi
