"""`python -m workshop.cohort` improves the committed cohort.

`... audit` prints the audit of a cohort file, `... promise` renews what the committed one
promises (after a change that is meant).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from helpers.study.published import printed_models
from helpers.teaching.cohorts.files import cohort_csv, long_list_csv, long_list_of
from workshop.cohort import artefacts, audit
from workshop.cohort.promise import check_numbers, check_rows, write_promise
from workshop.cohort.search import CHECKPOINT, improve
from workshop.cohort.targets import COHORT_CSV, LONG_LIST_CSV


def _audit(path: Path) -> int:
    cohort = audit.read_cohort(path)
    check_rows(path, COHORT_CSV.parent)
    long_list = audit.read_long_list(LONG_LIST_CSV)
    table = audit.verify(cohort, long_list)
    check_numbers(table)
    found = artefacts.measures(cohort) + artefacts.long_list_measures(long_list)
    artefacts.check(found)
    with pd.option_context("display.width", 120, "display.max_rows", None):
        print(table.to_string(index=False, float_format=lambda number: f"{number:.4f}"))
        print()
        print(audit.audit_summary(table).to_string(index=False))
        print()
        print(audit.qualitative_claims(cohort).to_string(index=False))
        print()
        print(artefacts.table(found).to_string(index=False, float_format="{:.3f}".format))
    print(
        f"\n{int(table['exact'].sum())} of {len(table)} printed numbers to the last digit, "
        f"{int(table['within_one_unit'].sum())} within one unit of it."
    )
    print("SYNTHETIC rows. What they cannot support:")
    for sentence in audit.CANNOT_SUPPORT:
        print(f"- {sentence}")
    return 0


def _improve(seed: int, turns: int, seconds: float) -> int:
    def write(frame: pd.DataFrame) -> None:
        for path, text in (
            (COHORT_CSV, cohort_csv(frame)),
            (LONG_LIST_CSV, long_list_csv(long_list_of(frame))),
        ):
            path.write_text(text, encoding="utf-8", newline="")
        write_promise()

    cohort = audit.read_cohort(COHORT_CSV)
    try:
        improve(
            cohort,
            printed_models(),
            seed=seed,
            turns=turns,
            seconds=seconds,
            write=write,
            say=lambda line: print(line, flush=True),
        )
    except KeyboardInterrupt:
        print(f"\nStopped. Run the command again to go on from {CHECKPOINT.name}.")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Command line of the builder."""
    parser = argparse.ArgumentParser(prog="python -m workshop.cohort", description=__doc__)
    parser.add_argument(
        "task", nargs="?", choices=["improve", "audit", "promise"], default="improve"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--turns", type=int, default=4, help="walks to take")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of one walk")
    parser.add_argument("--file", type=Path, default=COHORT_CSV, help="cohort file to audit")
    chosen = parser.parse_args(arguments)
    if chosen.task == "audit":
        try:
            return _audit(chosen.file)
        except audit.CohortAuditError as error:
            print(f"The audit failed. {error}")
            return 1
    if chosen.task == "promise":
        table = write_promise()
        print(f"Promise written: {int(table['exact'].sum())} of {len(table)} numbers exact.")
        return 0
    return _improve(chosen.seed, chosen.turns, chosen.seconds)


if __name__ == "__main__":
    raise SystemExit(main())
