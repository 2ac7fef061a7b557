from django.urls import include, path

urlpatterns = [path("exhibits/", include("exhibits.addresses"))]
