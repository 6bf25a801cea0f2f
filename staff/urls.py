"""Logging in and out. Only these doors of allauth exist: no sign-up, no social login."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    # allauth asks for this name; the adapter keeps the door closed and it shows a sentence saying so.
    path("signup/", views.signup, name="account_signup"),
]
