"""/handovers/…"""

from django.urls import path

from cockpit import views

app_name = "cockpit"
urlpatterns = [
    path("", views.handover_list, name="handovers"),
    path("new/", views.handover_new, name="handover_new"),
    path("<int:handover_id>/", views.handover, name="handover"),
    path("<int:handover_id>/confirmation/", views.handover_confirmation, name="handover_confirmation"),
    path("<int:handover_id>/end/", views.handover_end, name="handover_end"),
]
