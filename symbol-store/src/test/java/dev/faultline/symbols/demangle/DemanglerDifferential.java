package dev.faultline.symbols.demangle;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        List<String> mangled = Files.readAllLines(names, StandardCharsets.UTF_8);
        List<String> first = run(arguments[1], names);
        List<String> second = run(arguments[2], names);
        Path differences = Files.createDirectories(Path.of(arguments[3]));
        if (first.size() != mangled.size() || second.size() != mangled.size()) {
            throw new IllegalStateException("a tool printed another number of lines than it got names");
        }

        Outcome[] outcomes = new Outcome[mangled.size()];
        for (int i = 0; i < outcomes.length; i++) {
            String name = mangled.get(i);
            outcomes[i] = outcome(name, first.get(i), spaced(second.get(i), name));
        }
        int against = 0;
        for (Outcome outcome : Outcome.values()) {
            int count = 0;
            try (BufferedWriter out =
                    Files.newBufferedWriter(differences.resolve(outcome + ".txt"), StandardCharsets.UTF_8)) {
                for (int i = 0; i < outcomes.length; i++) {
                    if (outcomes[i] == outcome) {
                        count++;
                        if (outcome != Outcome.ALL_EQUAL) {
                            String name = mangled.get(i);
                            String ours = Demangler.demangleWithSuffix(name).orElse(name);
                            String llvm = spaced(second.get(i), name);
                            out.write("%s%n  ours     %s%n  c++filt  %s%n  llvm     %s%n"
                                    .formatted(name, ours, first.get(i), llvm));
                        }
                    }
                }
            }
            System.out.printf("%-32s %,9d%n", outcome, count);
            against += outcome == Outcome.TOOLS_AGREE_AGAINST_US ? count : 0;
        }
        System.exit(against == 0 ? 0 : 1);
    }

    private static Outcome outcome(String name, String cxxfilt, String llvm) {
        String ours = Demangler.demangleWithSuffix(name).orElse(name);
        String shown = Demangler.demangle(name).orElse(name);
        boolean byCxxfilt = !cxxfilt.equals(name);
        boolean byLlvm = !llvm.equals(name);
        if (!byCxxfilt && !byLlvm) {
            return ours.equals(name) ? Outcome.NOBODY : Outcome.ONLY_WE;
        }
        if (cxxfilt.equals(llvm)) {
            return ours.equals(cxxfilt) ? Outcome.ALL_EQUAL : Outcome.TOOLS_AGREE_AGAINST_US;
        }
        if (ours.equals(cxxfilt)) {
            return byCxxfilt ? Outcome.TOOLS_DIFFER_EQUAL_TO_CXXFILT : Outcome.ONLY_LLVM;
        }
        // of Rust, LLVM prints what we show: no hashes
        if (ours.equals(llvm) || shown.equals(llvm)) {
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
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
    }
}
