"""/onboarding/…"""

from django.urls import path

from onboarding import views
from onboarding.views import endings, imports

app_name = "onboarding"
urlpatterns = [
    path("", views.onboarding_list, name="list"),
    path("new/", views.opening_new, name="opening_new"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/<int:duplicate_id>/decision/", views.duplicate_decision, name="duplicate_decision"),
    path("clients/<int:client_id>/new/", views.onboarding_new, name="new"),
    path("endings/", endings.endings, name="endings"),
    path("clients/<int:client_id>/ending/", endings.ending, name="ending"),
    path("clients/<int:client_id>/aside/", endings.lead_aside, name="lead_aside"),
    path("asides/<int:aside_id>/taking-up/", endings.lead_taking_up, name="lead_taking_up"),
    path("endings/<int:ending_id>/confirmation/", endings.ending_confirmation, name="ending_confirmation"),
    path("endings/<int:ending_id>/return/", endings.ending_return, name="ending_return"),
    path("endings/<int:ending_id>/withdrawal/", endings.ending_withdrawal, name="ending_withdrawal"),
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
    path("<int:onboarding_id>/plan/", views.plan, name="plan"),
    path("<int:onboarding_id>/review/", views.review, name="review"),
    path("<int:onboarding_id>/hold/", views.hold, name="hold"),
    path("<int:onboarding_id>/aside/", endings.opening_aside, name="opening_aside"),
    path("<int:onboarding_id>/resumption/", views.resumption, name="resumption"),
    path("<int:onboarding_id>/holders/new/", views.holder_new, name="holder_new"),
    path("<int:onboarding_id>/people/search/", views.owners_search, name="owners_search"),
    path("<int:onboarding_id>/people/<int:party_id>/", views.person, name="person"),
    path("<int:onboarding_id>/people/new/", views.person_new, name="person_new"),
    path("<int:onboarding_id>/holders/<int:party_id>/", views.holder, name="holder"),
    path("<int:onboarding_id>/people/<int:party_id>/removal/", views.person_removal, name="person_removal"),
    path("<int:onboarding_id>/holders/<int:party_id>/wealth/", views.wealth, name="wealth"),
    path("<int:onboarding_id>/holders/<int:party_id>/tax/", views.certification, name="certification"),
    path("<int:onboarding_id>/tax/<int:certification_id>/change/", views.circumstances, name="circumstances"),
    path("<int:onboarding_id>/accounts/new/", views.account_new, name="account_new"),
    path(
        "<int:onboarding_id>/accounts/<int:account_id>/removal/",
        views.account_removal,
        name="account_removal",
    ),
    path("<int:onboarding_id>/consents/", views.consents, name="consents"),
    path("<int:onboarding_id>/products/", views.products, name="products"),
    path("<int:onboarding_id>/facts/", views.facts, name="facts"),
    path("<int:onboarding_id>/documents/<int:required_id>/file/", views.document_file, name="document_file"),
    path(
        "<int:onboarding_id>/documents/<int:required_id>/review/",
        views.document_review,
        name="document_review",
    ),
    path(
        "<int:onboarding_id>/documents/<int:required_id>/taking/",
        views.document_taking,
        name="document_taking",
    ),
    path(
        "<int:onboarding_id>/documents/<int:required_id>/removal/",
        views.document_removal,
        name="document_removal",
    ),
    path("<int:onboarding_id>/submission/", views.submission, name="submission"),
    path("<int:onboarding_id>/approval/", views.approval, name="approval"),
    path("<int:onboarding_id>/refusal/", views.refusal, name="refusal"),
]
