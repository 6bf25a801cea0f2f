"""The cells of a row of clients, made in one piece: single tags take longer than all else on a list."""

import datetime as dt

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.rules.identifiers import masked
from ui.addresses import address
from ui.templatetags.ui import _icon as icon
from ui.templatetags.ui import ago, badge, escape, figure, name, when

register = template.Library()


WORDS = {
    "account": gettext_lazy("Show the account number"),
    "born": gettext_lazy("Show the date of birth"),
    "paper": gettext_lazy("Show the number of the paper"),
    "tax": gettext_lazy("Show the tax number"),
    "tax_form": gettext_lazy("Show the tax number"),
}


@register.simple_tag(takes_context=True)
def identifier(context: Context, kind: str, pk: int, value: str | dt.date) -> SafeString:
    """{% identifier "account" account.pk account.number %}: its end, and a button that shows it in full.

    Showing is a POST, recorded and measured (rmcrm/identifiers.py); it stands in no form of a page.
    """
    return format_html(
        '<span class="identifier"><span data-private="identifier">{masked}</span>'
        '<form method="post" action="{url}" hx-post="{url}" hx-target="closest .identifier"'
        ' hx-swap="outerHTML">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        '<button class="why" aria-label="{words}" title="{words}">{icon}</button></form></span>',
        masked=masked(str(value)),
        url=reverse("identifier", args=[kind, pk]),
        token=context.get("csrf_token") or "",
        words=WORDS[kind],
        icon=icon("eye", 14),
    )


register.filter("masked", masked)


@register.simple_tag
def client_cells(client: Client, currency: str, today: dt.date) -> SafeString:
    """{% client_cells client currency today %}: from the name to the link that logs a contact.

    `client` carries what clients.selectors.client_list marks: the labels, the tone of the risk, what is late.
    """
    log_url = address("clients:interaction_new", client.pk)
    late = " late" if client.kyc_late else ""  # type: ignore[attr-defined]
    return SafeString(
        f'<th scope="row"><a class="name-link" href="{address("client", client.pk)}">{name(client)}</a>'
        f'<span class="quiet d-block small">{escape(client.number)}<span class="d-md-none"> · '
        f"{figure(client.value, currency, compact=True)}</span></span></th>"
        f'<td class="d-none d-md-table-cell">{escape(client.segment_label)}</td>'  # type: ignore[attr-defined]
        f'<td class="d-none d-lg-table-cell">{escape(client.stage_label)}</td>'  # type: ignore[attr-defined]
        f'<td class="d-none d-md-table-cell">{escape(client.state_label)}</td>'  # type: ignore[attr-defined]
        f'<td class="d-none d-lg-table-cell">{escape(client.domicile)}</td>'
        f'<td class="d-none d-md-table-cell">{badge(client.risk_label, client.risk_tone)}</td>'  # type: ignore[attr-defined]
        f'<td class="num d-none d-md-table-cell">{figure(client.value, currency, places=0)}</td>'
        f'<td class="d-none d-md-table-cell{late}">{when(client.kyc_due_on)}</td>'
        f"<td>{ago(client.last_contact_on, today, late=client.contact_late)}</td>"  # type: ignore[attr-defined]
        f'<td class="no-print"><a class="quiet" href="{log_url}">{_("Log")}'
        f'<span class="visually-hidden"> {_("a contact with")} {escape(client.name)}</span></a></td>'
    )
