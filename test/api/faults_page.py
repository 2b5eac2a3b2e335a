"""Faults of paging, of totals, of filters and of item paths: every answer is
well-formed JSON with status 200, and yet a reader who believes it ends up
with too few rows, too many, or the wrong ones."""

import jsontext
import things
from faults import fault
from http1 import Reply
from pagination import NUMERIC_TOKEN_BASE, UNSET, make_token
from things import exact


# The way to the next page

def _go_to(scene, page, start):
    """Let the page's next link or token lead to that position."""
    page.token = make_token(start)
    page.href = _href(scene, page, start)


def _href(scene, page, start, path=None):
    """A next link to that position, as scene's style writes it; None for
    styles that have no such link."""
    path = scene.request.origin + scene.root + "/things" if path is None \
        else path
    if scene.style.name == "link":
        return "%s?page=%d&per_page=%d" % (path, start // page.size + 1,
                                           page.size)
    if scene.style.name == "next_url":
        return "%s?after=%s&page_size=%d" % (path, make_token(start),
                                             page.size)
    if scene.style.name == "odata":
        return "%s?%%24skiptoken=%s&%%24top=%d" % (path, make_token(start),
                                                   page.size)
    return UNSET


@fault("next_self", "page", "the next link or token leads to the page itself")
def next_self(scene, page):
    _go_to(scene, page, page.start)


@fault("next_first", "page", "the next link or token leads to page 1", at=3)
def next_first(scene, page):
    _go_to(scene, page, 0)


@fault("next_other", "page",
       "the next link leads to another origin, which has the page", to="other")
def next_other(scene, page):
    if page.following is not None:
        page.href = _href(scene, page, page.following,
                          scene.origin(scene["to"]) + scene.root + "/things")


@fault("next_relative", "page",
       "the next link is relative: path, query, file, scheme", form="path")
def next_relative(scene, page):
    if page.following is None:
        return
    path = {"path": scene.root + "/things", "query": "", "file": "things",
            "scheme": "//" + scene.request.headers.get("host", "")
                      + scene.root + "/things"}[scene["form"]]
    page.href = _href(scene, page, page.following, path)


@fault("next_bad", "page", "the next link is not a URL", value="http://[::bad")
def next_bad(scene, page):
    page.href = page.token = scene["value"]


@fault("more_without_token", "page",
       "has_more is true, but there is no token (cursor style)")
def more_without_token(scene, page):
    page.token, page.has_more = None, True


@fault("token_without_more", "page",
       "has_more is false, but there is a token (cursor style)")
def token_without_more(scene, page):
    page.has_more = False


@fault("end", "page",
       "how the last page says so: null, empty, absent, false", form="empty")
def end(scene, page):
    if page.following is not None:
        return
    value = {"null": None, "empty": "", "false": False,
             "absent": UNSET}[scene["form"]]
    if scene["form"] == "absent":
        page.drop = ("next", "next_cursor")
    else:
        page.href = page.token = value
        page.has_more = False


@fault("number_token", "page",
       "the token is a number (cursor style); at 2^53+1 and up")
def number_token(scene, page):
    if page.following is not None:
        page.token = NUMERIC_TOKEN_BASE + page.following


@fault("token_alone", "page",
       "nothing but a token says that there is more (cursor style); "
       "number=1: it is a number", number=0)
def token_alone(scene, page):
    page.drop = ("has_more",)
    if scene["number"]:
        number_token(scene, page)


@fault("trailing_token", "page",
       "the last page leads to one more, which is empty")
def trailing_token(scene, page):
    if page.following is None and page.rows:
        page.following = page.start + len(page.rows)


# Pages that are not what was asked for

@fault("ignore_paging", "query", "every page is page 1")
def ignore_paging(scene, window):
    window.start = 0


@fault("repeat_page", "page", "that page has the rows of the one before",
       at=2)
def repeat_page(scene, page):
    page.rows = scene.texts(max(0, page.start - page.size), page.size)


