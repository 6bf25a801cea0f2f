"""/alerts/… ; the inbox and the outbox have short addresses of their own in rmcrm/urls.py."""

from django.urls import path

from alerts import views

app_name = "alerts"
urlpatterns = [
    path("bell/", views.bell, name="bell"),
    path("<int:alert_id>/dismissal/", views.dismissal, name="dismissal"),
    path("<int:alert_id>/snooze/", views.snooze, name="snooze"),
]
