package org.clinic;

import java.io.IOException;
import java.io.InputStream;

class Letters {
    InputStream reminder() {
        return getClass().getResourceAsStream("/letters/reminder.txt");
    }

    InputStream greeting() {
        return Letters.class.getResourceAsStream("greeting.txt");
    }

    InputStream invoice(ClassLoader classLoader) {
        return classLoader.getResourceAsStream("letters/invoice.txt");
    }
}
