"""The product's addresses and the two floors beside them; in use only while the bench runs."""

from django.urls import path

from bench import floors
from rmcrm.urls import urlpatterns as product

urlpatterns = [
    *product,
    path("bench/floor/", floors.fifty_rows, name="bench_floor"),
    path("bench/insert/", floors.one_insert, name="bench_insert"),
]
