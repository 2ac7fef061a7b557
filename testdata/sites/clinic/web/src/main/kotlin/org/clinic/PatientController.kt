package org.clinic

import org.springframework.core.io.ClassPathResource
import org.springframework.stereotype.Controller
import org.springframework.web.bind.annotation.GetMapping

@Controller
class PatientController {
    @GetMapping("/patients")
    fun register() = "patients/register"

    @GetMapping("/patients/record")
    fun record(found: Boolean): String {
        if (!found) {
            return "patients/unknown"
        }
        return "patients/record"
    }

    fun insurers() = ClassPathResource("imports/insurers.csv").inputStream

    fun wards() = javaClass.getResource("/imports/wards.csv")!!.readText()
}
