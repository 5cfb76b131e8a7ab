#!/usr/bin/env bash
# Prints what measure.sh found, a row for each run.
#
#   samples/topology/table.sh [FOLDER WITH THE RUNS]
set -euo pipefail
runs=${1:-runs/topology}
value() { sed -n "s/^ *\"$2\": \"\([^\"]*\)\",\{0,1\}$/\1/p; s/^ *\"$2\": \([^\",]*\),\{0,1\}$/\1/p" "$1" | head -n 1; }

echo "| data | latent space | run | ELBO | limit | below it | captured | degree |"
echo "|---|---|---|---|---|---|---|---|"
find "$runs" -name '*.json' -path '*/*/*' ! -name config.json | sort -V | while read -r file; do
    elbo=$(value "$file" elbo) limit=$(value "$file" limit)
    degree=$(sed -n '/"degree": {/,/}/s/^ *"value": \(.*\),$/\1/p' "$file")
    certainty=$(value "$file" certainty)
    awk -v data="$(value "$file" data)" -v manifold="$(value "$file" manifold)" -v run="$(basename "$file" .json)" -v elbo="$elbo" -v limit="$limit" \
        -v captured="$(value "$file" isCaptured)" -v degree="${degree:+$degree, $certainty}" \
        'BEGIN { printf "| `%s` | `%s` | %s | %.3f | %.3f | %.3f | %s | %s |\n", data, manifold, run, elbo, limit, limit - elbo, captured == "true" ? "yes" : "no", degree }'
done
