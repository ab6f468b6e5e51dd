"""DBN written by our encoder, read by the official reader, and made again by the official encoder."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import databento as db
import databento_dbn as dbn
import numpy as np

from tally import Mismatch, check, equal, holds

RECORD_CLASSES = {
    "trade": "TradeMsg", "mbp1": "MBP1Msg", "mbp10": "MBP10Msg", "mbo": "MBOMsg", "bbo": "BBOMsg", "cmbp1": "CMBP1Msg",
    "cbbo": "CBBOMsg", "ohlcv": "OHLCVMsg", "status": "StatusMsg", "imbalance": "ImbalanceMsg",
    "statistics": "StatMsg", "definition": "InstrumentDefMsg", "error": "ErrorMsg",
    "symbolMapping": "SymbolMappingMsg", "system": "SystemMsg",
}
MODULES = {1: dbn.v1, 2: dbn.v2, 3: dbn.v3}
# The library adds ts_out to these lists when it makes arrays, so they are copied before anything else.
DTYPES = {
    (version, kind): list(getattr(module, name)._dtypes)
    for version, module in MODULES.items()
    for kind, name in RECORD_CLASSES.items()
}
KIND_OF_CLASS = {getattr(module, name): kind for module in MODULES.values() for kind, name in RECORD_CLASSES.items()}


def raw_fields(data: bytes, dtype: list[tuple[str, str]], has_ts_out: bool) -> dict[str, Any]:
    """A record's fields by the official library's own table of names and types."""
    row = np.frombuffer(data, dtype=dtype + ([("ts_out", "u8")] if has_ts_out else []))[0]
    fields: dict[str, Any] = {}
    for name in row.dtype.names:
        if not name.startswith("_"):
            value = row[name]
            fields[name] = value.decode("latin-1") if isinstance(value, bytes) else int(value)
    return fields


def typed(expected: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Expected values come as text where JSON numbers are too narrow."""
    return {name: int(value) if isinstance(found.get(name), int) else value for name, value in expected.items()}


def compare_fields(where: str, found: dict[str, Any], expected: dict[str, Any]) -> None:
    equal(f"{where} fields", sorted(found), sorted(expected))
    wanted = typed(expected, found)
    for name, value in found.items():
        equal(f"{where} {name}", value, wanted[name])


def as_plain(value: Any) -> Any:
    """Enumerations as the character or number they stand for."""
    return value.value if hasattr(value, "value") else value


# Dropped by version 3, but for the first.
NOT_PROPERTIES = {
    "length", "trading_reference_price", "trading_reference_date", "md_security_trading_status", "settl_price_type",
}
UNSET = {2**n - 1 for n in (7, 8, 15, 16, 31, 32, 63, 64)}


def compare_attributes(where: str, record: Any, expected: dict[str, Any]) -> int:
    """Through the library's public properties; None stands for what is not set."""
    compared = 0
    for name, wanted in expected.items():
        if name in NOT_PROPERTIES:
            continue
        found = as_plain(getattr(record, name))
        if name in ("stype_in", "stype_out") and found is not None:
            wanted = str(dbn.SType.from_int(wanted))
        if isinstance(found, int) and not isinstance(found, bool):
            is_letter = isinstance(wanted, str) and len(wanted) == 1 and not wanted.isdigit()
            wanted = ord(wanted) if is_letter else int(wanted)
        if isinstance(found, bool):
            found = "Y" if found else "N"
        if name in ("quantity", "raw_instrument_id") and int(wanted) == 2**31 - 1:
            wanted = 2**63 - 1  # wider since version 3
        if found is None:
            is_unset = wanted in ("", "~", " ") or (str(wanted).isdigit() and int(wanted) in UNSET)
            holds(f"{where} {name}: expected {wanted!r}, found None", is_unset)
        else:
            equal(f"{where} {name}", "" if found == "\0" else found, wanted)
        compared += 1
    return compared


