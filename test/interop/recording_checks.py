"""Recordings made by our recorder, in every state a reader may meet them, opened by the official library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import databento as db

from tally import check, equal


def check_recording(sample: dict[str, Any]) -> None:
    store = db.DBNStore.from_file(sample["path"])
    equal("dataset", store.dataset, "GLBX.MDP3")
    equal("schema", str(store.schema), sample["schema"])
    equal("symbols", list(store.symbols), ["NQM5"])
    records = list(store)
    equal("records", len(records), sample["records"])
    equal("contracts", sum(record.size for record in records), sample["volume"])
    frame = db.DBNStore.from_file(sample["path"]).to_df()
    equal("rows", len(frame), sample["records"])
    equal("symbol", sorted(set(frame["symbol"])), ["NQM5"])


def run(list_path: str) -> None:
    for sample in json.loads(Path(list_path).read_text()):
        check(f"the official reader opens a recording {sample['name']}", lambda one=sample: check_recording(one))
