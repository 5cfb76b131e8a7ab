#!/usr/bin/env bash
# Tries slurm-array.sh on a real Slurm: a controller and two nodes on this machine, of which one is killed during the array. The table has to come out as without Slurm.
# As root, with Debian's slurm-wlm and munge; everything is kept in a temporary folder.
#
#   samples/reproduce/try-slurm.sh [OPTIONS OF dvae reproduce table1]
set -euo pipefail
cd "$(dirname "$0")/../.."
export DVAE=${DVAE:-$PWD/src/DiffusionVae.Cli/bin/Release/net10.0/linux-x64/dvae}
options=("$@")
[ $# -gt 0 ] || options=(--data circle:size=16,images=2000,test=50 --epochs 40 --manifolds circle,r2 --runs 3 --encoder-widths 32 --decoder-widths 32 --samples 10)
work=$(mktemp -d)
export SLURM_CONF=$work/slurm.conf
trap 'pkill -f "$work" || true; pkill -x slurmd || true; pkill -x slurmctld || true; [ -n "${munged:-}" ] && kill "$munged" || true' EXIT

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

job=$(sbatch --parsable --array=1-4 --output="$work/task-%a.log" --mem-per-cpu=1G samples/reproduce/slurm-array.sh table1 "${options[@]}" --output "$work/table")
until [ "$(find "$work/table" -path '*records/*.json' | wc -l)" -ge 1 ] && squeue --noheader --nodelist=node2 --states=RUNNING | grep -q .; do sleep 0.2; done
killed=$(squeue --noheader --nodelist=node2 --states=RUNNING --format=%i)
echo "node2 is killed while it does task $killed"
pkill -KILL -f "slurmd -N node2" || true
for pid in $(pgrep -f slurmstepd); do
    # The step daemons of node2, and all that they started.
    if tr '\0' '\n' < "/proc/$pid/environ" 2> /dev/null | grep -q "SLURMD_NODENAME=node2" || lsof -p "$pid" 2> /dev/null | grep -q "$work/node2"; then
        kill -KILL -- "$pid" || true
    fi
done
for pid in $(pgrep -f "reproduce table1"); do
    if tr '\0' '\n' < "/proc/$pid/environ" 2> /dev/null | grep -q "^SLURMD_NODENAME=node2"; then
        kill -KILL "$pid" || true
    fi
done
done_then=$(find "$work/table" -path '*records/*.json' | wc -l)
echo "runs done when it was killed: $done_then"
until [ -z "$(squeue --noheader --job="$job" 2> /dev/null)" ]; do sleep 1; done

"$DVAE" reproduce table1 "${options[@]}" --output "$work/table" > "$work/with.txt"
"$DVAE" reproduce table1 "${options[@]}" --output "$work/without" > "$work/without.txt" 2> /dev/null
cat "$work/with.txt"
grep -h " runs" "$work"/task-*.log | sort
diff <(grep -v "^Time: " "$work/with.txt") <(grep -v "^Time: " "$work/without.txt") && echo "The table is the one that a single process makes."
[ "$(find "$work/table" -path '*records/*.json' | wc -l)" -eq "$(find "$work/without" -path '*records/*.json' | wc -l)" ]
rm -rf "$work"
