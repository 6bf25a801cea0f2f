"""/reviews/…"""

from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("", views.due_list, name="list"),
    path("clients/<int:client_id>/preparation/", views.preparation, name="preparation"),
    path("<int:review_id>/", views.review, name="review"),
    path("<int:review_id>/minutes/", views.minutes, name="minutes"),
]
