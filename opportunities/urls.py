"""/opportunities/…"""

from django.urls import path

from opportunities import views

app_name = "opportunities"
urlpatterns = [
    path("", views.pipeline, name="pipeline"),
    path("suggestions/", views.suggestion_list, name="suggestions"),
    path("clients/<int:client_id>/", views.client_suggestions, name="client"),
    path("clients/<int:client_id>/new/", views.opportunity_new, name="new"),
    path("<int:opportunity_id>/", views.opportunity, name="opportunity"),
    path("<int:opportunity_id>/stage/", views.opportunity_stage, name="stage"),
    path("<int:opportunity_id>/closure/", views.opportunity_closure, name="closure"),
]
