package dev.faultline.fleet;

/**
 * Some of the devices that were looked at.
 *
 * @param devices that were looked at
 * @param affected those of them that are meant
 */
public record Part(long devices, long affected) {

    public Part {
        if (affected < 0 || affected > devices) {
            throw new IllegalArgumentException("%d of %d devices".formatted(affected, devices));
        }
    }
}
