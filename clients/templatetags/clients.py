"""The cells of a row of clients, made in one piece: single tags take longer than all else on a list."""

import datetime as dt

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clients.models import Client
from ui.addresses import address
from ui.templatetags.ui import ago, badge, escape, figure, name, when

register = template.Library()


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
