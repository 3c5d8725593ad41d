"""Pages."""

import json

from django.db import Error, connection
from django.http import HttpResponse, JsonResponse
from django.urls import path

from shop.models import Order


def live(request):
    return HttpResponse("alive")


def ready(request):
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM shop_order LIMIT 1")
    except Error:
        return HttpResponse("not ready", status=503)
    return HttpResponse("ready")


def orders(request):
    if request.method == "POST":
        item = json.loads(request.body)["item"]
        Order.objects.create(item=item)
        return JsonResponse({"item": item}, status=201)
    return JsonResponse(list(Order.objects.values_list("item", flat=True)), safe=False)


def login(request):
    request.session["user"] = json.loads(request.body)["user"]
    return JsonResponse({})


def me(request):
    user = request.session.get("user")
    return JsonResponse({"user": user}, status=200 if user else 401)


urlpatterns = [
    path("healthz", live),
    path("readyz", ready),
    path("orders", orders),
    path("login", login),
    path("me", me),
]
