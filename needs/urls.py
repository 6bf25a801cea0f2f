"""/needs/…"""

from django.urls import path

from needs import views

app_name = "needs"
urlpatterns = [
    path("<int:client_id>/", views.assess, name="assess"),
    path("<int:client_id>/appropriateness/", views.appropriateness, name="appropriateness"),
    path("<int:client_id>/goals/new/", views.goal_new, name="goal_new"),
    path("goals/<int:goal_id>/", views.goal, name="goal"),
    path("assessments/<int:assessment_id>/signature/", views.signature, name="signature"),
    path("assessments/<int:assessment_id>/removal/", views.removal, name="removal"),
]
