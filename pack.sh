#!/usr/bin/env bash
# Packs the library DiffusionVae and the tool dvae into a folder: pack.sh [FOLDER [MSBUILD OPTIONS]]
# Their version is the property Version of Directory.Build.props; -p:Version=1.2.3 packs another one,
# -p:RuntimeIdentifiers=linux-x64 the tool for one platform alone.
set -euo pipefail
folder=$(realpath -m "${1:-artifacts}")
shift $(($# > 0 ? 1 : 0))
cd "$(dirname "$0")"
for project in DiffusionVae DiffusionVae.Cli; do
    dotnet pack "src/$project" -c Release -o "$folder" --nologo -v quiet "$@"
done
