"""How does the shop describe itself, in OpenAPI 3.0 and in 3.1?

The document is written by hand as a careful team would write it: shared
components, inheritance by allOf, unions with a discriminator, a category that
contains itself, fields that are read-only, write-only, deprecated or nullable,
and operations that change things and so must never be called by a reader.
The 3.1 document is derived from the 3.0 one by the differences between the
two specifications, so that both describe the same data.

shop_api.py serves what this file promises; test_server.py compares them.
"""

import copy
from decimal import Decimal

import shop
from auth import SCHEMES


def ref(name):
    return {"$ref": "#/components/schemas/" + name}


def array(of):
    return {"type": "array", "items": of}


def text(description=None, **more):
    return _typed("string", description, more)


def whole(description=None, format="int64", **more):
    return _typed("integer", description, dict(more, format=format))


def amount(description=None, **more):
    return _typed("number", description,
                  dict(more, multipleOf=Decimal("0.01")))


def flag(description=None, **more):
    return _typed("boolean", description, more)


def _typed(kind, description, more):
    schema = dict({"type": kind}, **more)
    if description:
        schema["description"] = description
    return schema


def moment(description=None, **more):
    return text(description, format="date-time", **more)


def date(description=None, **more):
    return text(description, format="date", **more)


def obj(properties, required=None, description=None):
    schema = {"type": "object", "properties": properties,
              "required": list(properties) if required is None
              else required}
    if description:
        schema["description"] = description
    return schema


# Schemas

def _shared_schemas():
    return {
        "Timestamps": obj({
            "created_at": moment("When the record was created.",
                                 readOnly=True),
            "updated_at": moment("When the record last changed.",
                                 readOnly=True)}),
        "Address": obj({
            "street": text(), "city": text(), "postal_code": text(),
            "country": text("ISO 3166-1 alpha-2 code.", pattern="^[A-Z]{2}$")},
            description="A postal address."),
        "Error": obj({"error": obj({
            "code": text(example="not_found"), "message": text()})}),
        "PageMeta": obj({
            "page": whole(format="int32"), "per_page": whole(format="int32"),
            "total": whole("Number of records that match."),
            "total_pages": whole(format="int32")}),
    }


def _customer():
    own = obj({
        "id": whole("The customer's number.", readOnly=True, example=17),
        "name": text("Full name."),
        "email": text(format="email"),
        "password": text("Set only; never returned.", format="password",
                         writeOnly=True),
        "phone": text("Telephone number, if known.", nullable=True),
        "tier": text("What the customer pays for.", enum=list(shop.TIERS)),
        "active": flag("False once the account was closed."),
        "credit_limit": amount("Credit granted, in EUR."),
        "address": ref("Address")},
        required=["id", "name", "email", "phone", "tier", "active",
                  "credit_limit", "address"])
    return {"allOf": [own, ref("Timestamps")],
            "description": "Somebody who buys."}


def _order_schemas():
    line = obj({
        "line": whole("Position within the order, from 1.", format="int32"),
        "product_id": text("The product that was bought.", format="uuid"),
        "sku": text(), "quantity": whole(format="int32", minimum=1),
        "unit_price": amount(), "amount": amount()},
        description="One line of an order.")
    own = obj({
        "id": whole("The order's identifier.", readOnly=True, example=4711),
        "number": text("What the customer sees.", example="SO-004711"),
        "customer_id": whole("Who ordered."),
        "status": ref("OrderStatus"),
        "currency": text("ISO 4217 code.", minLength=3, maxLength=3),
        "total": amount("Sum of the lines.", minimum=0,
                        exclusiveMinimum=True),
        "gift": flag("Whether to wrap it."),
        "note": text("What the customer wrote.", nullable=True),
        "tags": array(text()),
        "items": array(ref("LineItem")),
        "shipping_address": {"allOf": [ref("Address")],
                             "description": "Where it goes."}})
    return {
        "OrderStatus": text("How far the order has come.",
                            enum=list(shop.ORDER_STATUSES)),
        "LineItem": line,
        "Order": {"allOf": [own, ref("Timestamps")],
                  "description": "An order with its lines."},
        "NewOrder": obj({"customer_id": whole(),
                         "items": array(ref("LineItem"))}),
    }


