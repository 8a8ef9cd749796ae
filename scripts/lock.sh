#!/bin/sh
# Pin every package of pyproject.toml with the hashes of all its files, for every Python from 3.11 on and every platform.
set -eu
uv=$1
compile() {
    out=requirements/$1.txt
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
        --custom-compile-command "make lock" pyproject.toml "$@" --output-file "$out"
}
compile runtime
compile local --extra local --extra steps --extra index
compile cluster --extra cluster --extra traces --extra steps --extra index
compile dev --extra local --extra steps --extra index --extra ddgs --extra cluster --extra traces --extra dev --extra bench
compile engines --extra local --extra steps --extra index --extra dev --extra engines
compile llama --extra llama
compile weights --extra weights --no-deps
