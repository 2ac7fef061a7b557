using Microsoft.AspNetCore.Mvc;

namespace Office.Controllers;

public class InvoicesController : Controller
{
    public IActionResult Overview() => View("Overview");

    public IActionResult Position(int number)
    {
        return PartialView("_Position", number);
    }

    public IActionResult Reminder() => View("~/Views/Invoices/Reminder.cshtml");

    public IActionResult Payment() => View(viewName: "Payment", model: null);
}
