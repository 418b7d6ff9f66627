package dev.faultline.symbols.demangle;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the demangler with {@code c++filt} and {@code llvm-cxxfilt}. Where the two agree it has to agree as well: the
 * exit code is the number of names where it does not, at most 1. Run it on a file of one name a line, collected for
 * example with {@code nm}:
 *
 * <pre>
 * find /usr/lib -name '*.so*' -exec nm -D {} + 2>/dev/null | awk '{print $NF}' | grep -E '^_(Z|R)' | sort -u > names
 * ./mvnw -q test-compile -pl symbol-store
 * java -cp symbol-store/target/classes:symbol-store/target/test-classes \
 *     dev.faultline.symbols.demangle.DemanglerDifferential names c++filt llvm-cxxfilt differences
 * </pre>
 *
 * The last argument is a directory that gets one file for each kind of difference: the name, then what each of the three
 * says. Templates closed by {@code >>}, as LLVM 15 and later print them, are compared as {@code > >}.
 */
final class DemanglerDifferential {

    /** How the three stand to each other on one name. */
    private enum Outcome {
        ALL_EQUAL,
        TOOLS_AGREE_AGAINST_US,
        TOOLS_DIFFER_EQUAL_TO_CXXFILT,
        TOOLS_DIFFER_EQUAL_TO_LLVM,
        ALL_DIFFER,
        ONLY_CXXFILT,
        ONLY_LLVM,
        ONLY_WE,
        NOBODY
    }

    private DemanglerDifferential() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path names = Path.of(arguments[0]);
        List<String> mangled = Files.readAllLines(names, StandardCharsets.ISO_8859_1);
        List<String> first = run(arguments[1], names);
        List<String> second = run(arguments[2], names);
        Path differences = Files.createDirectories(Path.of(arguments[3]));
        if (first.size() != mangled.size() || second.size() != mangled.size()) {
            throw new IllegalStateException("a tool printed another number of lines than it got names");
        }

        Map<Outcome, List<String>> found = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            found.put(outcome, new ArrayList<>());
        }
        for (int i = 0; i < mangled.size(); i++) {
            String name = mangled.get(i);
            String ours = Demangler.demangleWithSuffix(name).orElse(name);
            String cxxfilt = first.get(i);
            String llvm = spaced(second.get(i), name);
            found.get(outcome(name, ours, cxxfilt, llvm))
                    .add("%s\n  ours     %s\n  c++filt  %s\n  llvm     %s\n".formatted(name, ours, cxxfilt, llvm));
        }
        for (var entry : found.entrySet()) {
            System.out.printf("%-32s %,9d%n", entry.getKey(), entry.getValue().size());
            if (entry.getKey() != Outcome.ALL_EQUAL) {
                write(differences.resolve(entry.getKey() + ".txt"), entry.getValue());
            }
        }
        System.exit(found.get(Outcome.TOOLS_AGREE_AGAINST_US).isEmpty() ? 0 : 1);
    }

    private static Outcome outcome(String name, String ours, String cxxfilt, String llvm) {
        boolean byUs = !ours.equals(name);
        boolean byCxxfilt = !cxxfilt.equals(name);
        boolean byLlvm = !llvm.equals(name);
        if (!byCxxfilt && !byLlvm) {
            return byUs ? Outcome.ONLY_WE : Outcome.NOBODY;
        }
        if (cxxfilt.equals(llvm)) {
            return ours.equals(cxxfilt) ? Outcome.ALL_EQUAL : Outcome.TOOLS_AGREE_AGAINST_US;
        }
        if (ours.equals(cxxfilt)) {
            return byCxxfilt ? Outcome.TOOLS_DIFFER_EQUAL_TO_CXXFILT : Outcome.ONLY_LLVM;
        }
        if (ours.equals(llvm)) {
            return byLlvm ? Outcome.TOOLS_DIFFER_EQUAL_TO_LLVM : Outcome.ONLY_CXXFILT;
        }
        return Outcome.ALL_DIFFER;
    }

    /** With {@code > >} as older tools close nested template arguments; operators keep their own. */
    private static String spaced(String demangled, String name) {
        if (demangled.equals(name)) {
            return demangled;
        }
        StringBuilder text = new StringBuilder(demangled.length() + 16);
        for (int i = 0; i < demangled.length(); i++) {
            char c = demangled.charAt(i);
            boolean ofOperator = text.length() >= 9 && text.indexOf("operator>", text.length() - 9) >= 0;
            if (c == '>' && !text.isEmpty() && text.charAt(text.length() - 1) == '>' && !ofOperator) {
                text.append(' ');
            }
            text.append(c);
        }
        return text.toString();
    }

    private static List<String> run(String tool, Path names) throws IOException, InterruptedException {
        Path output = Files.createTempFile("demangled", ".txt");
        try {
            Process process = new ProcessBuilder(tool)
                    .redirectInput(names.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(tool + " failed");
            }
            return Files.readAllLines(output, StandardCharsets.ISO_8859_1);
        } finally {
            Files.delete(output);
        }
    }

    private static void write(Path file, List<String> lines) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
            for (String line : lines) {
                out.write(line);
            }
        }
    }
}
