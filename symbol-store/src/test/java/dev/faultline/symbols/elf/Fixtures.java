package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** ELF files that we built: see firmware-fixtures/symbols/build-elf.sh and build.sh. */
final class Fixtures {
    private static final Path SYMBOLS = Path.of("../firmware-fixtures/symbols");

    private Fixtures() {}

    static Path object(String name) {
        return SYMBOLS.resolve("objects").resolve(name);
    }

    static Path image(String name) {
        return SYMBOLS.resolve("images").resolve(name);
    }

    static Path elf(String name) {
        return SYMBOLS.resolve("elf").resolve(name + ".elf");
    }

    static ElfFile open(Path file) {
        return ElfFile.open(file, Limits.DEFAULT);
    }

    static ElfFile of(byte[] file) {
        return ElfFile.of(ByteReader.of("file", file), Limits.DEFAULT);
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(ElfFile elf, String section) {
        return bytes(elf.bytes(elf.section(section).orElseThrow()));
    }

    static byte[] bytes(ByteReader in) {
        return in.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    /** The default limits but for one of them, whatever others there are. */
    static Limits limits(String name, Object value) {
        try {
            var components = Limits.class.getRecordComponents();
            var types = new Class<?>[components.length];
            var values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals(name)
                        ? value
                        : components[i].getAccessor().invoke(Limits.DEFAULT);
            }
            if (Arrays.stream(components)
                    .noneMatch(component -> component.getName().equals(name))) {
                throw new IllegalArgumentException("no limit is called " + name);
            }
            return Limits.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
