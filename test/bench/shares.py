"""Where does a foreign scan's processor time go?

Samples the backend with perf while it scans, and gives each sample to the
innermost function of its stack that a rule below knows.  Skipped with a word
where perf is missing or not allowed; an ordinary user often sees no kernel.

    shares.py [page size...]
"""

import collections
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from common import TEN, connect, count, make_bench, title

ROWS = 64_000
SECONDS = 3
HERTZ = 4000
PAGE_SIZES = (1000, 100)

# The first rule that a frame matches, from the innermost frame outwards.
RULES = [(re.compile(pattern), share) for pattern, share in (
    (r"^fast_int8$|^slow_integer$", "convert bigint"),
    (r"^fast_numeric$", "convert numeric"),
    (r"^fast_timestamptz$", "convert timestamptz"),
    (r"^fast_bool$", "convert boolean"),
    (r"^fast_text$", "convert text"),
    (r"^slow_|^call_input$", "convert by input functions"),
    (r"^ac_rowscan_begin$|^read_row$|^match_", "validate and find fields"),
    (r"^ac_rowscan_hash$|^ac_rowhash_|^hash_read$|^update_avx512$",
     "hash of the page"),
    (r"^ac_rowscan_next$", "hand out fields"),
    (r"^ac_pagefacts|^ac_pager|^tell_pager$", "pager"),
    (r"^on_body$|^ac_buf_", "copy of the body"),
    (r"^__libc_recv$|^recv$|tcp_recvmsg|sock_recvmsg", "receive (kernel)"),
    (r"^__send$|^__libc_send$|tcp_sendmsg|sock_sendmsg", "send (kernel)"),
    (r"epoll_wait|^__poll$|^WaitLatch|^WaitEventSet|timerfd", "wait"),
    (r"^ac_judge", "judge the answer"),
    (r"^ac_engine|^pump_round$|^ac_transfer|^ac_send|^ac_fetch",
     "libcurl and requests"),
    (r"^ask_ahead$|^send$|^finish$|^drop_page$|^ac_reader",
     "libcurl and requests"),
    (r"^ac_scan_next$|^fill_slot$|^autoconnIterate", "make the tuple"),
)]
LIBRARIES = (("libcurl", "libcurl and requests"), ("postgres", "executor"))


def share_of(stack):
    """Whose a sample is; stack is (symbol, object) from the inside out."""
    for symbol, _ in stack:
        for pattern, share in RULES:
            if pattern.search(symbol):
                return share
    for name, share in LIBRARIES:
        if any(name in library for _, library in stack):
            return share
    return "other"


def stacks(text):
    """Samples of "perf script -F ip,sym,dso"."""
    stack = []
    for text_line in text.splitlines():
        if not text_line.strip():
            if stack:
                yield stack
            stack = []
            continue
        found = re.match(r"\s*[0-9a-f]+ (.*) \(([^()]*|\[.*\])\)$", text_line)
        if found:
            stack.append((re.sub(r"\+0x[0-9a-f]+$", "", found[1]), found[2]))
    if stack:
        yield stack


def sample(conn, query, event, output):
    """Scan for some seconds under perf; number of scans, None if refused."""
    perf = subprocess.Popen(
        ["perf", "record", "-q", "-g", "-F", str(HERTZ), "-e", event, "-p",
         str(conn.pid), "-o", output], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    if perf.poll() is not None:
        return None
    scans, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        conn.query(query)
        scans += 1
    perf.send_signal(signal.SIGINT)
    perf.wait()
    return scans


def profile(conn, columns, name, size, directory):
    make_bench(conn, "bench", ROWS, size, "page")
    query = "SELECT %s FROM bench" % count(columns)
    conn.query(query)
    output = os.path.join(directory, "perf.data")
    for event in ("cpu-clock", "cpu-clock:u"):
        if sample(conn, query, event, output) is not None:
            break
    else:
        print("Profile: skipped, perf is not allowed")
        return
    script = subprocess.run(["perf", "script", "-i", output, "-F",
                             "ip,sym,dso"], capture_output=True, text=True)
    shares = collections.Counter(map(share_of, stacks(script.stdout)))
    total = sum(shares.values())
    has_kernel = "[kernel" in script.stdout
    title("Profile: %s, prose rows in pages of %d, %d samples%s" % (
        name, size, total, "" if has_kernel else " (without the kernel)"))
    for share, n in shares.most_common():
        print("  %-28s %5.1f %%" % (share, 100 * n / total))


def main():
    sizes = [int(text) for text in sys.argv[1:]] or PAGE_SIZES
    try:
        subprocess.run(["perf", "version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        print("\nProfile: skipped, perf is not installed")
        return
    conn = connect()
    with tempfile.TemporaryDirectory() as directory:
        for size in sizes:
            profile(conn, TEN, "ten columns", size, directory)
            profile(conn, TEN[:1], "one bigint column", size, directory)


if __name__ == "__main__":
    main()
