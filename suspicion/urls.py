"""/suspicion/…: the form is everyone's; for who is not of the MLRO's team nothing else is here."""

from django.urls import path

from suspicion import views

app_name = "suspicion"
urlpatterns = [
    path("report/", views.report, name="report"),
    path("", views.desk, name="desk"),
    path("journal/", views.journal, name="journal"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("cases/<int:case_id>/assessment/", views.assessment, name="assessment"),
    path("cases/<int:case_id>/notes/", views.note_new, name="note_new"),
    path("cases/<int:case_id>/client/", views.client_found, name="client_found"),
    path("cases/<int:case_id>/decision/", views.decision, name="decision"),
    path("cases/<int:case_id>/draft/", views.draft, name="draft"),
    path("cases/<int:case_id>/filing/", views.filing, name="filing"),
    path("cases/<int:case_id>/fiu-answer/", views.fiu_answer, name="fiu_answer"),
    path("cases/<int:case_id>/hold/", views.hold, name="hold"),
    path("cases/<int:case_id>/removal/", views.removal, name="removal"),
    path("cases/<int:case_id>/access/", views.access, name="access"),
    path("cases/<int:case_id>/paper/", views.paper, name="paper"),
    path("cases/<int:case_id>/documents/<int:document_id>/", views.document, name="document"),
    path("requests/new/", views.request_new, name="request_new"),
    path("requests/<int:request_id>/", views.request, name="request"),
]
