#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference cases of one folder for each shared part: tiles with pixel shuffle, any resolution,
# several layers of a tower and a text model with factors, native resolution, windows of it, pooled vectors,
# windows with cross attention, latent queries, sampled places.
model=${G_TEST_BUILDDIR:-.}/docai-model
data=${G_TEST_SRCDIR:-.}/tests/data/vlm

cases="idefics3_tied:nosplit llava_next:wide llava_next_granite:small qwen2_vl:tiny qwen2_5_vl:small siglip:small donut:small kosmos2:small grounding_dino:small"
set -- $cases
echo "1..$(($# + 7))"
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

# Vectors of an image and its regions: one entry each, with a cosine and a probability a text.
n=$((n + 1))
report=$("$model" embed --image "$data/siglip/input.png" --box 0,0,40,30 --box 10,10,60,60 "$data/siglip" "a chart" "a map")
counts="$(echo "$report" | grep -c '"vector"') $(echo "$report" | grep -c '"cosines"') $(echo "$report" | grep -c '"box"')"
if [ "$counts" = "5 3 2" ]; then echo "ok $n - regions"; else echo "# $counts"; echo "not ok $n - regions"; fi

# A box outside of the image is refused.
n=$((n + 1))
"$model" embed --image "$data/siglip/input.png" --box 0,0,4000,30 "$data/siglip" > /dev/null 2>&1
status=$?
if [ $status = 64 ]; then echo "ok $n - box outside"; else echo "# $status"; echo "not ok $n - box outside"; fi

# With a box most tiles of an image are left out, which is told; without one none is.
for part in "--box 0,0,9,9" ""; do
  n=$((n + 1))
  # shellcheck disable=SC2086 # two words
  left=$("$model" run --json -n 2 --image "$data/idefics3_tied/input.png" $part "$data/idefics3_tied" "What?" | sed -n 's/.*"left_out": \([0-9]*\).*/\1/p')
  if [ -n "$left" ] && [ "$([ "$left" -gt 0 ] && echo yes)" = "${part:+yes}" ]; then
    echo "ok $n - tiles left out: $left"
  else
    echo "# $left"; echo "not ok $n - tiles left out"
  fi
done
