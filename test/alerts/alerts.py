"""What alert rules would have told in a recording, computed trade by trade from the bytes of a DBN stream on standard
input; the rules are the JSON file named as the argument. Prints [rule, nanoseconds, ticks, [later ...]] for each.

Written from the descriptions of the rules in the README alone; shares nothing with the program. Prices are in ticks of 0.25.
"""

import json
import os
import sys
from collections import defaultdict
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "studies"))
from figures import NANOS, Session, profile, sign, trades_of  # noqa: E402

MINUTE = 60 * NANOS


def crossings(trades, ticks, up, down):
    for index in range(1, len(trades)):
        before, now = trades[index - 1][1], trades[index][1]
        if (up and before < ticks <= now) or (down and before > ticks >= now):
            yield index


def touches(trades, level_before):
    """`level_before(index)`: the level made of the trades before that one, asked once a second."""
    second = level = None
    side = 0
    for index, (at, ticks, _, _) in enumerate(trades):
        if at // NANOS != second:
            second = at // NANOS
            moved = level_before(index)
            if moved is not None and (level is None or abs(moved - level) >= 1):
                last = trades[index - 1][1]
                side = (last > moved) - (last < moved)
            level = moved
        if level is None:
            continue
        now = (ticks > level) - (ticks < level)
        if side * now < 0 or (side != 0 and now == 0):
            yield index
        side = now


def averages(trades):
    totals = [(0, 0)]
    for _, ticks, size, _ in trades:
        totals.append((totals[-1][0] + ticks * size, totals[-1][1] + size))
    return lambda index: None if index == 0 else Fraction(*totals[index])


def most_volume(trades):
    return lambda index: None if index == 0 else profile(trades[:index])["pocTicks"]


def large(trades, least, side):
    total = 0
    for index, (at, _, size, by) in enumerate(trades):
        goes_on = index > 0 and trades[index - 1][0] == at and sign(trades[index - 1][3]) == sign(by)
        before = total if goes_on else 0
        total = before + size
        if before < least <= total and (side is None or side == sign(by)):
            yield index


def spikes(trades, rule, start):
    """Windows of whole seconds; a late trade counts to the second in which it came."""
    window = rule.get("window_s", 60)
    count = rule.get("average_min", 30) * 60 // window
    of_volume = rule["when"] == "volume-spike"
    way = {"buy": 1, "sell": -1}.get(rule.get("side", "any"))
    seconds = defaultdict(int)
    first = trades[0][0] // NANOS - start
    newest = first
    over = False
    usual_at = None
    for index, (at, _, size, side) in enumerate(trades):
        newest = max(newest, at // NANOS - start)
        amount = lambda begin, end: sum(seconds[sec] for sec in range(begin, end))  # noqa: E731
        if usual_at != newest:
            usual_at = newest
            ended = newest // window
            whole = [k for k in range(ended - count, ended) if k * window >= first]
            parts = [amount(k * window, (k + 1) * window) for k in whole]
            usual = Fraction(sum(map(abs, parts)), count) if len(whole) == count else None
            if over and not reached(rule, way, amount(newest - window + 1, newest + 1), usual):
                over = False
        seconds[newest] += size if of_volume else size * sign(side)
        is_over = reached(rule, way, amount(newest - window + 1, newest + 1), usual)
        if is_over and not over:
            yield index
        over = is_over


def reached(rule, way, amount, usual):
    least = rule["size"] if "size" in rule else None if not usual else Fraction(str(rule["times"])) * usual
    if least is None:
        return False
    if rule["when"] == "volume-spike":
        return amount >= least
    return (abs(amount) if way is None else amount * way) >= least


def found(trades, rule, session):
    kind = rule["when"]
    if kind.startswith("price-"):
        return crossings(trades, round(rule["price"] * 4), kind != "price-below", kind != "price-above")
    if kind == "level-touch":
        return touches(trades, {"VWAP": averages, "POC": most_volume}[rule["level"]](trades))
    if kind == "large-trade":
        return large(trades, rule["size"], {"buy": 1, "sell": -1}.get(rule.get("side", "any")))
    return spikes(trades, rule, session.open)


def fired(trades, rule, session):
    """Those that session, cooldown and `once` let through."""
    until = None
    for index in found(trades, rule, session):
        at = trades[index][0]
        regular = session.rth_open * NANOS <= at < session.rth_close * NANOS
        if rule.get("session", "any") != "any" and regular != (rule["session"] == "RTH"):
            continue
        if until is not None and at < until:
            continue
        until = at + rule.get("cooldown_s", 60) * NANOS
        yield index
        if rule.get("once"):
            return


def later(trades, at):
    prices = []
    for minutes in (1, 5, 15):
        due = at + minutes * MINUTE
        after = next((index for index, trade in enumerate(trades) if trade[0] > due), None)
        prices.append(None if after is None else trades[after - 1][1])
    return prices


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    everything = trades_of(sys.stdin.buffer.read())
    counts = defaultdict(int)
    for instrument, *_ in everything:
        counts[instrument] += 1
    instrument = max(counts, key=lambda one: counts[one])
    trades = [trade[1:] for trade in everything if trade[0] == instrument]
    session = Session(trades[0][0] // NANOS)
    whales = {"name": f"whales ({settings['whales']['size']}+)", "when": "large-trade", "size": settings["whales"]["size"], "cooldown_s": 0}
    rows = [
        (index, number, rule["name"])
        for number, rule in enumerate([*settings["alerts"], whales])
        for index in fired(trades, rule, session)
    ]
    json.dump([[name, str(trades[at][0]), trades[at][1], later(trades, trades[at][0])] for at, _, name in sorted(rows)], sys.stdout)


main()
