"""What did a test find?  Prints TAP, counts, and says at the end what
"make test" counts: N passed, M failed."""

import sys
import traceback

passed = 0
failed = 0

# Differences are cut to this many characters: whole tables are compared.
MAX_SHOWN = 1500


def note(text):
    for line in str(text).splitlines():
        print("#", line)


def ok(good, name, detail=None):
    """One assertion; `detail` is shown if it fails.  Returns `good`."""
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
    print("%s %d - %s" % ("ok" if good else "not ok", passed + failed, name))
    if not good and detail is not None:
        note(str(detail)[-MAX_SHOWN:])
    sys.stdout.flush()
    return bool(good)


def equal(got, wanted, name):
    return ok(got == wanted, name, _difference(got, wanted))


def matches(text, pattern, name):
    return ok(pattern.search(text), name,
              "no match for %s in:\n%s" % (pattern.pattern, text))


def part(test, *arguments):
    """Runs one function of a test; what it raises is one failure, and the
    next part runs all the same."""
    note("%s.%s" % (test.__module__, test.__name__))
    try:
        test(*arguments)
    except Exception:
        ok(False, "%s came to its end" % test.__name__,
           traceback.format_exc())


def _difference(got, wanted):
    """Where two lists are long, only what they do not share."""
    if isinstance(got, list) and isinstance(wanted, list) and got != wanted:
        extra = [row for row in got if row not in wanted]
        missing = [row for row in wanted if row not in got]
        return "got %d, wanted %d\nextra: %r\nmissing: %r" % (
            len(got), len(wanted), extra[:3], missing[:3])
    return "   got: %r\nwanted: %r" % (got, wanted)


def finish():
    """The plan and the totals; the exit status of the program."""
    print("1..%d" % (passed + failed))
    print("%d passed, %d failed" % (passed, failed))
    return 0 if passed > 0 and failed == 0 else 1
