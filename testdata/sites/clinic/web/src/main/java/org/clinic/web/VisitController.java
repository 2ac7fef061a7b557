package org.clinic.web;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;

@Controller
class VisitController {
    private static final String APPOINTMENT = "visits/appointment";

    @GetMapping("/visits")
    public String schedule() {
        return "visits/schedule";
    }

    @GetMapping("/visits/new")
    public String begin() {
        return APPOINTMENT;
    }

    @PostMapping("/visits/new")
    public String save(boolean valid) {
        return valid ? "redirect:/visits" : "visits/rejected";
    }

    @GetMapping("/visits/summary")
    public ModelAndView summary() {
        return new ModelAndView("visits/summary");
    }
}
