#!/usr/bin/env bash
# One share of a table for each task of a Slurm job array; all tasks share the folder behind --output, which every node must see.
#
#   sbatch --array=1-8 samples/reproduce/slurm-array.sh table1 --runs 3 --output /shared/reproduction
#
# A task whose node fails is queued again, and takes its runs up where they were. Afterwards the same command without Slurm prints the table:
#
#   dvae reproduce table1 --runs 3 --output /shared/reproduction
#
#SBATCH --job-name=dvae
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=2G
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
exec ${DVAE:-dvae} reproduce "$@" --jobs 1 --part "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
