package dev.faultline.differential;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Which addresses of a file are asked for. */
final class Addresses {
    private static final int OUTSIDE = 4;

    private Addresses() {}

    /**
     * Tombstones, places around the code, and of the code itself every byte or, where that is more than {@code most}, the
     * first and the last byte of functions and the first behind them, the middles of gaps, and others at random. The same
     * for the same file.
     */
    static long[] of(Image image, int most) {
        var chosen = new TreeSet<Long>(Long::compareUnsigned);
        addOutside(image, chosen);
        long bytes =
                image.code().stream().mapToLong(range -> range[1] - range[0]).sum();
        if (bytes <= most) {
            for (long[] range : image.code()) {
                for (long address = range[0]; address != range[1]; address++) {
                    chosen.add(address);
                }
            }
        } else {
            addSome(image, bytes, most, chosen);
        }
        return chosen.stream().mapToLong(Long::longValue).toArray();
    }

    private static void addOutside(Image image, Set<Long> chosen) {
        long highest = image.is64Bit() ? -1L : 0xffff_ffffL;
        for (int i = 0; i < OUTSIDE; i++) {
            chosen.add((long) i);
            chosen.add(highest - i);
        }
        chosen.add(0x40L);
        for (long[] range : image.code()) {
            chosen.add(range[0] - 1 & highest);
            chosen.add(range[1] & highest);
            chosen.add(range[1] + 0x40 & highest);
        }
    }

    private static void addSome(Image image, long bytes, int most, Set<Long> chosen) {
        var random = new Random(1);
        List<Image.Function> functions = image.functions();
        for (int i = 0; i < most / 5 && !functions.isEmpty(); i++) {
            Image.Function function = functions.get(random.nextInt(functions.size()));
            long end = function.start() + function.size();
            chosen.add(function.start());
            chosen.add(end - 1);
            chosen.add(end);
        }
        for (int i = 0; i + 1 < functions.size() && chosen.size() < most * 7L / 10; i += 1 + random.nextInt(20)) {
            long end = functions.get(i).start() + functions.get(i).size();
            long gap = functions.get(i + 1).start() - end;
            if (gap > 0 && image.isCode(end)) {
                chosen.add(end + gap / 2);
            }
        }
        while (chosen.size() < most) {
            long at = (random.nextLong() & Long.MAX_VALUE) % bytes;
            for (long[] range : image.code()) {
                long size = range[1] - range[0];
                if (at < size) {
                    chosen.add(range[0] + at);
                    break;
                }
                at -= size;
            }
        }
    }
}
