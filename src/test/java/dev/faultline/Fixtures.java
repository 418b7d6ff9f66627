package dev.faultline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The firmware's debug files and coredumps. */
public final class Fixtures {
    private static final Path ROOT =
            Path.of("../firmware-fixtures").toAbsolutePath().normalize();

    private Fixtures() {}

    /** A coredump by the name of its build and situation, such as {@code main-fw-1.0.0-rev-a-brownout}. */
    public static byte[] coredump(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("coredumps/" + name + ".core"));
    }

    /** A debug file by the name of its build, such as {@code main-fw-1.0.0-rev-a}. */
    public static byte[] elf(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("elf/" + name + ".elf"));
    }

    /** One of the small programs that show what compilers write, by its place among them. */
    public static Path symbols(String name) {
        return ROOT.resolve("symbols/" + name);
    }

    /** A crash in the format of another system. */
    public static byte[] format(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("formats").resolve(name));
    }

    /** A file of the firmware with logs of other systems, such as {@code elf/chunk-m3.elf}. */
    public static byte[] logs(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("logs").resolve(name));
    }

    /** A broken or malicious file. */
    public static byte[] hostile(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("hostile/" + name));
    }

    /** Rows of gdb's stacks of a coredump. */
    public static Path expected(String name) {
        return ROOT.resolve("expected/" + name + ".tsv");
    }
}