def official_metadata(metadata: Any) -> dict[str, Any]:
    def date_number(date: Any) -> int:
        return int(date.strftime("%Y%m%d"))

    def word(value: Any) -> str | None:
        return None if value is None else str(value)

    return {
        "version": metadata.version, "dataset": metadata.dataset, "schema": word(metadata.schema),
        "start": str(metadata.start), "end": None if metadata.end is None else str(metadata.end),
        "limit": metadata.limit, "stype_in": word(metadata.stype_in), "stype_out": word(metadata.stype_out),
        "ts_out": metadata.ts_out, "symbols": metadata.symbols, "partial": metadata.partial,
        "not_found": metadata.not_found,
        "mappings": [
            {
                "rawSymbol": symbol,
                "intervals": [
                    {
                        "startDate": date_number(one["start_date"]),
                        "endDate": date_number(one["end_date"]),
                        "symbol": one["symbol"],
                    }
                    for one in intervals
                ],
            }
            for symbol, intervals in sorted(metadata.mappings.items())  # the library's order is chance
        ],
    }


def decode_as_is(data: bytes) -> list[Any]:
    decoder = dbn.DBNDecoder(upgrade_policy=dbn.VersionUpgradePolicy.AS_IS)
    records = decoder.write_and_decode(data)
    holds("bytes were left over after the last record", not decoder.buffer())
    return records[1:]


def check_reading(sample: dict[str, Any]) -> None:
    plain = Path(sample["plain"]).read_bytes()
    stores = [
        db.DBNStore.from_file(sample["plain"]), db.DBNStore.from_file(sample["compressed"]),
        db.DBNStore.from_bytes(plain), db.DBNStore.from_bytes(Path(sample["compressed"]).read_bytes()),
    ]
    for store in stores:
        for name, value in official_metadata(store.metadata).items():
            equal(f"metadata {name}", value, sample["metadata"][name])
        equal("expanded bytes", store.reader.read(), plain)
    has_ts_out = sample["metadata"]["ts_out"]
    expected = sample["records"]
    as_is = decode_as_is(plain)
    equal("records", len(as_is), len(expected))
    for index, record in enumerate(as_is):
        kind = KIND_OF_CLASS[type(record)]
        found = raw_fields(bytes(record), DTYPES[sample["version"], kind], has_ts_out)
        compare_fields(f"record {index} ({kind})", found, expected[index])
    for store in (stores[0], stores[3]):
        upgraded = list(store)
        equal("upgraded records", len(upgraded), len(expected))
        for index, record in enumerate(upgraded):
            compare_attributes(f"upgraded record {index} ({type(record).__name__})", record, expected[index])


def check_frame(sample: dict[str, Any]) -> None:
    """As a pandas table, with the symbols of our metadata."""
    version, kind = sample["version"], sample["kind"]
    symbol_of = {one["intervals"][0]["symbol"]: one["rawSymbol"] for one in sample["metadata"]["mappings"]}
    prices = getattr(MODULES[version], RECORD_CLASSES[kind])._price_fields
    for path in (sample["plain"], sample["compressed"]):
        frame = db.DBNStore.from_file(path).to_df(price_type="fixed", pretty_ts=False, map_symbols=True).reset_index()
        equal("rows", len(frame), len(sample["records"]))
        for index, expected in enumerate(sample["records"]):
            row = frame.iloc[index]
            equal(f"row {index} symbol", row["symbol"], symbol_of[str(expected["instrument_id"])])
            for name in [*prices, "ts_event"]:
                equal(f"row {index} {name}", int(row[name]), int(expected[name]))
        pretty = db.DBNStore.from_file(path).to_df()
        equal("rows with floating prices", len(pretty), len(sample["records"]))


def argument(name: str, kind: str, value: Any) -> Any:
    """A field as the official constructors want it."""
    enums = {
        "side": dbn.Side, "leg_side": dbn.Side, "unpaired_side": dbn.Side, "instrument_class": dbn.InstrumentClass,
        "leg_instrument_class": dbn.InstrumentClass, "match_algorithm": dbn.MatchAlgorithm,
        "security_update_action": dbn.SecurityUpdateAction, "user_defined_instrument": dbn.UserDefinedInstrument,
        "stat_type": dbn.StatType, "update_action": dbn.StatUpdateAction, "reason": dbn.StatusReason,
        "trading_event": dbn.TradingEvent, "rtype": dbn.RType, "is_trading": dbn.TriState,
        "is_quoting": dbn.TriState, "is_short_sell_restricted": dbn.TriState,
    }
    if name == "action":
        return dbn.StatusAction.from_int(int(value)) if kind == "status" else dbn.Action(value)
    if name == "code":
        codes = dbn.SystemCode if kind == "system" else dbn.ErrorCode
        return codes.from_int(int(value))
    if name in ("stype_in", "stype_out"):
        return dbn.SType.from_int(int(value))
    if name == "is_last":
        return bool(value)
    if name in enums:
        return enums[name](int(value)) if str(value).isdigit() else enums[name](value)
    return value


