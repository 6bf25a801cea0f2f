"""/rules/…: what the bank decided, and who decided it."""

from django.urls import path

from rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("", views.packs, name="packs"),
    path("countries/", views.countries, name="countries"),
    path("versions/<int:pack_id>/", views.version, name="version"),
    path("versions/<int:pack_id>/figures/", views.figures, name="figures"),
    path("versions/<int:pack_id>/activation/", views.activation, name="activation"),
    path("versions/<int:pack_id>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("<slug:name>/", views.pack, name="pack"),
    path("<slug:name>/drafts/", views.draft_new, name="draft_new"),
]
