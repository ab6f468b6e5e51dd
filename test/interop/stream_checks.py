"""The official live client reads the demo day from our gateway, in every version and form of the stream."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from databento_dbn import SystemCode

from peer import (
    NQM5, NQU5, OPEN, OVERNIGHT_CONTRACTS, PLAIN, SPREAD, TICK, ZSTD, Place, Session, check_metadata, past, replayed,
)
from tally import check, equal, holds, report

MINUTE = 60 * 10**9
EVENING = OPEN - 930 * MINUTE  # 18:00
# Eastern time, points; the prices the demo day must pass.
ANCHORS = {
    "18:50:00": (EVENING + 50 * MINUTE, 21_880.25), "19:55:00": (EVENING + 115 * MINUTE, 21_870.0),
    "04:00:00": (EVENING + 600 * MINUTE, 21_653.75), "09:29:59": (OPEN - 10**9, 21_683.0),
    "09:30:00": (OPEN, 21_680.75),
}
HIGH = (OPEN + 88 * MINUTE + 500_000_000, 21_763.0)  # 10:58:00.5


def check_anchors(session: Session) -> None:
    for eastern, (ts_event, points) in ANCHORS.items():
        found = session.trades.at.get(ts_event)
        holds(f"no trade at {eastern}", found is not None)
        equal(f"price at {eastern}", found[0] / 1e9 if found else None, points)


def check_overnight(session: Session) -> None:
    equal("contracts", session.trades.overnight_contracts, OVERNIGHT_CONTRACTS)


def check_high(session: Session) -> None:
    equal("high of regular hours", session.trades.high / 1e9, HIGH[1])
    equal("price at 10:58:00.5", session.trades.at[HIGH[0]][0] / 1e9, HIGH[1])


def check_sent_times(session: Session, has_ts_out: bool) -> None:
    if has_ts_out:
        equal("records without ts_out", session.sent_never, 0)
        equal("records sent before they were received", session.sent_early, 0)
    else:
        equal("records without ts_out", session.sent_never, sum(session.counts.values()))


def trades_until_open(place: Place, compression: Any, has_ts_out: bool) -> Session:
    session = Session(place, ts_out=has_ts_out, compression=compression)
    session.subscribe("trades", "NQM5", "raw_symbol", start=0)
    return session.run(until=past(OPEN))


def forms_of_stream(version: int, place: Place) -> None:
    for compression in (PLAIN, ZSTD):
        for has_ts_out in (False, True):
            form = f"version {version}, {compression}, ts_out {int(has_ts_out)}"
            session = check(
                f"{form}: trades until the open, then stop",
                lambda: trades_until_open(place, compression, has_ts_out),
            )
            if session is None:
                continue
            check(f"{form}: metadata", lambda: check_metadata(session, has_ts_out))
            check(f"{form}: {OVERNIGHT_CONTRACTS} contracts overnight", lambda: check_overnight(session))
            check(f"{form}: price anchors", lambda: check_anchors(session))
            check(f"{form}: ts_out", lambda: check_sent_times(session, has_ts_out))
            report("overnight", session.trades.overnight())


def whole_day(version: int, place: Place, folder: Path) -> None:
    """Until the gateway ends the session; a copy is kept by the client's own stream."""
    path = folder / f"official-{version}.dbn"

    def run() -> Session:
        session = Session(place)
        session.client.add_stream(str(path))
        session.subscribe("trades", ["NQM5"], "raw_symbol", start=0)
        return session.run()

    session = check(f"version {version}: whole day until the gateway's clean end", run)
    if session is None:
        return
    check(f"version {version}: high of regular hours", lambda: check_high(session))
    check(f"version {version}: overnight of the whole day", lambda: check_overnight(session))
    report("overnight", session.trades.overnight())
    report("day", session.trades.day())
    report("stream", str(path))


def check_mappings(session: Session, version: int) -> None:
    equal("symbology_map", session.symbols, {NQM5: "NQM5", NQU5: "NQU5", SPREAD: "NQM5-NQU5"})
    seen = {(one.stype_in_symbol, one.stype_out_symbol, one.instrument_id) for one in session.mappings}
    expected = {("NQ.FUT", "NQM5", NQM5), ("NQ.FUT", "NQU5", NQU5), ("NQ.FUT", "NQM5-NQU5", SPREAD)}
    expected |= {("NQM5", "NQM5", NQM5), ("NQ.v.0", "NQM5", NQM5)}
    equal("mappings", seen, expected)
    for one in session.mappings:
        stypes = {"NQ.FUT": "parent", "NQM5": "raw_symbol", "NQ.v.0": "continuous"}
        # Version 1 has no symbol types; the client puts 255 for them.
        equal("stype_in", str(one.stype_in), "255" if version == 1 else stypes[one.stype_in_symbol])


