"""How sessions begin, go wrong and end, as the official live client sees it."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import databento as db
from databento_dbn import ErrorCode, SystemCode

from peer import DATASET, NQM5, OPEN, OVERNIGHT_CONTRACTS, PATIENCE_S, Place, Session, past, replayed
from tally import Mismatch, check, equal, holds, report


def refusal(run: Any) -> str:
    """The text of the client's own error."""
    try:
        run()
    except db.BentoError as error:
        return str(error)
    raise Mismatch("expected a BentoError, found none")


def wrong_key(place: Place) -> None:
    session = Session(place, key="db-" + "x" * 24 + place.key[-5:])
    text = refusal(lambda: session.subscribe("trades", "NQM5"))
    equal("error", text, "Authentication failed.")


def wrong_dataset(place: Place) -> None:
    client = db.Live(key=place.key, gateway="127.0.0.1", port=place.port)
    text = refusal(lambda: client.subscribe("XNAS.ITCH", "trades", "NQM5"))
    holds(f"the error names the dataset served, found {text!r}", DATASET in text)


def unknown_symbol(place: Place) -> None:
    session = Session(place)
    session.subscribe("trades", ["NQM5", "NOPE5", "NQZ9"], "raw_symbol", start=0)
    session.run(until=past(OPEN), stop=False)
    texts = [one.err for one in session.errors]
    equal("errors", texts, ["Failed to resolve symbol NOPE5", "Failed to resolve symbol NQZ9"])
    equal("codes", {one.code for one in session.errors}, {ErrorCode.SYMBOL_RESOLUTION_FAILED})
    equal("contracts of the symbol that exists", session.trades.overnight_contracts, OVERNIGHT_CONTRACTS)
    session.client.stop()
    # The client keeps error texts and raises them at the close, whatever else happened.
    text = refusal(lambda: session.client.block_for_close(timeout=10))
    holds(f"the close names the symbol, found {text!r}", "NOPE5" in text)


def many_symbols(place: Place) -> None:
    """The client sends 500 symbols on a line: three lines are one subscription."""
    session = Session(place)
    symbols = [f"X{n:04}" for n in range(1_199)] + ["NQM5"]
    session.subscribe("definition", symbols, "raw_symbol", start=0)
    session.run(until=replayed("definition"), stop=False)
    session.client.terminate()
    equal("acknowledgements", len(session.texts(SystemCode.SUBSCRIPTION_ACK)), 1)
    equal("unresolved", len(session.errors), 1_199)
    equal("definitions", [one.raw_symbol for one in session.definitions], ["NQM5"])
    # Version 1 does not tell which error is the last; the client puts 255.
    equal("is_last", {one.is_last for one in session.errors}, {255})


def all_symbols(place: Place) -> None:
    session = Session(place)
    session.subscribe("definition", "ALL_SYMBOLS", start=0)
    session.run(until=replayed("definition"))
    equal("instruments", sorted({one.raw_symbol for one in session.definitions}), ["NQM5", "NQM5-NQU5", "NQU5"])


def start_at_time(place: Place) -> None:
    first: list[int] = []

    def look(record: Any) -> None:
        if type(record).__name__ == "TradeMsg" and not first:
            first.append(record.ts_event)

    session = Session(place, look)
    session.subscribe("trades", NQM5, "instrument_id", start="2025-06-13T13:00:00")
    session.run(until=past(OPEN))
    begin = OPEN - 1_800 * 10**9
    holds(f"the first trade is from 09:00, found {first}", begin <= first[0] < begin + 60 * 10**9)


def iterate_and_break(place: Place) -> None:
    """The iterator pauses reading whenever it holds more than a second of market: back-pressure all the way."""
    client = db.Live(key=place.key, gateway="127.0.0.1", port=place.port, slow_reader_behavior="warn")
    client.subscribe(DATASET, "trades", "NQM5", start=0)
    contracts = 0
    for record in client:
        if isinstance(record, db.TradeMsg):
            if record.ts_event >= OPEN:
                break
            contracts += record.size
    client.terminate()
    client.block_for_close(timeout=10)
    equal("contracts", contracts, OVERNIGHT_CONTRACTS)


def terminate_and_reuse(place: Place) -> None:
    session = Session(place)
    session.subscribe("trades", "NQM5", start=0)
    first_id = session.client.session_id
    session.run(until=past(OPEN - 3_600 * 10**9), stop=False)
    session.client.terminate()
    session.client.block_for_close(timeout=10)
    holds("still connected after terminate", not session.client.is_connected())
    session.client.subscribe(DATASET, "trades", "NQM5", start=0)
    second_id = session.client.session_id
    holds(f"two sessions have two ids, found {first_id} and {second_id}", first_id != second_id)
    session.client.terminate()


