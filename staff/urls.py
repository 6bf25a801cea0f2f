"""Who comes in. Only these doors of allauth exist: no sign-up, no e-mail, no other site's accounts."""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import path

from staff.login import oidc
from staff.views import (
    RemoveKey,
    account,
    by_password_only,
    colleague_sessions,
    confirmed_first,
    kept_form,
    password_of,
    password_start,
    people,
    person,
    person_change_confirmation,
    person_change_end,
    person_disablement,
    recovery_codes,
    recovery_codes_new,
    session_end,
    sessions_end,
    token_new,
    token_removal,
)

urlpatterns = [
    path("", account, name="account"),
    path("sessions/<int:session_id>/end/", session_end, name="account_session_end"),
    path("sessions/end/", sessions_end, name="account_sessions_end"),
    path("sessions/of/", colleague_sessions, name="account_sessions_of"),
    path("people/", people, name="account_people"),
    path("people/<int:person_id>/", person, name="account_person"),
    path("people/<int:person_id>/disablement/", person_disablement, name="account_person_disablement"),
    path(
        "changes/<int:change_id>/confirmation/",
        person_change_confirmation,
        name="account_change_confirmation",
    ),
    path("changes/<int:change_id>/end/", person_change_end, name="account_change_end"),
    path("token/", token_new, name="account_token_new"),
    path("token/removal/", token_removal, name="account_token_removal"),
    path("kept-form/", kept_form, name="account_kept_form"),
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", by_password_only(views.password_change), name="account_change_password"),
    path("password/set/", by_password_only(confirmed_first(views.password_set)), name="account_set_password"),
    path("password/started/", password_start, name="account_password_start"),
    path("password/of/", password_of, name="account_password_of"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # allauth asks for this name; the adapter keeps the door closed and it shows a sentence saying so.
    path("signup/", views.signup, name="account_signup"),
    # --- the second factor
    path("factors/", mfa.index, name="mfa_index"),
    path("factors/login/", mfa.authenticate, name="mfa_authenticate"),
    path("factors/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("factors/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factors/app/", confirmed_first(app.activate_totp), name="mfa_activate_totp"),
    path("factors/app/removal/", confirmed_first(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("factors/keys/new/", confirmed_first(keys.add_webauthn), name="mfa_add_webauthn"),
    path("factors/keys/<int:pk>/", confirmed_first(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("factors/keys/<int:pk>/removal/", confirmed_first(RemoveKey.as_view()), name="mfa_remove_webauthn"),
    path("factors/codes/", confirmed_first(recovery_codes), name="mfa_view_recovery_codes"),
    path("factors/codes/new/", confirmed_first(recovery_codes_new), name="mfa_generate_recovery_codes"),
    # --- the bank's identity provider; the names and the argument are allauth's
    path("bank/", oidc.login, {"provider_id": oidc.PROVIDER}, name="openid_connect_login"),
    path("bank/back/", oidc.callback, {"provider_id": oidc.PROVIDER}, name="openid_connect_callback"),
    path("bank/logged-out/", oidc.logged_out, name="account_bank_logged_out"),
]
