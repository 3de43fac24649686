"""Verifies the certificates of a csv file with the columns number and name, and writes a csv with the answers.

VERIFICATION_KEY=... python -m clients.verification https://portal.example list.csv report.csv

The first row of the file holds the titles.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

from .api import Api, Refused

FIELDS = ("place", "number", "name", "outcome", "status", "holder", "category", "ends_on", "enterprise", "message")


def main(arguments: list[str]) -> int:
    if len(arguments) != 3 or not os.environ.get("VERIFICATION_KEY"):
        print(__doc__, file=sys.stderr)
        return 2
    server, source, target = arguments
    with Path(source).open(encoding="utf-8-sig", newline="") as stream:
        pairs = [(row[0], row[1]) for row in csv.reader(stream) if len(row) >= 2][1:]
    try:
        results = list(Api(server, os.environ["VERIFICATION_KEY"]).verify(pairs))
    except (Refused, OSError) as error:
        print(f"not verified: {error}", file=sys.stderr)
        return 1
    with Path(target).open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, FIELDS, extrasaction="ignore")
        writer.writeheader()
        for (number, name), result in zip(pairs, results, strict=True):
            writer.writerow((result["certificate"] or {}) | result | {"number": number, "name": name})
    confirmed = sum(result["outcome"] == "confirmed" for result in results)
    print(f"{len(results)} verified, {confirmed} confirmed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
