#!/bin/sh
# Ouvre le cours sous macOS : double-cliquez sur ce fichier.
cd "$(dirname "$0")" || exit 1
if ! command -v python3 >/dev/null 2>&1; then
  echo "Il manque Python. Prenez-le sur python.org, puis recommencez."
  exit 1
fi
exec python3 ouvrir.py "$@"
