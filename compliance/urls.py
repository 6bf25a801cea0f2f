"""/compliance/…; the console itself, /compliance/, is on the top floor."""

from django.urls import path

from compliance import views

app_name = "compliance"
urlpatterns = [
    path("kyc/", views.kyc_list, name="kyc"),
    path("clients/<int:client_id>/", views.client, name="client"),
    path("clients/<int:client_id>/facts/", views.facts, name="facts"),
    path("clients/<int:client_id>/review/", views.review, name="review"),
    path("clients/<int:client_id>/ownership/", views.ownership, name="ownership"),
    path("clients/<int:client_id>/ownership/owners/", views.owner_new, name="owner_new"),
    path("clients/<int:client_id>/ownership/<int:holding_id>/", views.holding, name="holding"),
    path(
        "clients/<int:client_id>/ownership/<int:holding_id>/share/", views.holding_share, name="holding_share"
    ),
    path("clients/<int:client_id>/ownership/<int:holding_id>/end/", views.holding_end, name="holding_end"),
    path("clients/<int:client_id>/review/request/", views.review_request, name="review_request"),
    path("clients/<int:client_id>/measures/", views.measures, name="measures"),
    path("clients/<int:client_id>/rating/", views.rating, name="rating"),
    path("clients/<int:client_id>/overrides/", views.override_new, name="override_new"),
    path("overrides/<int:override_id>/decision/", views.override_decision, name="override_decision"),
    path("overrides/<int:override_id>/withdrawal/", views.override_withdrawal, name="override_withdrawal"),
    path("clients/<int:client_id>/pep/", views.pep, name="pep"),
    path("pep/<int:role_id>/end/", views.pep_role_end, name="pep_role_end"),
    path("clients/<int:client_id>/adverse/", views.adverse, name="adverse"),
    path("adverse/<int:note_id>/closure/", views.adverse_closure, name="adverse_closure"),
    path("rules/<int:pack_id>/dry-run/", views.dry_run, name="dry_run"),
    path("clients/<int:client_id>/consents/", views.consent_new, name="consent_new"),
    path("consents/<int:consent_id>/withdrawal/", views.consent_withdrawal, name="consent_withdrawal"),
    path("hits/", views.hit_list, name="hits"),
    path("hits/batch/", views.hit_batch, name="hit_batch"),
    path("hits/<int:hit_id>/", views.hit, name="hit"),
    path("hits/<int:hit_id>/steps/<int:step_id>/", views.hit_step, name="hit_step"),
    path("hits/<int:hit_id>/decision/", views.hit_decision, name="hit_decision"),
    path("hits/<int:hit_id>/confirmation/", views.hit_confirmation, name="hit_confirmation"),
    path("lists/", views.list_list, name="lists"),
    path("lists/<int:version_id>/", views.list_version, name="list_version"),
    path("screenings/", views.screening_new, name="screening_new"),
    path("work/<int:job_id>/", views.work, name="work"),
    path("interactions/", views.interaction_list, name="interactions"),
    path("access/", views.access_list, name="access"),
]
