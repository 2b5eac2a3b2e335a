"""What do the checks need to know of C?

PostgreSQL's layout makes it little: a function's body begins with "{" and
ends with "}" in the first column, its name begins a line.
"""
import glob
import re
from dataclasses import dataclass


def files(*patterns):
    return sorted(path for pattern in patterns for path in glob.glob(pattern))


def blank(text):
    """The text without comments, strings and character constants; every line
    and column stays where it is."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
                       r"|'(?:\\.|[^'\\\n])+'", re.S)

    def spaces(match):
        found = match.group()
        inside = re.sub(r"[^\n]", " ", found)
        if found[0] in "\"'":
            return found[0] + inside[1:-1] + found[0]
        return inside

    return token.sub(spaces, text)


def balanced(text, start):
    """The text from the parenthesis at start to the one that closes it."""
    depth = 0
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[start:end + 1]
    return text[start:]


@dataclass
class Function:
    path: str
    name: str
    line: int
    length: int         # lines of the body, braces not counted
    parameters: int
    comment: str        # what stands right above it


def count_parameters(inside):
    inside = inside[1:-1].strip()
    if inside in ("", "void"):
        return 0
    depth = commas = 0
    for char in inside:
        depth += {"(": 1, ")": -1}.get(char, 0)
        commas += char == "," and depth == 0
    return commas + 1


HEAD = re.compile(r"^(\w+)(?=\()", re.M)


def functions(path):
    """The functions that a file defines."""
    with open(path) as source:
        text = source.read()
    code = blank(text)
    for opening in re.finditer(r"^\{$", code, re.M):
        closing = re.compile(r"^\}", re.M).search(code, opening.end())
        before = code[:opening.start()]
        heads = list(HEAD.finditer(before))
        if closing is None or not heads:
            continue
        head = heads[-1]
        arguments = balanced(code, head.end())
        if before[head.end() + len(arguments):].strip():
            continue            # a struct, an array: not a function's body
        above = text[:head.start()]
        comment = re.search(r"/\*(?:(?!\*/).)*\*/\s*\n[^\n;{}]*\n?\Z", above, re.S)
        yield Function(path, head.group(1), text.count("\n", 0, head.start()) + 1,
                       code.count("\n", opening.end(), closing.start()) - 1,
                       count_parameters(arguments),
                       comment.group() if comment else "")