def _product_schemas():
    category = obj({
        "id": whole(format="int32"), "name": text(),
        "parent": {"allOf": [ref("Category")], "nullable": True},
        "children": array(ref("Category"))},
        required=["id", "name", "parent"],
        description="A category; the tree's root has no parent.")
    product = obj({
        "id": text("The product's identifier.", format="uuid", readOnly=True),
        "sku": text("Stock keeping unit."),
        "name": text(), "price": amount("Price in EUR."),
        "in_stock": flag(), "dimensions": ref("Dimensions"),
        "categories": array(text()), "category": ref("Category"),
        "rating": {"type": "number", "nullable": True, "minimum": 1,
                   "maximum": 5, "description": "Mean of the reviews."},
        "legacy_code": text("Use `sku`.", deprecated=True),
        "available_from": date("First day of sale."),
        "discontinued_on": date(nullable=True)},
        description="Something for sale.")
    dimensions = obj({name: whole(format="int32") for name in
                      ("width_mm", "height_mm", "depth_mm", "weight_g")})
    return {"Category": category, "Dimensions": dimensions,
            "Product": product}


def _union(names, discriminator, prefix):
    return {"oneOf": [ref(name) for name in names.values()],
            "discriminator": {
                "propertyName": discriminator,
                "mapping": {value: prefix + name
                            for value, name in names.items()}}}


def _payment_schemas():
    prefix = "#/components/schemas/"
    return {
        "CardSource": obj({"kind": text(enum=["card"]), "brand": text(),
                           "last4": text()}),
        "TransferSource": obj({"kind": text(enum=["transfer"]),
                               "iban": text(),
                               "reference": text(nullable=True)}),
        "WalletSource": obj({"kind": text(enum=["wallet"]),
                             "wallet_id": text()}),
        "Payment": obj({
            "id": text("The payment's identifier.", readOnly=True),
            "ledger_number": whole("Number in the ledger; 19 digits."),
            "order_id": whole("The order that it pays for."),
            "provider": text(enum=list(shop.PROVIDERS)),
            "provider_reference": text("The provider's own identifier."),
            "status": text(enum=list(shop.PAYMENT_STATUSES)),
            "amount": amount(), "currency": text(),
            "fee": {"type": "number", "format": "decimal",
                    "description": "Four digits after the point."},
            "source": _union({"card": "CardSource",
                              "transfer": "TransferSource",
                              "wallet": "WalletSource"}, "kind", prefix),
            "captured_at": moment(nullable=True), "created_at": moment()},
            description="Money that moved, or failed to."),
    }


def _event_schemas():
    prefix = "#/components/schemas/"
    return {
        "OrderSubject": obj({"object": text(enum=["order"]),
                             "order_id": whole(),
                             "status": ref("OrderStatus")}),
        "PaymentSubject": obj({"object": text(enum=["payment"]),
                               "payment_id": text(), "amount": amount()}),
        "CustomerSubject": obj({"object": text(enum=["customer"]),
                                "customer_id": whole(),
                                "changed": array(text())}),
        "Event": obj({
            "id": text(format="uuid"),
            "sequence": whole("Position in the stream, from 1."),
            "type": text(enum=list(shop.EVENT_TYPES)),
            "subject": _union({"order": "OrderSubject",
                               "payment": "PaymentSubject",
                               "customer": "CustomerSubject"},
                              "object", prefix),
            "actor": text("Who did it; null for the system.", nullable=True),
            "client_ip": text(format="ipv4"),
            "occurred_at": moment("When it happened.")},
            description="Something that happened."),
    }


def _system_schemas():
    return {
        "Account": obj({"id": text(), "name": text(), "country": text(),
                        "plan": text(enum=["starter", "business"]),
                        "opened_on": date(),
                        "seats": whole(format="int32"),
                        "limits": {"type": "object", "additionalProperties":
                                   whole()}}),
        "Status": obj({"ok": flag(), "version": text(),
                       "orders": whole("Number of orders.")}),
    }


def _schemas():
    schemas = _shared_schemas()
    schemas["Customer"] = _customer()
    for part in (_order_schemas, _product_schemas, _payment_schemas,
                 _event_schemas, _system_schemas):
        schemas.update(part())
    return schemas


# Operations

def query(name, schema, description=None, required=False):
    parameter = {"name": name, "in": "query", "schema": schema}
    if required:
        parameter["required"] = True
    if description:
        parameter["description"] = description
    return parameter


def variable(name, schema, description=None):
    parameter = {"name": name, "in": "path", "required": True,
                 "schema": schema}
    if description:
        parameter["description"] = description
    return parameter


def answer(schema, description="OK", headers=None):
    found = {"description": description,
             "content": {"application/json": {"schema": schema}}}
    if headers:
        found["headers"] = headers
    return found


