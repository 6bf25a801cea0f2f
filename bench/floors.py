"""The least a logged-in Django page can cost here: the bench prints every page as a multiple of it."""

from uuid import uuid4

from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines


class Row(models.Model):
    """A copy of clients outside of every wall (bench/bank.py): the floor is Django's cost, not ours."""

    book_id = models.BigIntegerField()
    name = models.TextField()
    segment = models.TextField()
    stage = models.TextField()
    risk = models.TextField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    kyc_due_on = models.DateField()
    last_contact_on = models.DateField()

    class Meta:
        managed = False
        db_table = "bench_floor"
        app_label = "clients"


_ROWS = engines["django"].from_string(
    "<table>{% for c in rows %}<tr><td>{{ c.name }}<td>{{ c.segment }}<td>{{ c.stage }}<td>{{ c.risk }}"
    "<td>{{ c.value }}<td>{{ c.kyc_due_on }}<td>{{ c.last_contact_on }}{% endfor %}</table>"
)


def fifty_rows(request: HttpRequest) -> HttpResponse:
    """One indexed query and a template of 50 rows of 7 values, behind the product's middleware and login."""
    book = int(request.GET["book"])
    return HttpResponse(_ROWS.render({"rows": Row.objects.filter(book_id=book).order_by("name", "id")[:50]}))


def one_insert(request: HttpRequest) -> HttpResponse:
    """A bare view that inserts one row and answers."""
    member = int(request.POST["member"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_savedview (user_id, page, name, query) VALUES (%s, 'bench', %s, '')",
            [member, uuid4().hex],
        )
    return HttpResponse(status=204)