@fault("repeat_last", "page", "past the end the last page comes again")
def repeat_last(scene, page):
    if page.start >= page.total:
        last = max(0, page.total - 1) // page.size * page.size
        page.rows = scene.texts(last, page.size)


@fault("past_end", "reply", "past the end: that status, not an empty page",
       status=404)
def past_end(scene, reply):
    if scene.window.start >= len(scene.rows):
        return Reply(scene["status"], jsontext.encode({"error": {
            "code": "out_of_range", "message": "no such page"}}))
    return None


@fault("short_pages", "page",
       "even pages have half the rows though more follow; lost=1: the others"
       " do not exist for the caller, as if filtered after paging (always so"
       " where pages have numbers)", lost=0)
def short_pages(scene, page):
    lost = scene["lost"] or scene.style.name in ("page", "link")
    half = (page.size + 1) // 2
    if lost and scene.style.name != "offset":
        page.total = sum(1 for position in range(page.total)
                         if not _is_cut(position, page.size, half))
    if page.number % 2 == 0:
        page.rows = page.rows[:half]
        if not lost:
            end = page.start + len(page.rows)
            page.following = end if end < page.total else None


def _is_cut(position, size, half):
    """Whether the row at that position is in the second half of an even
    page."""
    return position // size % 2 == 1 and position % size >= half


@fault("empty_page", "page",
       "that page is empty though more follow; its rows do not exist for the"
       " caller, and offset totals count them nevertheless", hole=2)
def empty_page(scene, page):
    first = (scene["hole"] - 1) * page.size
    lost = max(0, min(page.size, page.total - first))
    if page.start == first:
        page.rows = []
    if scene.style.name != "offset":
        page.total -= lost


@fault("clamp", "query",
       "the description allows pages of max_size, the server grants `max`"
       " and echoes (echo: granted, asked, none) one or the other or, in"
       " offset style, neither",
       max=5, max_size=500, echo="granted")
def clamp(scene, window):
    window.size = min(window.asked, scene["max"])
    window.start = scene.style.start(scene.style.parameters(scene.request),
                                     window.size)


@fault("clamp", "page")
def clamp_echo(scene, page):
    if scene["echo"] == "asked":
        page.echo = scene.window.asked
    elif scene["echo"] == "none":
        page.drop = ("limit",)


# Totals

