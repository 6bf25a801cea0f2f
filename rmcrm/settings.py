"""One settings file, driven by the environment; docs/configuration.md lists every variable."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from rmcrm import rules
from vault.keys import BadRing, read_ring

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that NAME_FILE names, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE to a file that holds it).")
    return value


# --- which RM CRM is this? -------------------------------------------------------------------------------
MODE = env("RMCRM_MODE", "demo")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured("RMCRM_MODE is demo, test or production.")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
DEBUG = env("RMCRM_DEBUG", "") == "1"
HOME = Path(env("RMCRM_HOME", str(BASE_DIR / ".rmcrm")))
PORT = int(env("PORT", "8000"))

DEMO_SECRET = "demo-only-and-refused-in-production"  # noqa: S105 - named for what it is
SECRET_KEY = env("RMCRM_SECRET_KEY", None if PRODUCTION else DEMO_SECRET)
# What was sealed or signed with a key that was changed is still read with it, by comma.
SECRET_KEY_FALLBACKS = [key for key in env("RMCRM_OLD_SECRET_KEYS", "").split(",") if key]
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("RMCRM_DEBUG=1 shows client data on error pages: never in production.")
if PRODUCTION and (SECRET_KEY == DEMO_SECRET or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("RMCRM_SECRET_KEY must be 50 or more random characters in production.")

ALLOWED_HOSTS = [host for host in env("RMCRM_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in env("RMCRM_ORIGINS", "").split(",") if origin]
# Whose X-Forwarded-For is believed (addresses, networks): audit and throttle want the visitor's address.
PROXIES = [proxy for proxy in env("RMCRM_PROXIES", "").split(",") if proxy]

# --- the rooms, lowest first -----------------------------------------------------------------------------
ROOMS = [
    "vault",
    "ui",
    "audit",
    "jobs",
    "staff",
    "rulebook",
    "clients",
    "alerts",
    "portfolios",
    "compliance",
    "suspicion",
    "needs",
    "onboarding",
    "opportunities",
    "reviews",
    "retention",
    "cockpit",
    "dashboards",
    "rmcrm",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "django_htmx",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # What every answer carries stands above whatever may answer, a file or the refusal of a wrong host.
    "rmcrm.middleware.NoStore",
    "rmcrm.middleware.StaticFiles",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rmcrm.middleware.SessionClock",
    "rmcrm.middleware.Screen",
    "rmcrm.middleware.LoginRequired",
    "rmcrm.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rmcrm.middleware.Answers",
]
ROOT_URLCONF = "rmcrm.urls" if PRODUCTION else env("RMCRM_URLCONF", "rmcrm.urls")  # bench/ adds two floors
WSGI_APPLICATION = "rmcrm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "ui.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

_loaders = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rmcrm.context.shell",
            ],
            "loaders": _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
            "builtins": ["ui.templatetags.ui"],
        },
    }
]


# --- PostgreSQL: four roles, one of them per process ----------------------------------------------------
def database(url: str) -> dict:
    """What Django wants to know of the database at this address."""
    read = rules.read_database(url)
    return read | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"rmcrm-{env('RMCRM_DATABASE_ROLE', 'app')}"} | read["OPTIONS"],
    }


DATABASE_ROLE = env("RMCRM_DATABASE_ROLE", "app")
_url_of_role = {
    "app": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "loader": "DATABASE_LOADER_URL",
    "sealer": "DATABASE_SEALER_URL",
}
for _name in _url_of_role.values():
    if PRODUCTION and (_refusals := rules.refusals_to_reach_database(env(_name, ""))):
        raise ImproperlyConfigured(f"{_name} {_refusals[0]}")
DATABASES = {"default": database(env(_url_of_role[DATABASE_ROLE]))}
DATABASES["default"]["TEST"] = {"NAME": f"test_rmcrm{env('RMCRM_TEST_SUFFIX', '')}"}
# Migrations grant the lesser roles what they need; they must know what these are called here.
APP_ROLE = database(env("DATABASE_URL"))["USER"]
LOADER_ROLE = database(env("DATABASE_LOADER_URL", env("DATABASE_URL")))["USER"]
# Without a role of its own the owner seals, and the compartment's journal stays unsealed.
SEALER_ROLE = database(env("DATABASE_SEALER_URL", env("DATABASE_OWNER_URL", env("DATABASE_URL"))))["USER"]

# --- the sealed audit: the key is the sealer's alone, the anchors lie outside the database -----------------
SEAL_KEY = env("RMCRM_SEAL_KEY", "") if DATABASE_ROLE == "sealer" else ""
SEAL_PUBLIC_KEYS = env("RMCRM_SEAL_PUBLIC_KEYS", "").split()
ANCHORS = env(
    "RMCRM_ANCHORS",
    ",".join(f"file:{HOME / 'anchors' / place / 'seals.log'}" for place in ("first", "second")),
)

# The list of deleted files, beside the database: by it a restored backup forgets again (replay_deletions).
DELETED_FILES = env("RMCRM_DELETED_FILES", str(HOME / "deleted-files.jsonl"))

# --- keys of what is encrypted in the application: never in the database, and nothing to the sealer ---------
FIELD_KEYS = "" if DATABASE_ROLE == "sealer" else env("RMCRM_FIELD_KEYS", None if PRODUCTION else "")
if FIELD_KEYS:
    try:
        read_ring(FIELD_KEYS)
    except BadRing as bad:
        raise ImproperlyConfigured(f"RMCRM_FIELD_KEYS: {bad}") from None

# --- Redis: wakes workers; losing it loses nothing -----------------------------------------
REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:6379/0")
if PRODUCTION and (_refusals := rules.refusals_to_reach_redis(REDIS_URL)):
    raise ImproperlyConfigured(f"REDIS_URL {_refusals[0]}")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY = {
    "broker_url": REDIS_URL.replace("unix://", "redis+socket://"),
    "broker_use_ssl": rules.celerys_tls(REDIS_URL),
    "broker_connection_retry_on_startup": True,
    # Waking a worker is a courtesy: when Redis is away, the request that asked must not wait for it.
    "broker_transport_options": {"max_retries": 1, "interval_start": 0, "socket_connect_timeout": 1},
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_prefetch_multiplier": 1,
    "worker_soft_shutdown_timeout": 20,
    "worker_hijack_root_logger": False,
    "timezone": "UTC",
}

# --- who comes in ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["staff.login.backend.WithTeam"]
ANONYMOUS_USER_NAME = None  # guardian: nobody is nobody
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "staff.login.passwords.NotPutTogetherOfCommonOnes"},
    {"NAME": "staff.login.passwords.NotBreached"},
]
# The bank's list of breached ones. Production must say which, or "none", where nobody has a password here.
BREACHED_LIST = env("RMCRM_BREACHED_LIST", None if PRODUCTION else "none").removeprefix("none")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "staff.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # counted in PostgreSQL: staff/login/throttle.py
ACCOUNT_FORMS = {"change_password": "staff.accounts.PasswordForm"}
STEP_UP_SECONDS = int(env("RMCRM_STEP_UP_MINUTES", "10")) * 60  # staff/login/confirmation.py
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_SECONDS

MFA = env("RMCRM_MFA", "") or ("required" if PRODUCTION else "optional")
if MFA not in {"required", "optional"}:
    raise ImproperlyConfigured("RMCRM_MFA is required or optional.")
MFA_ADAPTER = "staff.login.factors.Factors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp"]  # recovery codes are ours: staff/login/recovery.py
MFA_FORMS = {
    "authenticate": "staff.login.factors.CodeForm",
    "reauthenticate": "staff.login.factors.CodeAgainForm",
    "authenticate_webauthn": "staff.login.factors.KeyForm",
    "reauthenticate_webauthn": "staff.login.factors.KeyAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no mail address is ever a way in
MFA_TOTP_TOLERANCE = 1  # half a minute that a phone's clock may be off
MFA_RATE_LIMITS = False

# The bank's identity provider; without an address there is none, and people log in by password.
OIDC_URL = env("RMCRM_OIDC_URL", "")
OIDC_ROLE_CLAIM = env("RMCRM_OIDC_ROLE_CLAIM", "groups")
OIDC_ROLES: dict[str, str] = json.loads(env("RMCRM_OIDC_ROLES", "{}"))  # value of the claim -> role
OIDC_STRONG = [word for word in env("RMCRM_OIDC_STRONG", "").split(",") if word]  # acr or amr of two factors
if OIDC_URL and not OIDC_ROLES:
    raise ImproperlyConfigured(
        "RMCRM_OIDC_ROLES says which claim gives which role; without it nobody gets one."
    )
if PRODUCTION and OIDC_URL and not OIDC_URL.startswith("https://"):
    raise ImproperlyConfigured("RMCRM_OIDC_URL begins with https:// in production.")
SOCIALACCOUNT_ADAPTER = "staff.login.oidc.Social"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
_identity_provider = {
    "provider_id": "bank",
    "name": env("RMCRM_OIDC_NAME", "Bank login"),
    "client_id": env("RMCRM_OIDC_CLIENT_ID", ""),
    "secret": env("RMCRM_OIDC_CLIENT_SECRET", ""),
    "settings": {"server_url": OIDC_URL, "uid_field": "identity", "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_identity_provider]}} if OIDC_URL else {}

SESSION_ENGINE = "ui.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 15 * 60
SESSION_TOTAL_SECONDS = 12 * 60 * 60
SESSION_TOUCH_SECONDS = 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # the token travels in the page, never by script from the cookie
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "rmcrm.views.csrf_failure"
# How many masked numbers (accounts, tax numbers, days of birth) a person may look at in full in a day.
IDENTIFIERS_A_DAY = int(env("RMCRM_IDENTIFIERS_A_DAY", "40"))
IDENTIFIERS_A_DAY_OFFICERS = int(env("RMCRM_IDENTIFIERS_A_DAY_OFFICERS", "200"))
# After so many seconds without a hand on it a screen is covered by itself; 0: never.
SCREEN_IDLE_SECONDS = int(env("RMCRM_SCREEN_IDLE_SECONDS", "60"))
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what the browser may do -----------------------------------------------------------------------------
HTTPS = PRODUCTION
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    DEVICE_COOKIE_NAME = "__Host-device"
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The container's own probe asks without TLS; a program that does is refused and not sent on (ui/api.py).
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^api/"]
else:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"session-{PORT}", f"csrf-{PORT}"  # two copies side by side
    DEVICE_COOKIE_NAME = f"device-{PORT}"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # The browser holds this against where a form leads to in the end, the identity provider too.
        "form-action": [SELF, *(["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))] if OIDC_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "report-uri": ["/policy-reports/"],
    }
}
PERMISSIONS_POLICY: dict[str, list] = {
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
} | {feature: [] for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")}

# --- files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("RMCRM_STATIC_ROOT", str(HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "uploads"},  # outside the web root: served through the lock only
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test" or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test" or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site reads our files
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOAD_MAX_PIXELS = 100_000_000  # of one page: A3 at 600 dpi has 70 million
CLAMD = env("RMCRM_CLAMD", "")  # tcp://host:3310 or unix:///path; set, a file is taken only with its verdict
if PRODUCTION and (_refusals := rules.refusals_to_reach_scanner(CLAMD)):
    raise ImproperlyConfigured(f"RMCRM_CLAMD {_refusals[0]}")
IMPORT_MAX_BYTES = int(env("RMCRM_IMPORT_MAX_MB", "200")) * 1024 * 1024  # a file of a bank's own clients

# --- mail ------------------------------------------------------------------------------------------------
# The demo writes mail to the outbox table only, which has a page; a bank names its mail server.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env("SMTP_HOST", "")
    else "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = env("SMTP_HOST", "")
EMAIL_PORT = int(env("SMTP_PORT", "587"))
EMAIL_HOST_USER = env("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_PORT == 587, EMAIL_PORT == 465  # the certificate is looked at
if PRODUCTION and (_refusals := rules.refusals_to_reach_mail(EMAIL_HOST, EMAIL_PORT)):
    raise ImproperlyConfigured(f"SMTP_PORT {_refusals[0]}")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("RMCRM_MAIL_FROM", "rm-crm@localhost")
BASE_URL = env("RMCRM_BASE_URL", f"http://localhost:{PORT}")  # for the links in mails

ALERT_RULES = (
    "rmcrm.schedule.RULES"  # the front door hands them down to alerts/, which may not import upwards
)

GAP_RULES = "rmcrm.schedule.GAPS"  # likewise, what the rules require of a file
END_RULES = "rmcrm.schedule.ENDINGS"  # likewise, what is to be seen to before a relationship ends
JOB_CLOCK = "staff.selectors.clock_of"  # likewise, by which clock a person's work is done
PROPOSAL_DAYS = "rulebook.selectors.proposal_days"  # likewise, how long a question to a second person waits

# --- the API ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "staff.login.factors.HasFactor",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "rmcrm.api.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "RM CRM",
    "DESCRIPTION": "Clients, their portfolios and what was said and done, behind the same lock as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ChannelEnum": "clients.models.Channel",
        "ClientKindEnum": "clients.models.Kind",
        "ContactPointKindEnum": "clients.models.ContactPoint.Kind",
        "TaskKindEnum": "clients.models.TaskKind",
    },
}

# --- language, time, numbers -----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Every text is marked, and none is translated yet: a language stands here once its words do.
LANGUAGES = [("en", _("English"))]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"  # of what is stored, and of the night
CLOCK = env("RMCRM_TIME_ZONE", "UTC")  # of who belongs to no team; a team has its own
REPORTING_CURRENCY = env("RMCRM_CURRENCY", "EUR")
BANK_NAME = env("RMCRM_BANK_NAME", "RM CRM Bank")  # on the papers clients get

# --- logs: key=value, no client data ---------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "rmcrm.logs.WithoutValues", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "filters": {"compartment": {"()": "rmcrm.logs.NothingOfTheCompartment"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["compartment"]}
    },
    "root": {"handlers": ["stderr"], "level": env("RMCRM_LOG_LEVEL", "WARNING")},
    "loggers": {"rmcrm": {"level": "INFO"}},
}
# guardian stores grants; only clients.access.reach reads them, so its own backend stays off.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
