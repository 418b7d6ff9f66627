package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.index.AddressRange;
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

    /** Where its mask ROM has code, which no debug file of the firmware describes; by its reference manual, where that is out. */
    Optional<LoadedImage> rom() {
        return switch (this) {
            case ESP32 -> rom(0x4000_0000L, 0x4007_0000L);
            case ESP32_S3, ESP32_C3 -> rom(0x4000_0000L, 0x4006_0000L);
            case ESP32_S2, ESP32_H2 -> rom(0x4000_0000L, 0x4002_0000L);
            case ESP32_C2 -> rom(0x4000_0000L, 0x4009_0000L);
            case ESP32_C6 -> rom(0x4000_0000L, 0x4005_0000L);
            case ESP32_P4 -> rom(0x4fc0_0000L, 0x4fc2_0000L);
            case ESP32_C61, ESP32_C5, ESP32_H21, ESP32_H4, ESP32_S31 -> Optional.empty();
        };
    }

    private Optional<LoadedImage> rom(long start, long end) {
        return Optional.of(LoadedImage.rom(label(), new AddressRange(start, end)));
    }

    /** Whether the processor has loop registers, which an exception frame then has as well. */
    boolean hasLoops() {
        return this != ESP32_S2;
    }

    String label() {
        return name().replace('_', '-');
    }
}
