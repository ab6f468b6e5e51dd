"""The figures of a trading session, computed from the bytes of a DBN stream on standard input, printed as JSON.

Written from the definitions in docs/formulas.md and the format's description alone; shares nothing with the program.
Only Python's standard library is needed. Prices are in ticks of 0.25; sums are integers or fractions, so exact.
Knows regular trading days only: 18:00 to 17:00 Eastern, regular hours 09:30 to 16:00.
"""

import json
import struct
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, getcontext
from fractions import Fraction

NANOS = 10**9
TICK = 250_000_000
HOUR = 3600
LARGE = 10
getcontext().prec = 60


# --- the stream ------------------------------------------------------------------------------------------------------

def trades_of(data):
    """Every trade as (instrument, nanoseconds, ticks, size, side), in order of the stream."""
    if data[:3] != b"DBN":
        raise ValueError("expected a DBN stream")
    position = 8 + struct.unpack_from("<I", data, 4)[0]
    found = {"trades": [], "book": [], "orders": []}
    while position < len(data):
        length = data[position] * 4
        rtype = data[position + 1]
        instrument, at = struct.unpack_from("<IQ", data, position + 4)
        if rtype in (0, 1, 10):
            price, size, action, side = struct.unpack_from("<qIcc", data, position + 16)
            if rtype == 0 or action == b"T":
                found["trades" if rtype == 0 else "book"].append((instrument, at, price // TICK, size, side.decode()))
        elif rtype == 160:
            price, size, _, _, action, side = struct.unpack_from("<qIBBcc", data, position + 24)
            # The fills "F" after a trade are the resting orders it met: the same contracts once more.
            if action == b"T":
                found["orders"].append((instrument, at, price // TICK, size, side.decode()))
        position += length
    return found["trades"] or found["book"] or found["orders"]


# --- the calendar ----------------------------------------------------------------------------------------------------

def nth_sunday(year, month, n):
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (n - 1))


def last_sunday(year, month):
    last = date(year, month + 1, 1) - timedelta(days=1) if month < 12 else date(year, 12, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def eastern_hours(day):
    """Hours from UTC to Eastern at noon of a date."""
    summer = nth_sunday(day.year, 3, 2) <= day < nth_sunday(day.year, 11, 1)
    return -4 if summer else -5


def london_hours(day):
    return 1 if last_sunday(day.year, 3) <= day < last_sunday(day.year, 10) else 0


class Session:
    """Unix seconds of the borders of the session that a time is in."""

    def __init__(self, sec):
        utc = datetime.fromtimestamp(sec, timezone.utc)
        wall = utc + timedelta(hours=eastern_hours(utc.date()))
        self.date = wall.date() + timedelta(days=1 if wall.hour >= 18 else 0)
        midnight = int(datetime(self.date.year, self.date.month, self.date.day, tzinfo=timezone.utc).timestamp())
        hours = eastern_hours(self.date)
        self.open = midnight - hours * HOUR - 6 * HOUR
        self.london = midnight + (8 - london_hours(self.date)) * HOUR
        self.pre_market = self.open + 10 * HOUR
        self.rth_open = self.open + 15 * HOUR + HOUR // 2
        self.midday = self.open + 18 * HOUR
        self.afternoon = self.open + 20 * HOUR
        self.rth_close = self.open + 22 * HOUR


# --- the figures -----------------------------------------------------------------------------------------------------

def sign(side):
    return {"B": 1, "A": -1}.get(side, 0)


def root(value):
    """Square root of a fraction, to 30 digits."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def decimal(value):
    return format(Decimal(value.numerator) / Decimal(value.denominator), ".12f")


def vwap(trades):
    volume = sum(size for _, _, size, _ in trades)
    mean = Fraction(sum(ticks * size for _, ticks, size, _ in trades), volume)
    variance = sum(size * (ticks - mean) ** 2 for _, ticks, size, _ in trades) / volume
    return {"volume": volume, "vwapTicks": decimal(mean), "deviationTicks": format(root(variance), ".12f")}


def delta(trades):
    path = [0]
    for _, _, size, side in trades:
        path.append(path[-1] + sign(side) * size)
    by_side = defaultdict(int)
    for _, _, size, side in trades:
        by_side[sign(side)] += size
    return {
        "delta": path[-1], "high": max(path), "low": min(path),
        "buyVolume": by_side[1], "sellVolume": by_side[-1], "noneVolume": by_side[0],
    }


def profile(trades):
    rows = defaultdict(int)
    for _, ticks, size, _ in trades:
        rows[ticks] += size
    low, high = min(rows), max(rows)
    most = max(rows.values())
    poc = min((ticks for ticks in rows if rows[ticks] == most), key=lambda ticks: (abs(2 * ticks - low - high), ticks))
    total = sum(rows.values())
    bottom = top = poc
    while 10 * sum(rows.get(ticks, 0) for ticks in range(bottom, top + 1)) < 7 * total:
        up = sum(rows.get(ticks, 0) for ticks in (top + 1, top + 2))
        down = sum(rows.get(ticks, 0) for ticks in (bottom - 1, bottom - 2))
        grow_up = top < high and (bottom == low or up >= down)
        grow_down = bottom > low and (top == high or down >= up)
        if grow_up:
            top = min(high, top + 2)
        if grow_down:
            bottom = max(low, bottom - 2)
    return {
        "lowTicks": low, "volumes": [rows.get(ticks, 0) for ticks in range(low, high + 1)], "total": total,
        "pocTicks": poc, "valueAreaHighTicks": top, "valueAreaLowTicks": bottom,
    }


def first_at(trades, ticks):
    return min(at for at, price, _, _ in trades if price == ticks)


def price_range(session_trades, start, end):
    own = [trade for trade in session_trades if start * NANOS <= trade[0] < end * NANOS]
    if not own:
        return None
    high, low = max(trade[1] for trade in own), min(trade[1] for trade in own)
    over = any(trade[0] >= end * NANOS for trade in session_trades)
    return {
        "highTicks": high, "highAt": str(first_at(own, high)), "lowTicks": low, "lowAt": str(first_at(own, low)),
        "state": "complete" if over else "forming",
    }


def opening_range(trades, session, minutes):
    end = session.rth_open + minutes * 60
    own = price_range(trades, session.rth_open, end)
    if own is None:
        return None
    after = price_range(trades, end, session.rth_close)
    above = max(0, after["highTicks"] - own["highTicks"]) if after else 0
    below = max(0, own["lowTicks"] - after["lowTicks"]) if after else 0
    broken = ("both" if below else "up") if above else ("down" if below else "none")
    return {**own, "broken": broken, "aboveTicks": above, "belowTicks": below}


def hours(trades, session):
    """Contracts by Eastern hour, bought, sold, trades, and those in regular hours."""
    found = {}
    for at, _, size, side in trades:
        sec = at // NANOS
        hour = (18 + (sec - session.open) // HOUR) % 24
        row = found.setdefault(str(hour), [0, 0, 0, 0, 0])
        row[0] += size
        row[1] += size if side == "B" else 0
        row[2] += size if side == "A" else 0
        row[3] += 1
        row[4] += size if session.rth_open <= sec < session.rth_close else 0
    return found


def large_trades(trades):
    """Runs of equal time and side of ten contracts or more: how many, by side, and the ten largest."""
    runs = []
    for trade in trades:
        if runs and runs[-1][0][0] == trade[0] and runs[-1][0][3] == trade[3]:
            runs[-1].append(trade)
        else:
            runs.append([trade])
    events = [
        {
            "at": str(run[0][0]), "side": sign(run[0][3]), "size": sum(trade[2] for trade in run), "fills": len(run),
            "levels": len({trade[1] for trade in run}), "firstTicks": run[0][1], "lastTicks": run[-1][1],
            "ticksTimesSize": sum(trade[1] * trade[2] for trade in run),
        }
        for run in runs
    ]
    large = [event for event in events if event["size"] >= LARGE]
    of = {side: [event["size"] for event in large if event["side"] == side] for side in (1, -1)}
    return {
        "events": len(large), "buyEvents": len(of[1]), "buyVolume": sum(of[1]), "sellEvents": len(of[-1]),
        "sellVolume": sum(of[-1]), "largest": sorted(large, key=lambda event: -event["size"])[:10],
    }


# --- price discovery -------------------------------------------------------------------------------------------------

def spread(trades):
    return max(trade[1] for trade in trades) - min(trade[1] for trade in trades)


def movement(rth, session, newest):
    """The words for the last ten minutes, decided every five seconds."""
    now = newest - (newest - session.rth_open) % 5
    known = [trade for trade in rth if trade[0] < now * NANOS]
    window = [trade for trade in known if trade[0] >= (now - 600) * NANOS]
    starts = range(session.rth_open, now - 599, 600)
    slots = [[trade for trade in known if start * NANOS <= trade[0] < (start + 600) * NANOS] for start in starts]
    ranges = sorted(spread(slot) for slot in slots if slot)
    if now - session.rth_open < 600 or not window or len(ranges) < 3:
        return None
    usual = Fraction(ranges[(len(ranges) - 1) // 2] + ranges[len(ranges) // 2], 2)
    width, way = spread(window), window[-1][1] - window[0][1]
    if width < Fraction(6, 10) * usual or (abs(way) < Fraction(width, 4) and width < usual):
        return "consolidating"
    if abs(way) > Fraction(6, 10) * width and width >= Fraction(8, 10) * usual:
        return "trending up" if way > 0 else "trending down"
    high, low = max(trade[1] for trade in known), min(trade[1] for trade in known)
    age = {ticks: now - (first_at(known, ticks) // NANOS // 5 * 5) for ticks in (high, low)}
    if age[high] <= 60:
        return "new high"
    if age[low] <= 60:
        return "new low"
    last = window[-1][1]
    if (age[high] <= 900 and high - last > usual / 2) or (age[low] <= 900 and last - low > usual / 2):
        return "pulling back"
    return "rotating"


def discovery(trades, rth, session):
    early = [trade for trade in trades if session.pre_market * NANOS <= trade[0] < session.rth_open * NANOS]
    newest = max(trade[0] for trade in trades) // NANOS
    return {
        "preMarket": [early[0][1], early[-1][1]] if early else None,
        "rthOpen": [rth[0][1], str(rth[0][0])] if rth else None,
        "morning": price_range(trades, session.rth_open, session.midday),
        "movement": movement(rth, session, newest) if session.rth_open <= newest < session.rth_close else None,
    }


# --- all of it -------------------------------------------------------------------------------------------------------

def figures(data):
    everything = trades_of(data)
    counts = defaultdict(int)
    for instrument, *_ in everything:
        counts[instrument] += 1
    instrument = max(counts, key=lambda one: counts[one])
    trades = [trade[1:] for trade in everything if trade[0] == instrument]
    session = Session(trades[0][0] // NANOS)
    rth = [trade for trade in trades if session.rth_open * NANOS <= trade[0] < session.rth_close * NANOS]
    whole = price_range(trades, session.open, session.open + 24 * HOUR)
    return {
        "instrumentId": instrument, "tradeDate": session.date.isoformat(), "trades": len(trades),
        "openTicks": trades[0][1], "highTicks": whole["highTicks"], "lowTicks": whole["lowTicks"], "closeTicks": trades[-1][1],
        "vwap": {"session": vwap(trades), "rth": vwap(rth) if rth else None},
        "delta": {"session": delta(trades), "rth": delta(rth) if rth else None},
        "profile": {"session": profile(trades), "rth": profile(rth) if rth else None},
        "hours": hours(trades, session),
        "large": large_trades(trades),
        "ranges": {
            "overnight": price_range(trades, session.open, session.rth_open),
            "asia": price_range(trades, session.open, session.london),
            "london": price_range(trades, session.london, session.rth_open),
            "rth": price_range(trades, session.rth_open, session.rth_close),
            "openingRange5": opening_range(trades, session, 5),
            "openingRange15": opening_range(trades, session, 15),
            "openingRange30": opening_range(trades, session, 30),
            "initialBalance": opening_range(trades, session, 60),
        },
        "discovery": discovery(trades, rth, session),
    }


if __name__ == "__main__":
    json.dump(figures(sys.stdin.buffer.read()), sys.stdout)
