#!/usr/bin/env bash
# Measures how often, and how well, the topology of data is captured: trains and judges every run of the tables in README.md.
# A run that has been judged is not repeated; N processes with the parts 1/N to N/N share the work.
#
#   samples/topology/measure.sh [FOLDER FOR THE RUNS [PART/PARTS]]      then      samples/topology/table.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-runs/topology} part=${2:-1/1}
dvae=${DVAE:-dotnet run --no-build -c Release --project src/DiffusionVae.Cli --}
[ -n "${DVAE:-}" ] || dotnet build -c Release src/DiffusionVae.Cli >&2
mkdir -p "$runs"
# The authors' bounds of log t, divergence and start, with as many images and steps as ours has.
paper="--preset paper --epochs 20 --batch-size 128"

list() {
    for seed in 0 1 2 3 4 5 6 7 8 9; do echo "simple torus-$seed --data fourier --manifold torus --seed $seed"; done
    for manifold in sphere rp2 euclidean:2; do echo "simple $manifold --data fourier --manifold $manifold"; done
    echo "circle euclidean:1 --data circle --manifold euclidean:1"
    for seed in 0 1 2 3 4; do echo "circle circle-$seed --data circle --manifold sphere:1 --seed $seed"; done
    for seed in 0 1 2 3 4; do echo "rotations so3-$seed --data rotations --manifold so3 --seed $seed"; done
    for seed in 0 1 2; do echo "rotations rp3-$seed --data rotations --manifold rp3 --seed $seed"; done
    for picture in 0 1 2 3 4 5 6 7 8 9; do
        for spectrum in 4,0.5 10,0.3; do
            data="--data fourier:$spectrum,seed=$picture --manifold torus"
            echo "random-$spectrum ours-$picture $data"
            echo "random-$spectrum paper-$picture $data $paper"
        done
    done
}

number=0
list | while read -r group name options; do
    number=$((number + 1))
    [ $((number % ${part#*/})) -eq $((${part%/*} % ${part#*/})) ] || continue
    run="$runs/$group/${name/:/-}"
    [ ! -s "$run.json" ] || continue
    rm -rf "$run"
    # shellcheck disable=SC2086 # the options are words
    $dvae train $options --threads 1 --output "$run" < /dev/null >&2
    $dvae evaluate "$run" --json < /dev/null > "$run.part"
    mv "$run.part" "$run.json"
done
