"""/clients/…"""

from django.urls import path

from clients import views

app_name = "clients"
urlpatterns = [
    path("", views.client_list, name="list"),
    path("views/", views.view_new, name="view_new"),
    path("views/<int:view_id>/removal/", views.view_removal, name="view_removal"),
    path("<int:client_id>/interactions/new/", views.interaction_new, name="interaction_new"),
    path("<int:client_id>/tasks/new/", views.task_new, name="task_new"),
    path("tasks/<int:task_id>/completion/", views.task_completion, name="task_completion"),
]
