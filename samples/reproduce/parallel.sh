#!/usr/bin/env bash
# The same with GNU parallel, on the machines that an ordinary `parallel --sshlogin` reaches, or on this one:
#
#   samples/reproduce/parallel.sh 4 table1 --runs 3 --output /shared/reproduction
#
# PARALLEL_OPTIONS may name the machines: PARALLEL_OPTIONS="--sshlogin node1,node2".
set -euo pipefail
parts=$1
shift
# shellcheck disable=SC2086 # the options are words
parallel --quote --jobs "$parts" --halt now,fail=1 ${PARALLEL_OPTIONS:-} env DVAE="${DVAE:-dvae}" sh -c 'exec "$DVAE" reproduce "$@"' dvae "$@" --jobs 1 --part "{}/$parts" ::: $(seq "$parts")
