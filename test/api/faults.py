"""Which scenarios are there, and at which stage of an answer do they act?

A fault is a name, a line about itself, and a set of functions, each for one
stage:

    query     (scene, window)           which part is asked for
    filter    (scene, rows, tests)      which rows there are
    page      (scene, page)             what the page holds and says
    item      (scene, number)           what the item path answers, or None
    part      (scene, number)           what things/{id}/lines answers
    body      (scene, bytes) -> bytes   the text of the answer
    reply     (scene, reply)            status, headers, delivery; or another
    document  (scene, document)         the description

`document` is called whenever the description is asked for; the others where
and when the scenario's parameters on, at and fail say (scenarios.py).
The functions live in faults_page.py, faults_body.py, faults_wire.py and others.
"""

STAGES = ("query", "filter", "page", "item", "part", "body", "reply", "document")


class Fault:
    """A scenario's name, what it says about itself, and its functions.
    `on` is what it is in unless the path says otherwise; `defaults` are its
    own parameters and what it changes in the common ones."""

    def __init__(self, name, summary, on, defaults):
        self.name = name
        self.summary = summary
        self.on = on
        self.defaults = defaults
        self.stages = {}
        self.steady = False     # at and fail are not for it


# The first is the collection without any fault.
FAULTS = {"plain": Fault("plain", "nothing goes wrong", "list", {})}


def fault(name, stage, summary=None, on="list", **defaults):
    """Decorator: register a function for one stage of the named scenario.
    Summary, place and defaults are given with the first of its stages."""
    assert stage in STAGES
    if summary is not None:
        assert name not in FAULTS
        FAULTS[name] = Fault(name, summary, on, defaults)

    def register(function):
        FAULTS[name].stages[stage] = function
        return function
    return register
