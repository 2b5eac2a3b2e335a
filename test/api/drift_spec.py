"""How is one side of the API under /d/<id> described?

Writes a model (drift_model.py) as an OpenAPI 3.0 document, which depends on
nothing but the model and the addresses given here: the same switches, the
same bytes.
"""

from auth import SCHEMES
from openapi import answer, obj, query, ref, variable
from things import list_operation

EDITED = "Edited: "


def document(model, prefix, other_origin):
    """prefix is /d/<id>; other_origin the base URL of the other listener."""
    paths = {}
    for table in model.tables.values():
        paths.update(_table_paths(model, table, prefix, other_origin))
    found = {
        "openapi": "3.0.3",
        "info": {"title": "Changing shop", "version": "1.0.0",
                 "description": "A shop that changes."},
        "servers": [{"url": prefix + model.base}],
        "paths": paths,
        "components": {"schemas": {_schema_name(table): _schema(table)
                                   for table in model.tables.values()}},
    }
    if model.scheme is not None:
        found["components"]["securitySchemes"] = {
            model.scheme: SCHEMES[model.scheme].description()}
        found["security"] = [{model.scheme: []}]
    return _reordered(found) if model.reordered else found


def _schema_name(table):
    return table.singular.capitalize()


def _schema(table):
    properties = {
        column.name: (dict(column.schema, deprecated=True)
                      if column.deprecated else column.schema)
        for column in table.columns}
    return obj(properties, description="One of the %s." % table.name)


def _table_paths(model, table, prefix, other_origin):
    """The path items of a list and of its items."""
    listing = list_operation(table.name, _schema_name(table), table.style)
    listing["summary"] = "List %s" % table.name
    _fill_defaults(table, listing["parameters"])
    listing["parameters"] += [_parameter(param) for param in table.params]
    variable_name = table.singular + "_id"
    item = {"operationId": "get" + _schema_name(table),
            "tags": [table.name], "summary": "One of the %s" % table.name,
            "parameters": [variable(variable_name, table.key.schema)],
            "responses": {"200": answer(ref(_schema_name(table)))}}
    for operation in (listing, item):
        if table.deprecated:
            operation["deprecated"] = True
        if table.sunset is not None:
            operation["x-sunset"] = table.sunset
    path, servers = _place(model, table, prefix, other_origin)
    return {path: dict(servers, get=listing),
            "%s/{%s}" % (path, variable_name): dict(servers, get=item)}


def _place(model, table, prefix, other_origin):
    """The path as it is described, and where from if not from the base."""
    if table.origin is not None:
        return table.path, {"servers": [{"url": other_origin + prefix}]}
    if table.path.startswith(model.base + "/"):
        return table.path[len(model.base):], {}
    return table.path, {"servers": [{"url": prefix}]}


def _fill_defaults(table, parameters):
    for parameter in parameters:
        parameter.setdefault("description", "Which of the %s." % table.name)


def _parameter(param):
    schema = dict(param.schema)
    if param.default is not None:
        schema["default"] = param.default
    found = query(param.name, schema, "Only those.", param.required)
    if param.deprecated:
        found["deprecated"] = True
    return found


def _reordered(node):
    """The same document in another order and in other words."""
    if isinstance(node, dict):
        return {name: (EDITED + member
                       if name in ("description", "summary")
                       and isinstance(member, str) else _reordered(member))
                for name, member in reversed(node.items())}
    if isinstance(node, list):
        return [_reordered(member) for member in reversed(node)]
    return node