def close_before_start(place: Place) -> None:
    session = Session(place)
    session.subscribe("trades", "NQM5")
    session.close()


def start_after_start(place: Place) -> None:
    """A replay cannot be asked for in a running session: an error record, then the end."""
    session = Session(place)
    session.subscribe("definition", "NQM5", start=0)
    session.run(until=replayed("definition"), stop=False)
    session.reached.clear()
    session.until = None
    session.client.subscribe(DATASET, "trades", "NQM5", start=0)
    refusal(lambda: session.client.block_for_close(timeout=10))
    equal("code", [one.code for one in session.errors][-1:], [ErrorCode.INVALID_SUBSCRIPTION])


def replay_then_live(place: Place) -> None:
    """At 60 times the speed from 09:29: the night at once, then the market, in order and without a gap."""
    session = Session(place)
    session.subscribe("trades", "NQM5", start=0)
    session.subscribe("mbp-1", "NQM5")
    last_of_replay: list[int] = []

    def until(record: Any) -> bool:
        if replay_is_over(record):
            last_of_replay.append(session.trades.last_ts_event)
        return bool(last_of_replay) and past(OPEN + 30 * 10**9)(record)

    replay_is_over = replayed("trades")
    session.run(until=until, stop=False)
    equal("contracts", session.trades.overnight_contracts, OVERNIGHT_CONTRACTS)
    holds(f"the replay reaches 09:29, found {last_of_replay[0]}", last_of_replay[0] >= OPEN - 61 * 10**9)
    equal("price at 09:30", session.trades.at[OPEN][0], 21_680_750_000_000)
    holds("no quote came", session.counts["MBP1Msg"] > 0)
    report("overnight", session.trades.overnight())
    late = session.client.subscribe(DATASET, "trades", "NQU5")
    text = f"Subscription request {late} for trades data succeeded"
    acknowledged = threading.Event()
    session.client.add_callback(lambda one: acknowledged.set() if getattr(one, "msg", "") == text else None)
    holds("no acknowledgement of a subscription made while live", acknowledged.wait(10))
    session.close()


class Quiet:
    """A session in which nothing happens, started early because a heartbeat takes five seconds."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.times: list[float] = []
        self.session = Session(place, heartbeat_interval_s=5)
        self.session.subscribe("definition", "NQM5")
        self.session.until = self._is_second
        self.started = time.monotonic()
        self.session.client.start()

    def _is_second(self, record: Any) -> bool:
        if type(record).__name__ == "SystemMsg" and record.is_heartbeat():
            self.times.append(time.monotonic() - self.started)
        return len(self.times) == 2

    def heartbeats(self) -> None:
        holds("no two heartbeats came", self.session.reached.wait(PATIENCE_S))
        first, second = self.times
        holds(f"the first after 5 s, found {first:.1f}", 4.9 <= first < 15)
        holds(f"the second 5 s later, found {second - first:.1f}", 4.5 <= second - first < 15)
        self.session.close()


def gateway_stops(place: Place) -> None:
    """The gateway's process is asked to end: its sessions end cleanly, at a record's end."""
    session = Session(place)
    session.subscribe("trades", "NQM5", start=0)
    session.run(until=replayed("trades"), stop=False)
    os.kill(place.pid, signal.SIGTERM)
    session.client.block_for_close(timeout=10)
    holds("still connected after the gateway's end", not session.client.is_connected())
    late = db.Live(key=place.key, gateway="127.0.0.1", port=place.port)
    text = refusal(lambda: late.subscribe(DATASET, "trades", "NQM5"))
    holds(f"a connection to a gateway that is gone fails, found {text!r}", "failed" in text)


def run(endless: Place, fast: Place, real_time: Place) -> None:
    quiet = check("a quiet session starts", lambda: Quiet(real_time))
    check("a wrong key is refused", lambda: wrong_key(endless))
    check("a wrong dataset is refused", lambda: wrong_dataset(endless))
    check("unknown symbols give error records, the others go on", lambda: unknown_symbol(endless))
    check("1,200 symbols in three lines are one subscription", lambda: many_symbols(endless))
    check("ALL_SYMBOLS", lambda: all_symbols(endless))
    check("a start time and an instrument id", lambda: start_at_time(endless))
    check("iteration with back-pressure, left by break", lambda: iterate_and_break(endless))
    check("terminate, then a new session of the same client", lambda: terminate_and_reuse(endless))
    check("a session closed before its start", lambda: close_before_start(endless))
    check("a replay asked for after the start is refused", lambda: start_after_start(real_time))
    check("replay, then live at 60 times the speed, then one more subscription", lambda: replay_then_live(fast))
    if quiet is not None:
        check("heartbeats every 5 s on a quiet session", quiet.heartbeats)
    check("the gateway's process ends", lambda: gateway_stops(real_time))
