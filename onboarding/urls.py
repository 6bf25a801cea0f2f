"""/onboarding/…"""

from django.urls import path

from onboarding import views
from onboarding.views import imports

app_name = "onboarding"
urlpatterns = [
    path("", views.onboarding_list, name="list"),
    path("clients/<int:client_id>/new/", views.onboarding_new, name="new"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:import_id>/", imports.import_page, name="import"),
    path("imports/<int:import_id>/mapping/", imports.import_mapping, name="import_mapping"),
    path("imports/<int:import_id>/mapping.json", imports.import_mapping_file, name="import_mapping_file"),
    path("imports/<int:import_id>/problems.csv", imports.import_problems, name="import_problems"),
    path("imports/<int:import_id>/check/", imports.import_check, name="import_check"),
    path("imports/<int:import_id>/load/", imports.import_load, name="import_load"),
    path("imports/<int:import_id>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:import_id>/removal/", imports.import_removal, name="import_removal"),
    path("<int:onboarding_id>/", views.onboarding, name="workspace"),
    path("<int:onboarding_id>/products/", views.products, name="products"),
    path("<int:onboarding_id>/facts/", views.facts, name="facts"),
    path("<int:onboarding_id>/documents/<int:required_id>/file/", views.document_file, name="document_file"),
    path(
        "<int:onboarding_id>/documents/<int:required_id>/review/",
        views.document_review,
        name="document_review",
    ),
    path("<int:onboarding_id>/submission/", views.submission, name="submission"),
    path("<int:onboarding_id>/approval/", views.approval, name="approval"),
    path("<int:onboarding_id>/refusal/", views.refusal, name="refusal"),
]
