package dev.faultline.symbols.index;

import dev.faultline.symbols.index.TextPool.Text;

/** The paths of source files as the index has them: ascending, directory and name apart because directories repeat. */
final class SourcePaths {
    private final Text[] sorted;
    private final Text[] directories;
    private final Text[] names;
    private final int[] numbers;

    /** Numbers the texts that it will write. */
    SourcePaths(TextPool paths, TextPool texts) {
        this.sorted = paths.rank();
        this.directories = new Text[sorted.length];
        this.names = new Text[sorted.length];
        this.numbers = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            String path = sorted[i].value();
            int slash = path.lastIndexOf('/');
            directories[i] = texts.of(path.substring(0, slash + 1));
            names[i] = texts.of(path.substring(slash + 1));
            texts.number(directories[i]);
            texts.number(names[i]);
            numbers[paths.number(sorted[i])] = i + 1;
        }
    }

    /** For each path by its number in the pool its number in the index, from 1. */
    int[] numbers() {
        return numbers;
    }

    /** The section; texts have their ranks by now. */
    Bytes bytes() {
        var bytes = new Bytes();
        for (int i = 0; i < sorted.length; i++) {
            bytes.u32(directories[i].rank());
            bytes.u32(names[i].rank());
        }
        return bytes;
    }
}
