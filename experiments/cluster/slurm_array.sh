#!/usr/bin/env bash
# A study as a SLURM job array: eight jobs share its worlds; a ninth, after all of them, refines and analyses.
#
#   sbatch --parsable experiments/cluster/slurm_array.sh experiments/regime_face.yaml
#   sbatch --dependency=afterany:JOBID --wrap "mobilise regime experiments/regime_face.yaml --out $SCRATCH/regime_face"
#
# A job that is killed (time limit, node failure) loses only what it had in hand: submit the same line again.
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=02:00:00
#SBATCH --signal=B:TERM@60
set -euo pipefail
study="${1:?which study file?}"
verb="${2:-regime}"
out="${SCRATCH:-$HOME}/$(basename "$study" .yaml)"
export MOBILISE_CACHE="${MOBILISE_CACHE:-${SCRATCH:-$HOME}/mobilise-cache}"

# SLURM's warning goes to this shell: hand it on, so that what is in flight can finish.
mobilise "$verb" "$study" --out "$out" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --jobs "$SLURM_CPUS_PER_TASK" &
trap 'kill -TERM $!' TERM
wait $!