def _operation(tag, name, summary, parameters, ok, **more):
    """A GET operation; every one may also answer with an Error."""
    return dict({"operationId": name, "tags": [tag], "summary": summary,
                 "parameters": parameters,
                 "responses": {"200": ok, "default": answer(
                     ref("Error"), "Anything else")}}, **more)


def _size(name, default, maximum):
    return query(name, whole(format="int32", minimum=1, maximum=maximum,
                             default=default), "Records in one page.")


CREATED_AFTER = query("created_after", moment(),
                      "Only what was created after that moment.")


def _search(what):
    return query("q", text(), "Full-text search in " + what + ".")


def _customer_paths():
    page = query("page", whole(format="int32", minimum=1, default=1),
                 "Page to return, from 1.")
    listing = obj({"data": array(ref("Customer")), "meta": ref("PageMeta")})
    number = variable("customer_id", whole(), "The customer's number.")
    return {
        "/customers": {"get": _operation(
            "customers", "listCustomers", "List customers",
            [page, _size("per_page", 20, 100),
             query("tier", text(enum=list(shop.TIERS))),
             query("active", flag()), _search("name and e-mail"),
             CREATED_AFTER], answer(listing))},
        "/customers/{customer_id}": {"get": _operation(
            "customers", "getCustomer", "One customer", [number],
            answer(ref("Customer")))},
        "/customers/{customer_id}/orders": {"get": _operation(
            "customers", "listCustomerOrders", "A customer's orders",
            [number] + _cursor_parameters(), answer(_order_list()))},
    }


def _cursor_parameters():
    return [query("cursor", text(), "`next_cursor` of the page before."),
            _size("limit", 50, 200)]


def _order_list():
    return obj({"orders": array(ref("Order")),
                "next_cursor": text("Pass it as `cursor` to go on; null on "
                                    "the last page.", nullable=True),
                "has_more": flag()})


def _order_paths():
    number = variable("order_id", whole(), "The order's identifier.")
    body = {"required": True, "content": {"application/json": {
        "schema": ref("NewOrder")}}}
    payments = obj({"payments": array(ref("Payment"))})
    return {
        "/orders": {
            "get": _operation(
                "orders", "listOrders", "List orders",
                _cursor_parameters() + [
                    query("status", ref("OrderStatus")),
                    query("gift", flag()),
                    query("customer_id", whole()),
                    _search("number and note"), CREATED_AFTER],
                answer(_order_list())),
            "post": {"operationId": "createOrder", "tags": ["orders"],
                     "summary": "Place an order", "requestBody": body,
                     "responses": {"201": answer(ref("Order"), "Created")}}},
        "/orders/{order_id}": {
            "parameters": [number],
            "get": _operation("orders", "getOrder", "One order", [],
                              answer(ref("Order"))),
            "delete": {"operationId": "deleteOrder", "tags": ["orders"],
                       "summary": "Delete an order",
                       "responses": {"204": {"description": "Deleted"}}}},
        "/orders/{order_id}/payments": {"get": _operation(
            "orders", "listOrderPayments", "Payments for an order",
            [number], answer(payments))},
    }


def _product_paths():
    link = {"Link": {"description": "rel=next, prev, first, last (RFC 8288)",
                     "schema": text()}}
    return {
        "/products": {"get": _operation(
            "catalog", "listProducts", "List products",
            [query("page", whole(format="int32", minimum=1, default=1)),
             _size("per_page", 30, 100), query("in_stock", flag()),
             query("sku", text()), _search("name")],
            answer(array(ref("Product")), headers=link))},
        "/products/{id}": {"get": _operation(
            "catalog", "getProduct", "One product",
            [variable("id", text(format="uuid"))], answer(ref("Product")))},
    }


def _payment_paths():
    listing = obj({"items": array(ref("Payment")),
                   "total": whole("Payments that match."),
                   "offset": whole(), "limit": whole(format="int32")})
    return {
        "/payments": {"get": _operation(
            "payments", "listPayments", "List payments",
            [query("offset", whole(minimum=0, default=0),
                   "How many to skip."), _size("limit", 100, 500),
             query("status", text(enum=list(shop.PAYMENT_STATUSES))),
             query("provider", text(enum=list(shop.PROVIDERS))),
             query("order_id", whole()), CREATED_AFTER],
            answer(listing))},
        "/payments/{payment_id}": {"get": _operation(
            "payments", "getPayment", "One payment",
            [variable("payment_id", text())], answer(ref("Payment")))},
    }