def _claim(page, total):
    page.total = max(0, total)
    page.pages = -(-page.total // page.size)
    page.show_total = True


@fault("total", "page", "the total is told, and right, in every style")
def total(scene, page):
    _claim(page, page.total)


@fault("total_high", "page", "the total is too high", by=7)
def total_high(scene, page):
    _claim(page, page.total + scene["by"])


@fault("total_low", "page", "the total is too low", by=7)
def total_low(scene, page):
    _claim(page, page.total - scene["by"])


@fault("total_moving", "page",
       "the total grows from page to page, the rows do not", by=1)
def total_moving(scene, page):
    _claim(page, page.total + scene["by"] * (page.number - 1))


@fault("total_first", "page", "only page 1 tells a total")
def total_first(scene, page):
    page.show_total = page.number == 1
    if page.number > 1:
        page.drop = ("total", "count")


@fault("shrinking", "filter",
       "from that page on, the first rows are gone: reading by position"
       " misses as many", since=2, by=1)
def shrinking(scene, rows, tests):
    gone = scene["by"] if scene.window.number >= scene["since"] else 0
    return exact(rows[gone:], tests)


@fault("growing", "filter",
       "from that page on, new rows stand before the others: reading by"
       " position repeats as many", since=2, by=1)
def growing(scene, rows, tests):
    if scene.window.number >= scene["since"]:
        rows = [scene.thing(scene["rows"] + 1 + extra)
                for extra in range(scene["by"])] + rows
    return exact(rows, tests)


# Filters

@fault("filters", "filter", "filters do what they say", filters=1)
def filters_work(scene, rows, tests):
    return exact(rows, tests)


@fault("ignore_filters", "filter", "filters are accepted and ignored",
       filters=1)
def ignore_filters(scene, rows, tests):
    return rows


@fault("filter_withholds", "filter",
       "a filter withholds every second row that matches", filters=1)
def filter_withholds(scene, rows, tests):
    return exact(rows, tests)[::2] if tests else rows


@fault("filter_caseless", "filter",
       "a filter by kind ignores case, and so finds too much", filters=1)
def filter_caseless(scene, rows, tests):
    def same(row, field, value):
        if field == "kind":
            return row[field].lower() == value.lower()
        return row[field] == value
    return [row for row in rows
            if all(same(row, field, value) for field, value in tests)]


@fault("filter_other", "filter",
       "a filter answers with the rows that do not match", filters=1)
def filter_other(scene, rows, tests):
    if not tests:
        return rows
    return [row for row in rows if row not in exact(rows, tests)]


@fault("filter_empty", "filter", "any filter finds nothing", filters=1)
def filter_empty(scene, rows, tests):
    return [] if tests else rows


@fault("filter_refused", "reply",
       "a request with a filter (of that value, if one is given) is answered 400",
       filters=1, status=400, value="")
def filter_refused(scene, reply):
    tests = things.filter_tests(scene.request.query, True, False)
    if any(scene["value"] in ("", value) for _, value in tests):
        return Reply(scene["status"], jsontext.encode({"error": {
            "code": "bad_filter", "message": "this filter is not allowed"}}))
    return None


@fault("hiding_default", "filter",
       "parameter state (open, closed, all) has a default that hides rows",
       state=1)
def hiding_default(scene, rows, tests):
    return exact(rows, tests)


# Item paths

def _row_reply(row):
    return Reply(200, jsontext.encode(row))


@fault("item_other", "item", "the item path answers with another row",
       on="item", by=1)
def item_other(scene, number):
    return _row_reply(scene.thing(number % scene["rows"] + scene["by"]))


@fault("item_fuller", "item", "the item has fields that the list lacks",
       on="item")
def item_fuller(scene, number):
    if not 1 <= number <= scene["rows"]:
        return None
    return _row_reply(dict(scene.thing(number), detail="detail %d" % number,
                           history=[{"rev": 1}, {"rev": 2}]))


@fault("item_differs", "item", "the item shows another name than the list",
       on="item")
def item_differs(scene, number):
    if not 1 <= number <= scene["rows"]:
        return None
    return _row_reply(dict(scene.thing(number), name="THING %d" % number))


@fault("item_archived", "item",
       "the item path also has rows that the list lacks, with ids after the"
       " last", on="item", more=10)
def item_archived(scene, number):
    if not 1 <= number <= scene["rows"] + scene["more"]:
        return None
    return _row_reply(scene.thing(number))


@fault("item_null", "item", "an unknown item is 200 with null, not 404",
       on="item")
def item_null(scene, number):
    if 1 <= number <= scene["rows"]:
        return None
    return Reply(200, b"null")


@fault("item_empty", "item", "every item is {}", on="item")
def item_empty(scene, number):
    return Reply(200, b"{}")


@fault("item_wrapped", "item", "the item is inside {\"thing\": ...}",
       on="item", member="thing")
def item_wrapped(scene, number):
    if not 1 <= number <= scene["rows"]:
        return None
    return _row_reply({scene["member"]: scene.thing(number)})


@fault("item_array", "item", "the item is the only member of an array",
       on="item")
def item_array(scene, number):
    if not 1 <= number <= scene["rows"]:
        return None
    return _row_reply([scene.thing(number)])


@fault("item_missing", "item", "the item path is documented but answers 404",
       on="item", status=404)
def item_missing(scene, number):
    return Reply(scene["status"], b'{"error":{"code":"not_found"}}')
