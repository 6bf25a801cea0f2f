"""/portfolios/…"""

from django.urls import path

from portfolios import views

app_name = "portfolios"
urlpatterns = [
    path("<int:client_id>/", views.portfolio, name="client"),
]
