"""Runs `cargo metadata` and removes packages that the kernel's code analysis needn't read.

evcxr infers the types of a cell's variables with an embedded rust-analyzer, which reads the
sources of every package that `cargo metadata` lists. This script keeps the kernel's own crate and
the libraries that the notebook names, and removes the dependencies of these libraries.

usage: slim_metadata.py CARGO ARGUMENTS...
"""

import json
import subprocess
import sys
from pathlib import Path


def keep_library_only(package: dict) -> None:
    """Keeps the library, in the folder src: the analyzer would also read .venv and .tools."""
    kinds = {"lib", "rlib", "dylib", "proc-macro"}
    package["targets"] = [t for t in package["targets"] if kinds & set(t["kind"])]
    if package["source"] is None and package["targets"]:
        sources = Path(package["targets"][0]["src_path"]).parent
        package["manifest_path"] = str(sources / "Cargo.toml")


def slim(metadata: dict) -> dict:
    resolve = metadata["resolve"]
    root = resolve["root"]
    nodes = {node["id"]: node for node in resolve["nodes"]}
    kept = {root, *nodes[root]["dependencies"]}
    metadata["packages"] = [p for p in metadata["packages"] if p["id"] in kept]
    for package in metadata["packages"]:
        if package["id"] != root:
            keep_library_only(package)
    resolve["nodes"] = [node for node in resolve["nodes"] if node["id"] in kept]
    for node in resolve["nodes"]:
        node["deps"] = [dep for dep in node["deps"] if dep["pkg"] in kept]
        node["dependencies"] = [id for id in node["dependencies"] if id in kept]
    return metadata


def main() -> int:
    cargo = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
    if cargo.returncode == 0:
        json.dump(slim(json.loads(cargo.stdout)), sys.stdout)
    return cargo.returncode


if __name__ == "__main__":
    sys.exit(main())
