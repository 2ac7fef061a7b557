from django.urls import path

from exhibits import rooms

urlpatterns = [path("", rooms.listing)]
