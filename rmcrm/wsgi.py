"""What the web server calls."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from rmcrm.standing import look_now

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")
application = get_wsgi_application()
look_now()
if settings.PROXIES:
    application = wrap_wsgi_with_proxy_headers(application, trusted_hosts=settings.PROXIES)
