from django.shortcuts import render


def listing(request):
    return render(request, "exhibits/listing.html")
