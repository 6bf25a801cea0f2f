"""/retention/…"""

from django.urls import path

from retention import views

app_name = "retention"
urlpatterns = [
    path("", views.at_risk, name="at_risk"),
    path("clients/<int:client_id>/call/", views.call_new, name="call_new"),
]