def _event_paths():
    link = text(format="uri", nullable=True)
    listing = obj({"count": whole("Events that match."),
                   "next": dict(link, description="URL of the next page."),
                   "previous": dict(link), "results": array(ref("Event"))})
    return {
        "/events": {"get": _operation(
            "activity", "listEvents", "List events",
            [_size("page_size", 50, 250),
             query("type", text(enum=list(shop.EVENT_TYPES)))],
            answer(listing))},
        "/events/{event_id}": {"get": _operation(
            "activity", "getEvent", "One event",
            [variable("event_id", text(format="uuid"))],
            answer(ref("Event")))},
    }


def _system_paths():
    csv = {"description": "One line per day",
           "content": {"text/csv": {"schema": text()}}}
    hits = obj({"hits": array(ref("Product"))})
    return {
        "/account": {"get": _operation("system", "getAccount",
                                       "The shop itself", [],
                                       answer(ref("Account")))},
        "/status": {"get": _operation("system", "getStatus", "Is it well?",
                                      [], answer(ref("Status")),
                                      security=[])},
        "/search": {"get": _operation(
            "catalog", "search", "Products by name",
            [query("q", text(), "Words to look for.", required=True)],
            answer(hits))},
        "/reports/daily.csv": {"get": _operation(
            "system", "dailyReport", "Orders per day, as CSV", [], csv)},
        "/logout": {"get": _operation(
            "system", "logout", "End the session", [],
            answer(obj({"bye": flag()})))},
        "/orders/{order_id}/cancel": {"post": {
            "operationId": "cancelOrder", "tags": ["orders"],
            "parameters": [variable("order_id", whole())],
            "responses": {"200": answer(ref("Order"))}}},
    }


def _paths():
    paths = {}
    for part in (_customer_paths, _order_paths, _product_paths,
                 _payment_paths, _event_paths, _system_paths):
        paths.update(part())
    return paths


TAGS = (("customers", "Who buys."), ("orders", "What they buy."),
        ("catalog", "What there is to buy."), ("payments", "Who paid."),
        ("activity", "What happened."), ("system", "The shop itself."))


def shop_document(server_url, scheme=None):
    """The OpenAPI 3.0 document.  server_url is written as it stands; scheme
    is the name of a credential in auth.SCHEMES, None if none is wanted."""
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Sample Shop", "version": "1.4.0",
                 "description": "A shop with customers, orders, products, "
                                "payments and events."},
        "servers": [{"url": server_url}],
        "tags": [{"name": name, "description": description}
                 for name, description in TAGS],
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }
    if scheme is not None:
        document["components"]["securitySchemes"] = {
            scheme: SCHEMES[scheme].description()}
        document["security"] = [{scheme: []}]
    return document


# OpenAPI 3.1

def shop_document_31(server_url, scheme=None):
    """The same API in OpenAPI 3.1, whose schemas are JSON Schema 2020-12."""
    document = to_31(shop_document(server_url, scheme))
    document["info"]["summary"] = "The sample shop"
    document["jsonSchemaDialect"] = (
        "https://spec.openapis.org/oas/3.1/dialect/base")
    _move_into_defs(document["components"]["schemas"])
    return document


def to_31(document):
    """A 3.0 document, rewritten."""
    document = _schemas_31(copy.deepcopy(document))
    document["openapi"] = "3.1.0"
    return document


def _schemas_31(node):
    """Rewrite what 3.1 writes in another way, all the way down."""
    if isinstance(node, list):
        return [_schemas_31(member) for member in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("nullable"), bool):
        node = _nullable_31(node)
    if isinstance(node.get("enum"), list) and len(node["enum"]) == 1:
        node = dict(node, const=node["enum"][0])
        del node["enum"]
    if node.get("exclusiveMinimum") is True:
        node = dict(node, exclusiveMinimum=node["minimum"])
        del node["minimum"]
    if "type" in node and "example" in node:
        node = dict(node, examples=[node["example"]])
        del node["example"]
    return {name: _schemas_31(member) for name, member in node.items()}


def _nullable_31(schema):
    schema = dict(schema)
    del schema["nullable"]
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
        return schema
    (base,) = schema.pop("allOf")
    return dict(schema, anyOf=[base, {"type": "null"}])


def _move_into_defs(schemas):
    """Keep the line's schema inside the order's, as JSON Schema allows."""
    order = schemas["Order"]
    order["$defs"] = {"LineItem": schemas.pop("LineItem")}
    inner = {"$ref": "#/components/schemas/Order/$defs/LineItem"}
    order["allOf"][0]["properties"]["items"]["items"] = inner
    schemas["NewOrder"]["properties"]["items"]["items"] = dict(inner)
