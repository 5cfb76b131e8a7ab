#!/usr/bin/env bash
# Tries slurm-array.sh on a real Slurm of its own: a controller and two nodes on this machine, of which one is killed during the array. The
# table has to come out as without Slurm. As root, with Debian's slurm-wlm and munge; everything is kept in a temporary folder. It ends only
# processes that it has started, and refuses to run beside another Slurm.
#
#   ARRAY=0-3 samples/reproduce/try-slurm.sh [OPTIONS OF dvae reproduce table1]
set -euo pipefail
cd "$(dirname "$0")/../.."
if scontrol ping 2> /dev/null | grep -q UP || pgrep -x slurmctld > /dev/null || pgrep -x slurmd > /dev/null; then
    echo "try-slurm.sh: a Slurm is running on this machine; use a machine without one." >&2
    exit 2
fi
export DVAE=${DVAE:-$PWD/src/DiffusionVae.Cli/bin/Release/net10.0/linux-x64/dvae}
array=${ARRAY:-1-4}
options=("$@")
[ $# -gt 0 ] || options=(--data circle:size=16,images=2000,test=50 --epochs 40 --manifolds circle,r2 --runs 3 --encoder-widths 32 --decoder-widths 32 --samples 10)
work=$(mktemp -d)
export SLURM_CONF=$work/slurm.conf

# Processes whose environment has some entries: all that this script has started has its SLURM_CONF.
with_environment() {
    local folder entry
    for folder in /proc/[0-9]*; do
        [ "${folder#/proc/}" -ne $$ ] || continue
        for entry in "$@"; do
            { tr "\0" "\n" < "$folder/environ"; } 2> /dev/null | grep -qxF -- "$entry" || continue 2
        done
        echo "${folder#/proc/}"
    done
}

finish() {
    local pids
    pids="$(with_environment "SLURM_CONF=$SLURM_CONF") ${munged:-}"
    # shellcheck disable=SC2086 # process ids
    kill $pids 2> /dev/null || true
    rm -rf "$work"
}
trap finish EXIT

if ! munge -n > /dev/null 2>&1; then
    mkdir -p /run/munge && chown munge /run/munge
    munged --force --foreground & munged=$!
    sleep 1
fi
cat > "$SLURM_CONF" <<CONF
ClusterName=trial
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
StateSaveLocation=$work/state
SlurmctldPidFile=$work/slurmctld.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdPidFile=$work/%n.pid
SlurmdSpoolDir=$work/%n
SlurmdLogFile=$work/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SlurmdTimeout=15
ReturnToService=2
MpiDefault=none
NodeName=node1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=17001 CPUs=1 RealMemory=3000
NodeName=node2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=17002 CPUs=1 RealMemory=3000
PartitionName=all Nodes=ALL Default=YES State=UP
CONF
mkdir -p "$work"/{state,node1,node2,table}
slurmctld
slurmd -N node1
slurmd -N node2
until sinfo --noheader --format=%t 2> /dev/null | grep -q idle; do sleep 1; done

job=$(sbatch --parsable --array="$array" --output="$work/task-%a.log" --mem-per-cpu=1G samples/reproduce/slurm-array.sh table1 "${options[@]}" --output "$work/table")
until [ "$(find "$work/table" -path '*records/*.json' | wc -l)" -ge 1 ] && squeue --noheader --nodelist=node2 --states=RUNNING | grep -q .; do sleep 0.2; done
echo "node2 is killed while it does task $(squeue --noheader --nodelist=node2 --states=RUNNING --format=%i)"
# The node's daemon, its step daemons, and all that they have started.
kill -KILL "$(cat "$work/node2.pid")" || true
for pid in $(with_environment "SLURM_CONF=$SLURM_CONF" SLURMD_NODENAME=node2); do
    kill -KILL "$pid" 2> /dev/null || true
done
echo "runs done when it was killed: $(find "$work/table" -path '*records/*.json' | wc -l)"
until [ -z "$(squeue --noheader --job="$job" 2> /dev/null)" ]; do sleep 1; done

"$DVAE" reproduce table1 "${options[@]}" --output "$work/table" > "$work/with.txt"
"$DVAE" reproduce table1 "${options[@]}" --output "$work/without" > "$work/without.txt" 2> /dev/null
cat "$work/with.txt"
grep -h " runs" "$work"/task-*.log | sort
diff <(grep -v "^Time: " "$work/with.txt") <(grep -v "^Time: " "$work/without.txt") && echo "The table is the one that a single process makes."
[ "$(find "$work/table" -path '*records/*.json' | wc -l)" -eq "$(find "$work/without" -path '*records/*.json' | wc -l)" ]
