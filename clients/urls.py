"""/clients/…"""

from django.urls import path

from clients.views import contacts, documents, files, lending, lists

app_name = "clients"
urlpatterns = [
    path("", lists.client_list, name="list"),
    path("new/", files.lead_new, name="lead_new"),
    path("views/", lists.view_new, name="view_new"),
    path("views/<int:view_id>/removal/", lists.view_removal, name="view_removal"),
    path("brake/", lists.brake, name="brake"),
    path("lent/", lending.lent, name="lent"),
    path("lent/<int:grant_id>/end/", lending.loan_end, name="loan_end"),
    path("covers/", lending.covers, name="covers"),
    path("covers/<int:member_id>/end/", lending.cover_end, name="cover_end"),
    path("<int:client_id>/lending/", lending.lending, name="lending"),
    path("tasks/", lists.task_list, name="tasks"),
    path("tasks/<int:task_id>/completion/", lists.task_completion, name="task_completion"),
    path("contact-points/<int:point_id>/removal/", files.contact_point_removal, name="contact_point_removal"),
    path("interactions/<int:interaction_id>/", contacts.interaction, name="interaction"),
    path(
        "interactions/<int:interaction_id>/correction/",
        contacts.interaction_correction,
        name="interaction_correction",
    ),
    path("interactions/<int:interaction_id>/addenda/", contacts.addendum_new, name="addendum_new"),
    path("<int:client_id>/contact-points/new/", files.contact_point_new, name="contact_point_new"),
    path("<int:client_id>/parties/new/", files.related_party_new, name="related_party_new"),
    path("<int:client_id>/preferences/", files.preferences, name="preferences"),
    path("<int:client_id>/documents/", documents.document_list, name="documents"),
    path("<int:client_id>/documents/<int:document_id>/", documents.document, name="document"),
    path("<int:client_id>/interactions/", contacts.interaction_list, name="interactions"),
    path("<int:client_id>/interactions/new/", contacts.interaction_new, name="interaction_new"),
    path("<int:client_id>/tasks/new/", contacts.task_new, name="task_new"),
]
