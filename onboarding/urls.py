"""/onboarding/…"""

from django.urls import path

from onboarding import views

app_name = "onboarding"
urlpatterns = [
    path("", views.onboarding_list, name="list"),
    path("clients/<int:client_id>/new/", views.onboarding_new, name="new"),
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
