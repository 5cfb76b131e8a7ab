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
if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
    echo "slurm-array.sh: this is no task of a job array; submit it with sbatch --array=1-8, or run 'dvae reproduce' itself." >&2
    exit 2
fi
# Regular arrays (1-8, 0-7, 10-40:10) give each task its own share. For lists such as 1,3,7 the number of a task does not say which share is
# its own: there every task looks for runs that no other one has taken.
first=$SLURM_ARRAY_TASK_MIN step=${SLURM_ARRAY_TASK_STEP:-1} count=$SLURM_ARRAY_TASK_COUNT part=()
if [ $(((SLURM_ARRAY_TASK_MAX - first) / step + 1)) -eq "$count" ]; then
    part=(--part "$(((SLURM_ARRAY_TASK_ID - first) / step + 1))/$count")
fi
exec "${DVAE:-dvae}" reproduce "$@" --jobs 1 "${part[@]}"
