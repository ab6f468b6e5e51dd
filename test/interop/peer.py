"""One session of the official live client with our gateway: what it received, in a form to check."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import databento as db
from databento_dbn import Compression, SystemCode, UNDEF_TIMESTAMP

from tally import Mismatch, equal, holds

DATASET = "GLBX.MDP3"
NQM5, NQU5, SPREAD = 42_005_804, 42_009_475, 42_139_265
OPEN = 1_749_821_400 * 10**9  # 2025-06-13 09:30 Eastern, in nanoseconds
TICK = 250_000_000
OVERNIGHT_CONTRACTS = 69_546
# Generous: a wait ends as soon as what it waits for has come.
PATIENCE_S = 40.0


class Place:
    """Where a gateway is."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.port = int(config["port"])
        self.key = str(config["key"])
        self.pid = int(config["pid"])


class Trades:
    """Trades of one instrument, summed and hashed as `ts_event,price,size,side,sequence,instrument_id` lines."""

    def __init__(self, instrument_id: int = NQM5) -> None:
        self.instrument_id = instrument_id
        self.count = 0
        self.overnight_count = 0
        self.overnight_contracts = 0
        self.high = 0
        self.at: dict[int, tuple[int, int]] = {}
        self.last_ts_event = 0
        self._all = hashlib.sha256()
        self._overnight = hashlib.sha256()

    def take(self, trade: Any) -> None:
        if trade.instrument_id != self.instrument_id:
            return
        ts_event, price, size = trade.ts_event, trade.price, trade.size
        line = f"{ts_event},{price},{size},{trade.side.value},{trade.sequence},{trade.instrument_id}\n".encode()
        self._all.update(line)
        self.count += 1
        if ts_event < self.last_ts_event:
            raise Mismatch(f"trade {self.count} goes back in time")
        self.last_ts_event = ts_event
        if ts_event < OPEN:
            self._overnight.update(line)
            self.overnight_count += 1
            self.overnight_contracts += size
        else:
            self.high = max(self.high, price)
        self.at.setdefault(ts_event, (price, size))

    def overnight(self) -> str:
        return f"{self.overnight_count} {self._overnight.hexdigest()}"

    def day(self) -> str:
        return f"{self.count} {self._all.hexdigest()}"


class Session:
    """Counts everything, keeps what is rare, hands the rest to `on_record`; a callback's error fails the session."""

    def __init__(self, place: Place, on_record: Callable[[Any], None] | None = None, **options: Any) -> None:
        self.client = db.Live(key=options.pop("key", place.key), gateway="127.0.0.1", port=place.port, **options)
        self.counts: Counter[str] = Counter()
        self.systems: list[Any] = []
        self.errors: list[Any] = []
        self.mappings: list[Any] = []
        self.definitions: list[Any] = []
        self.statistics: list[Any] = []
        self.statuses: list[Any] = []
        self.trades = Trades()
        self.metadata: Any = None
        self.symbols: dict[int, Any] = {}
        self.sent_early = 0
        self.sent_never = 0
        self._kept = {
            "SystemMsg": self.systems, "ErrorMsg": self.errors, "SymbolMappingMsg": self.mappings,
            "InstrumentDefMsg": self.definitions, "StatMsg": self.statistics, "StatusMsg": self.statuses,
        }
        self._on_record = on_record
        self.until: Callable[[Any], bool] | None = None
        self.reached = threading.Event()
        self._thrown: Exception | None = None
        self.client.add_callback(self._take)

    def _take(self, record: Any) -> None:
        if self.reached.is_set():
            return
        try:
            self._look_at(record)
            if self.until is not None and self.until(record):
                self.reached.set()
        except Exception as error:  # the client would log it and go on
            self._thrown = error
            self.reached.set()

    def _look_at(self, record: Any) -> None:
        name = type(record).__name__
        self.counts[name] += 1
        if self.metadata is None:
            self.metadata = self.client.metadata
        if record.ts_out in (None, UNDEF_TIMESTAMP):
            self.sent_never += 1
        elif record.ts_out < record.ts_index:
            self.sent_early += 1
        kept = self._kept.get(name)
        if kept is not None:
            kept.append(record)
        elif name == "TradeMsg":
            self.trades.take(record)
        if self._on_record is not None:
            self._on_record(record)

    def subscribe(self, schema: str, symbols: Any, stype_in: str = "raw_symbol", start: Any = None) -> int:
        return self.client.subscribe(DATASET, schema, symbols, stype_in, start=start)

    def run(self, until: Callable[[Any], bool] | None = None, stop: bool = True) -> Session:
        """Starts, waits for `until` (or for the gateway's end), stops and waits for the close."""
        self.until = until
        self.client.start()
        if until is not None:
            in_time = self.reached.wait(PATIENCE_S)
            self.symbols = dict(self.client.symbology_map)
            if not in_time:
                self.client.terminate()
                raise Mismatch(f"nothing more came after {dict(self.counts)}")
            if stop:
                self.close()
        else:
            self.client.block_for_close(timeout=PATIENCE_S)
            self.symbols = dict(self.client.symbology_map)
        if self._thrown is not None:
            raise self._thrown
        return self

    def close(self) -> None:
        self.client.stop()
        self.client.block_for_close(timeout=10)
        holds("the client is still connected after stop", not self.client.is_connected())

    def texts(self, code: Any) -> list[str]:
        return [one.msg for one in self.systems if one.code == code]


def past(ts_event: int) -> Callable[[Any], bool]:
    """True for the first market record at or after a time."""
    return lambda record: record.ts_event >= ts_event and type(record).__name__ in ("TradeMsg", "MBP1Msg", "OHLCVMsg")


def replayed(*schemas: str) -> Callable[[Any], bool]:
    """True once the replay of every schema named is complete."""
    missing = {f"Finished {schema} replay" for schema in schemas}

    def judge(record: Any) -> bool:
        if type(record).__name__ == "SystemMsg" and record.code == SystemCode.REPLAY_COMPLETED:
            missing.discard(record.msg)
        return not missing

    return judge


def check_metadata(session: Session, has_ts_out: bool) -> None:
    metadata = session.metadata
    equal("dataset", metadata.dataset, DATASET)
    equal("schema", metadata.schema, None)
    equal("stype_in", metadata.stype_in, None)
    equal("stype_out", str(metadata.stype_out), "instrument_id")
    equal("ts_out", metadata.ts_out, has_ts_out)
    equal("end", metadata.end, None)
    equal("limit", metadata.limit, None)
    equal("symbols", metadata.symbols, [])
    equal("version, upgraded from what was sent", metadata.version, 3)


ZSTD, PLAIN = Compression.ZSTD, Compression.NONE
