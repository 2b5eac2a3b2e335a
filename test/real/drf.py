"""Started as a program by test_drf.py: a shop in Django REST framework, with
what its users mostly add: django-filter and drf-spectacular.

    drf.py PORT DATABASE DATA.json"""

import json
import sys

import django

from django.conf import settings

PORT, DATABASE, DATA = sys.argv[1:]

settings.configure(
    SECRET_KEY="of no use here", ALLOWED_HOSTS=["*"], USE_TZ=True,
    TIME_ZONE="UTC", ROOT_URLCONF=__name__, DEBUG=False,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth",
                    "rest_framework", "django_filters", "drf_spectacular"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                           "NAME": DATABASE}},
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_FILTER_BACKENDS": [
            "django_filters.rest_framework.DjangoFilterBackend",
            "rest_framework.filters.SearchFilter",
            "rest_framework.filters.OrderingFilter"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    },
    SPECTACULAR_SETTINGS={"TITLE": "Shop", "VERSION": "1.0.0"})
django.setup()

from django.core.servers.basehttp import run  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.urls import include, path  # noqa: E402
from drf_spectacular.views import SpectacularAPIView  # noqa: E402
from rest_framework import pagination, routers, serializers  # noqa: E402
from rest_framework import viewsets  # noqa: E402
from rest_framework.decorators import action  # noqa: E402


def choices(*values):
    return [(value, value.title()) for value in values]


class Customer(models.Model):
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField()
    tier = models.CharField(max_length=12,
                            choices=choices("free", "pro", "enterprise"))
    active = models.BooleanField()
    balance = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    rating = models.FloatField(null=True)
    born_on = models.DateField(null=True)
    joined_at = models.DateTimeField()
    invited_by = models.ForeignKey("self", models.CASCADE, null=True,
                                   db_constraint=False)

    class Meta:
        app_label = "shop"


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    status = models.CharField(
        max_length=12, choices=choices("new", "paid", "shipped", "cancelled"))
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    priority = models.IntegerField(null=True)
    note = models.TextField(null=True)
    placed_at = models.DateTimeField()

    class Meta:
        app_label = "shop"


class Event(models.Model):
    uid = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    of_order = models.ForeignKey(Order, models.CASCADE, null=True)
    at = models.DateTimeField()
    score = models.IntegerField(null=True)

    class Meta:
        app_label = "shop"


class Label(models.Model):
    slug = models.SlugField(primary_key=True)
    weight = models.IntegerField(null=True)

    class Meta:
        app_label = "shop"


def serializer(of):
    meta = type("Meta", (), {"model": of, "fields": "__all__"})
    return type(of.__name__ + "Serializer", (serializers.ModelSerializer,),
                {"Meta": meta})


class Pages(pagination.PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class Slices(pagination.LimitOffsetPagination):
    default_limit = 25
    max_limit = 200


class Few(Slices):
    default_limit = 3


class Cursors(pagination.CursorPagination):
    page_size = 30
    ordering = "-at"


RANGE = ["exact", "gt", "gte", "lt", "lte"]


class CustomerView(viewsets.ReadOnlyModelViewSet):
    queryset = Customer.objects.order_by("id")
    serializer_class = serializer(Customer)
    pagination_class = Pages
    search_fields = ["name", "email"]
    ordering_fields = "__all__"
    filterset_fields = {"name": ["exact", "icontains"], "tier": ["exact", "in"],
                        "active": ["exact"], "balance": RANGE + ["isnull"],
                        "rating": RANGE, "born_on": RANGE + ["year"],
                        "joined_at": RANGE, "invited_by": ["exact", "isnull"]}

    @action(detail=True, filterset_fields={}, pagination_class=Few,
            serializer_class=serializer(Order))
    def orders(self, request, pk=None):
        page = self.paginate_queryset(
            Order.objects.filter(customer=pk).order_by("id"))
        return self.get_paginated_response(
            self.get_serializer(page, many=True).data)


class OrderView(viewsets.ReadOnlyModelViewSet):
    queryset = Order.objects.order_by("id")
    serializer_class = serializer(Order)
    pagination_class = Slices
    ordering_fields = ["placed_at", "amount", "id"]
    filterset_fields = ["customer", "status", "priority", "note", "placed_at"]


class EventView(viewsets.ReadOnlyModelViewSet):
    queryset = Event.objects.all()
    serializer_class = serializer(Event)
    pagination_class = Cursors
    filter_backends = [
        __import__("django_filters.rest_framework",
                   fromlist=["x"]).DjangoFilterBackend]
    filterset_fields = {"kind": ["exact"], "of_order": ["exact", "in"],
                        "at": ["gte", "lt"]}


class LabelView(viewsets.ReadOnlyModelViewSet):
    queryset = Label.objects.order_by("slug")
    serializer_class = serializer(Label)
    pagination_class = None


router = routers.DefaultRouter()
router.register("customers", CustomerView)
router.register("orders", OrderView)
router.register("events", EventView)
router.register("labels", LabelView)
urlpatterns = [path("api/", include(router.urls)),
               path("api/schema/", SpectacularAPIView.as_view())]


def fill():
    with open(DATA) as file:
        data = json.load(file)
    with connection.schema_editor() as editor:
        for model in (Customer, Order, Event, Label):
            editor.create_model(model)
    for model, name in ((Customer, "customers"), (Order, "orders"),
                        (Event, "events"), (Label, "labels")):
        links = {field.name: field.attname for field in model._meta.fields}
        model.objects.bulk_create(
            model(**{links[key]: value for key, value in row.items()})
            for row in data[name])


fill()
connection.close()
from django.core.wsgi import get_wsgi_application  # noqa: E402
run("127.0.0.1", int(PORT), get_wsgi_application(), threading=True)
