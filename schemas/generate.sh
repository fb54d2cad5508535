#!/usr/bin/env bash
# Regenerates simastra/trace/et_def_pb2.py and et_def_pb2.pyi from schemas/et_def.proto.
#
# Generated code demands a protobuf runtime at least as new as its generator. So it is made with
# the oldest protoc that simastra supports (4.25, the lower bound in pyproject.toml), in a virtual
# environment of its own, and every later runtime loads it. The stubs come from mypy-protobuf:
# protoc's own fail mypy --strict.
#
# PYTHON names the interpreter: 3.11 or 3.12, for which this grpcio-tools has wheels.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv-protoc
if [ ! -x "$venv/bin/protoc-gen-mypy" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
  echo '*' > "$venv/.gitignore"
  # setuptools: grpc_tools imports pkg_resources, which newer releases have dropped.
  "$venv/bin/pip" install --quiet grpcio-tools==1.62.3 mypy-protobuf==3.6.0 'setuptools<81'
fi

"$venv/bin/python" -m grpc_tools.protoc \
  --plugin=protoc-gen-mypy="$venv/bin/protoc-gen-mypy" \
  --proto_path=schemas \
  --python_out=simastra/trace \
  --mypy_out=quiet:simastra/trace \
  schemas/et_def.proto