def check_definitions(session: Session, version: int) -> None:
    by_symbol = {one.raw_symbol: one for one in session.definitions}
    equal("instruments", sorted(by_symbol), ["NQM5", "NQM5-NQU5", "NQU5"])
    june, spread = by_symbol["NQM5"], by_symbol["NQM5-NQU5"]
    found = {
        "instrument_id": june.instrument_id, "tick": june.min_price_increment, "asset": june.asset,
        "class": june.instrument_class.value, "expiration": str(june.pretty_expiration)[:16].replace("T", " "),
        "point value": june.unit_of_measure_qty // 10**9, "currency": june.currency, "exchange": june.exchange,
        "year": june.maturity_year, "month": june.maturity_month, "type": june.security_type,
    }
    equal("definition of NQM5", found, {
        "instrument_id": NQM5, "tick": TICK, "asset": "NQ", "class": "F", "expiration": "2025-06-20 13:30",
        "point value": 20, "currency": "USD", "exchange": "XCME", "year": 2025, "month": 6, "type": "FUT",
    })
    equal("class of the spread", spread.instrument_class.value, "S")
    legs = [(one.leg_index, one.leg_raw_symbol) for one in session.definitions if one.raw_symbol == "NQM5-NQU5"]
    equal("legs of the spread", legs, [(0, "NQM5"), (1, "NQU5")] if version == 3 else [(0, "")])


def check_statistics(session: Session) -> None:
    settlement = [one for one in session.statistics if one.stat_type.value == 3]
    equal("settlement", [one.price for one in settlement][:1], [21_929 * 10**9])
    interest = [one.quantity for one in session.statistics if one.stat_type.value == 9]
    equal("open interest", interest, [236_518])


def check_status(session: Session) -> None:
    equal("status actions", [one.action.value for one in session.statuses], [1, 7])
    equal("trading", [one.is_trading for one in session.statuses], [False, True])


def rare_records(version: int, place: Place) -> None:
    def run() -> Session:
        session = Session(place)
        session.subscribe("definition", "NQ.FUT", "parent", start=0)
        session.subscribe("statistics", "NQM5", "raw_symbol", start=0)
        session.subscribe("status", "NQ.v.0", "continuous", start=0)
        return session.run(until=replayed("definition", "statistics", "status"))

    name = f"version {version}"
    session = check(f"{name}: definition by parent, statistics by raw symbol, status by continuous symbol", run)
    if session is None:
        return
    check(f"{name}: symbol mappings", lambda: check_mappings(session, version))
    check(f"{name}: definitions", lambda: check_definitions(session, version))
    check(f"{name}: statistics", lambda: check_statistics(session))
    check(f"{name}: status", lambda: check_status(session))
    schemas = enumerate(("definition", "statistics", "status"))
    texts = [f"Subscription request {number} for {schema} data succeeded" for number, schema in schemas]
    check(f"{name}: acknowledgements", lambda: equal("texts", session.texts(SystemCode.SUBSCRIPTION_ACK), texts))


def quotes(version: int, place: Place) -> None:
    """mbp-1 by continuous symbol: never crossed, and its trades are the overnight volume too."""
    contracts = 0

    def look(record: Any) -> None:
        nonlocal contracts
        if type(record).__name__ != "MBP1Msg":
            return
        level = record.levels[0]
        holds(f"crossed at {record.ts_event}: {level}", level.bid_px < level.ask_px)
        if record.action == "T" and record.ts_event < OPEN:
            contracts += record.size

    def run() -> None:
        session = Session(place, look)
        session.subscribe("mbp-1", "NQ.v.0", "continuous", start=0)
        session.run(until=past(OPEN))
        equal("contracts in mbp-1 trades", contracts, OVERNIGHT_CONTRACTS)

    check(f"version {version}: mbp-1 by continuous symbol", run)


def bars(version: int, place: Place) -> None:
    contracts = 0

    def look(record: Any) -> None:
        nonlocal contracts
        if type(record).__name__ == "OHLCVMsg" and record.ts_event < OPEN:
            least, most = sorted((record.open, record.close))
            holds(f"open or close outside the bar {record}", record.low <= least <= most <= record.high)
            contracts += record.volume

    def run() -> None:
        session = Session(place, look)
        session.subscribe("ohlcv-1m", "NQM5", "raw_symbol", start=0)
        session.run(until=past(OPEN))
        equal("contracts in bars", contracts, OVERNIGHT_CONTRACTS)

    check(f"version {version}: one-minute bars", run)


def run(version: int, place: Place, folder: Path) -> None:
    forms_of_stream(version, place)
    whole_day(version, place, folder)
    rare_records(version, place)
    quotes(version, place)
    bars(version, place)
