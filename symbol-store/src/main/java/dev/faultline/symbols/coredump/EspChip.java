package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.Xtensa;
import java.util.Optional;

/** Chips of Espressif by the number in their images. */
enum EspChip {
    ESP32(0),
    ESP32_S2(2),
    ESP32_C3(5),
    ESP32_S3(9),
    ESP32_C2(12),
    ESP32_C6(13),
    ESP32_H2(16),
    ESP32_P4(18),
    ESP32_C61(20),
    ESP32_C5(23),
    ESP32_H21(25),
    ESP32_H4(28),
    ESP32_S31(32);

    private final int id;

    EspChip(int id) {
        this.id = id;
    }

    static Optional<EspChip> of(long id) {
        for (var chip : values()) {
            if (chip.id == id) {
                return Optional.of(chip);
            }
        }
        return Optional.empty();
    }

    Architecture architecture() {
        return switch (this) {
            case ESP32, ESP32_S2, ESP32_S3 -> new Xtensa();
            case ESP32_C3,
                    ESP32_C2,
                    ESP32_C6,
                    ESP32_H2,
                    ESP32_P4,
                    ESP32_C61,
                    ESP32_C5,
                    ESP32_H21,
                    ESP32_H4,
                    ESP32_S31 -> new RiscV(4);
        };
    }

    /** Whether the processor has loop registers, which an exception frame then has as well. */
    boolean hasLoops() {
        return this != ESP32_S2;
    }

    String label() {
        return name().replace('_', '-');
    }
}
