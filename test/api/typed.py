"""Rows whose members are written in every form that a column can read, and
some that only look as if: the description knows none of them.

Thing n is of the moment 2023-01-15T08:30:12Z plus n days and 37n minutes;
everything about it follows from n.  `late=` names the thing whose late_*
members break what all others have in common.
"""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import jsontext
from faults import fault

START = datetime(2023, 1, 15, 8, 30, 12, tzinfo=timezone.utc)


def moment(n):
    return START + timedelta(days=n, minutes=37 * n)


def seconds(n):
    return int(moment(n).timestamp())


def other_zone(n):
    """The same moment as clocks show it elsewhere."""
    return moment(n).astimezone(timezone(timedelta(hours=5, minutes=45)))


def uuid_of(n):
    return "5f1c0b2d-77aa-4e4e-91e4-%012x" % (0xc3d8aabbcc00 + n)


def members(n, odd):
    """Members of thing n; odd: it is the one that differs."""
    at = moment(n)
    local = at.strftime("%Y-%m-%dT%H:%M:%S")
    return {
        # moments
        "iso_at": local + "Z",
        "iso_far": other_zone(n).isoformat(),
        "local_at": local,
        "mail": format_datetime(other_zone(n)),
        "http": at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "old_http": at.strftime("%A, %d-%b-%y %H:%M:%S GMT"),
        "asctime": at.strftime("%a %b ") + "%2d" % at.day
                   + at.strftime(" %H:%M:%S %Y"),
        "net": "/Date(%d)/" % (seconds(n) * 1000),
        "net_zone": jsontext.Raw('"\\/Date(%d+0545)\\/"' % (seconds(n) * 1000)),
        "created": seconds(n),
        "updated_at": seconds(n) * 1000,
        "seen_ts": seconds(n) * 1000000,
        "expires": jsontext.Raw("%d.%03d" % (seconds(n), n)),
        "gap_at": "" if n % 3 == 0 else local + "Z",
        "mixed_at": local + ("Z" if n % 2 else ""),
        "late_at": "never" if odd else local + "Z",
        # days and times
        "day": at.strftime("%Y-%m-%d"),
        "day_dmy": at.strftime("%d.%m.%Y"),
        "day_mdy": at.strftime("%m/%d/%Y"),
        "day_unclear": "%02d/%02d/2024" % (1 + n % 12, 1 + n % 7),
        "opens": at.strftime("%H:%M"),
        "takes": "PT%dH%dM" % (n % 50, n % 60),
        # numbers
        "price": "%d.%02d" % (n, n % 100),
        "lat": "%d.%06d" % (n % 90, n),
        "zip": "%05d" % n,
        "phone": "%010d" % (2000000000 + n),
        "version": "1.%d" % (n % 20),
        "hex_id": "%de%d" % (n % 9 + 1, n % 90),
        "order_id": 1700000000 + n,
        "past_2_53": 9007199254740992 + n,
        "late_big": jsontext.Raw("9223372036854775808") if odd else n,
        "late_negative": jsontext.Raw("-9223372036854775809") if odd else n,
        "late_huge": jsontext.Raw("1e400") if odd else n,
        "late_null": None if odd else n,
        "late_zero": "007" if odd else "%d.5" % n,
        # the rest
        "ref": uuid_of(n),
        "upper_ref": uuid_of(n).upper(),
        "late_ref": "none" if odd else uuid_of(n),
        "ip": "10.0.%d.%d" % (n // 250, n % 250),
        "net_of": "10.%d.%d.0/24" % (n // 250, n % 250),
        "flag": "true" if n % 2 else "false",
        "yes": "yes" if n % 2 else "no",
        "payload": jsontext.dump({"n": n, "exact": jsontext.Raw("1.10")}),
        "owner": {"id": n} if n % 2 else n,
        "tags": [] if n % 4 == 0 else ["t%d" % n, None],
        "parts": [[n], [n, n + 1]],
    }


def _row(text, n, odd):
    return text[:-1] + b"," + jsontext.encode(members(n, odd))[1:]


@fault("typed", "page", "rows have members in every form that can be read",
       late=299, rows=300, size=300)
def typed(scene, page):
    page.rows = [_row(text, page.start + place + 1,
                      page.start + place + 1 == scene["late"])
                 for place, text in enumerate(page.rows)]
