"""A pseudo-terminal that tests hold in their hands: any size, any bytes in, read as fast or as slowly as wanted.

    hold_terminal.py COLUMNS ROWS PROGRAM ARGUMENTS...

Standard output has what the program writes, as bytes. Standard input takes a command a line, as JSON: {"write": base64},
{"size": [columns, rows]}, {"rate": bytes a second, null for all there is}, {"modes": true}. Standard error answers, a line
each: {"pid"}, {"modes"}, {"exit"}.
"""
import base64
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

SLICE_S = 0.05


def say(answer):
    sys.stderr.write(json.dumps(answer) + "\n")
    sys.stderr.flush()


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def modes(fd):
    local = termios.tcgetattr(fd)[3]
    return {"lines": bool(local & termios.ICANON), "echo": bool(local & termios.ECHO)}


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


def main():
    columns, rows, argv = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    pid, master = pty.fork()
    if pid == 0:
        resize(0, columns, rows)
        os.execvp(argv[0], argv)
    say({"pid": pid})
    rate, commands, is_open = None, b"", True
    next_read = 0.0
    while is_open:
        now = time.monotonic()
        may_read = rate is None or now >= next_read
        ready, _, _ = select.select([0] + ([master] if may_read else []), [], [], None if may_read else next_read - now)
        if 0 in ready:
            part = os.read(0, 65536)
            if not part:
                os.kill(pid, signal.SIGKILL)
                break
            *lines, commands = (commands + part).split(b"\n")
            for line in lines:
                command = json.loads(line)
                if "write" in command:
                    write_all(master, base64.b64decode(command["write"]))
                elif "size" in command:
                    resize(master, *command["size"])
                elif "rate" in command:
                    rate = command["rate"]
                elif "modes" in command:
                    say({"modes": modes(master)})
        if master in ready:
            try:
                data = os.read(master, 65536 if rate is None else max(1, int(rate * SLICE_S)))
            except OSError:
                data = b""
            if data:
                write_all(1, data)
                if rate is not None:
                    next_read = time.monotonic() + len(data) / rate
            else:
                is_open = False
    say({"exit": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


main()