def levels_of(kind: str, fields: dict[str, Any]) -> Any:
    is_consolidated = kind in ("cmbp1", "cbbo")
    pair, last = (dbn.ConsolidatedBidAskPair, "pb") if is_consolidated else (dbn.BidAskPair, "ct")
    names = ["bid_px", "ask_px", "bid_sz", "ask_sz", f"bid_{last}", f"ask_{last}"]
    count = 10 if kind == "mbp10" else 1
    levels = [pair(**{name: fields[f"{name}_{level:02}"] for name in names}) for level in range(count)]
    return levels if kind == "mbp10" else levels[0]


def official_bytes(version: int, kind: str, fields: dict[str, Any], only_needed: bool) -> bytes:
    """The same record from the official library's constructor."""
    record_class = getattr(MODULES[version], RECORD_CLASSES[kind])
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(record_class).parameters.items():
        if only_needed and parameter.default is not parameter.empty:
            continue
        if name == "levels":
            arguments[name] = levels_of(kind, fields)
        elif name in fields:
            arguments[name] = argument(name, kind, fields[name])
    return bytes(record_class(**arguments))


def check_encoding(version: int, kind: str, samples: list[dict[str, Any]]) -> None:
    """Our bytes equal those of the official encoder."""
    compared = 0
    for sample in samples:
        if sample["version"] != version or sample["metadata"]["ts_out"] or sample["kind"] not in (kind, None):
            continue
        for index, record in enumerate(decode_as_is(Path(sample["plain"]).read_bytes())):
            if KIND_OF_CLASS[type(record)] != kind:
                continue
            ours = bytes(record)
            fields = raw_fields(ours, DTYPES[version, kind], False)
            is_unset_record = sample["kind"] is not None and index == 3
            theirs = official_bytes(version, kind, fields, only_needed=is_unset_record)
            if ours != theirs:
                other = raw_fields(theirs, DTYPES[version, kind], False)
                differing = [name for name in fields if fields[name] != other[name]]
                names = "; ".join(f"{name} {fields[name]!r}, theirs {other[name]!r}" for name in differing)
                what = "left unset" if is_unset_record else "filled"
                raise Mismatch(f"{sample['name']} record {index}, {what}: ours {names or 'reserved bytes'}")
            compared += 1
    holds("no record to compare", compared > 0)


def check_metadata_encoding(samples: list[dict[str, Any]]) -> None:
    """Our metadata block equals the official encoder's of the same values."""
    for sample in samples:
        data = Path(sample["plain"]).read_bytes()
        length = 8 + int.from_bytes(data[4:8], "little")
        metadata = dbn.Metadata.decode(data[:length], upgrade_policy=dbn.VersionUpgradePolicy.AS_IS)
        equal(f"{sample['name']} metadata bytes", metadata.encode().hex(), data[:length].hex())


def run(list_path: str) -> None:
    samples = json.loads(Path(list_path).read_text())
    for sample in samples:
        check(f"official reader opens {sample['name']}, plain and zstd", lambda one=sample: check_reading(one))
    for sample in samples:
        if sample["kind"] is not None:
            check(f"official table of {sample['name']}", lambda one=sample: check_frame(one))
    check("official encoder makes the same metadata bytes", lambda: check_metadata_encoding(samples))
    for version in (1, 2, 3):
        for kind in RECORD_CLASSES:
            check(
                f"official encoder makes the same {kind} bytes, version {version}",
                lambda v=version, k=kind: check_encoding(v, k, samples),
            )
