"""Writes each folder's `datapackage.json` and the codebook from the schemas.

`python -m workshop.descriptors` writes; `--check` changes nothing, says what is
stale and ends with 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from helpers.data.catalog import DATA
from helpers.data.schemas import TABLES, Field, Table

_TYPES = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "day": "date",
    "date": "string",
    "flag": "integer",
    "url": "string",
}


def field_descriptor(name: str, field: Field) -> dict[str, Any]:
    """Return one column as a Frictionless field."""
    constraints: dict[str, Any] = {"required": not field.empty}
    if field.allowed:
        constraints["enum"] = list(field.allowed)
    if field.kind == "flag":
        constraints["enum"] = [0, 1]
    if field.kind in ("date", "url"):
        constraints["pattern"] = field.pattern
    if field.low is not None:
        constraints |= {"minimum": int(field.low), "maximum": int(field.high or 0)}
    return {
        "name": name,
        "type": _TYPES[field.kind],
        "description": field.meaning,
        "constraints": constraints,
    }


def resource(table: Table) -> dict[str, Any]:
    """Return one table as a Frictionless resource."""
    fields = [field_descriptor(name, field) for name, field in table.fields.items()]
    schema: dict[str, Any] = {
        "fields": fields,
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    inside = {c: t for c, t in (table.refers or {}).items() if t.startswith(f"{table.folder}/")}
    # A descriptor can point only inside its own package; the loaders check the rest, and
    # empty references, which a descriptor cannot allow.
    keys = [
        {
            "fields": column,
            "reference": {"resource": TABLES[target].name, "fields": column},
        }
        for column, target in inside.items()
        if not table.fields[column].empty
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "title": table.title,
        "path": table.file.split("/", 1)[1],
        "encoding": "utf-8",
        "format": "csv",
        "provenance": table.provenance.label,
        "schema": schema,
    }


def packages() -> dict[str, dict[str, Any]]:
    """Return the descriptor of each folder."""
    folders: dict[str, list[Table]] = {}
    for table in TABLES.values():
        folders.setdefault(table.folder, []).append(table)
    return {
        folder: {
            "name": folder.replace("_", "-"),
            "title": "; ".join(table.title for table in tables),
            "resources": [resource(table) for table in tables],
        }
        for folder, tables in folders.items()
    }


def codebook() -> str:
    """Return the codebook page: the hand-written introduction, then every table."""
    parts = [(DATA / "_codebook.md").read_text("utf-8").rstrip()]
    for table in TABLES.values():
        kind = table.provenance
        lines = [
            f"## {table.file}",
            "",
            f"{table.title}. {kind.glyph} {kind.label}. Key: {', '.join(table.key)}.",
            "",
            "| column | holds | meaning |",
            "|---|---|---|",
        ]
        for name, field in table.fields.items():
            empty = "; may be empty" if field.empty else ""
            holds = field.expected.replace("|", "\\|")
            lines.append(f"| `{name}` | {holds}{empty} | {field.meaning} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def generated() -> dict[Path, str]:
    """Return every generated file and its text."""
    files = {
        DATA / folder / "datapackage.json": json.dumps(package, indent=2, ensure_ascii=False) + "\n"
        for folder, package in packages().items()
    }
    return {**files, DATA / "README.md": codebook()}


def main(words: list[str]) -> int:
    stale = [
        path
        for path, text in generated().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in words:
        for path in stale:
            print(f"{path.relative_to(DATA.parent)} is stale: python -m workshop.descriptors")
        return 1 if stale else 0
    for path in stale:
        path.write_text(generated()[path], encoding="utf-8")
        print(f"wrote {path.relative_to(DATA.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
