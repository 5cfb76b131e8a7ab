#!/usr/bin/env bash
# Measures the choices that became the defaults of `dvae train`: on 10,000 training images held out, never on the test images.
# Prints a Markdown table; a run that is there already is not repeated.
#
#   samples/defaults/measure.sh [FOLDER FOR THE RUNS [EPOCHS]]
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-runs/defaults} epochs=${2:-10}
dotnet build -c Release src/DiffusionVae.Cli >&2
dvae=(dotnet run --no-build -c Release --project src/DiffusionVae.Cli --)
manifolds="torus sphere rp3 so3 embedded-torus rp2 euclidean:2 euclidean:3"

declare -A choices=(
    ["aligned, 0.002, 50%"]=""
    ["random, 0.002, 50%"]="--initialisation random"
    ["random, 0.001, 25%"]="--initialisation random --learning-rate 0.001 --kl-warmup 0.25"
    ["random, 0.002, none"]="--initialisation random --kl-warmup 0"
)
order=("aligned, 0.002, 50%" "random, 0.002, 50%" "random, 0.001, 25%" "random, 0.002, none")

echo "| start, learning rate, share of warm-up | $(sed 's/ / | /g' <<<"$manifolds") |"
echo "|---|$(sed -E 's/[^ ]+ ?/---|/g' <<<"$manifolds")"
for choice in "${order[@]}"; do
    row="| $choice |"
    for manifold in $manifolds; do
        run="$runs/${choice//[ ,%.]/-}/${manifold//:/-}"
        if [ "$(wc -l < "$run/metrics.csv" 2>/dev/null || echo 0)" -ne $((epochs + 1)) ]; then
            rm -rf "$run"
            # shellcheck disable=SC2086 # the options are words
            "${dvae[@]}" train --manifold "$manifold" --hold-out 10000 --epochs "$epochs" --output "$run" ${choices[$choice]} >&2
        fi
        row+=" $(tail -n 1 "$run/metrics.csv" | awk -F, '{printf "%.2f (%.2f)", $6, $7}') |"
    done
    echo "$row"
done
