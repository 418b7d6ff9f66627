package dev.faultline.web;

import dev.faultline.fingerprint.FramePart;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a rule may make of a frame, in the words of its page. */
public enum RuleClass {
    SKIP(FramePart.SKIP, "Skip it", "as if it were not there at all, wherever it stands"),
    SENTINEL(
            FramePart.SENTINEL,
            "Plumbing: everything above it goes",
            "the crash was only noticed here; it and all that it called say nothing"),
    PREFIX(
            FramePart.PREFIX,
            "Plumbing: look past it too",
            "it stays a part of what is compared, but whoever called it has to follow"),
    BASE(FramePart.BASE, "Base: everything below it goes", "threads begin here; it and its callers say nothing"),
    RELEVANT(
            FramePart.RELEVANT,
            "It says where it crashed",
            "it counts like any function of yours, although a rule behind this one takes it for plumbing");

    private final FramePart part;
    private final String words;
    private final String meaning;

    RuleClass(FramePart part, String words, String meaning) {
        this.part = part;
        this.words = words;
        this.meaning = meaning;
    }

    /** The one of that name; absent for what is no class of rules. */
    static @Nullable RuleClass of(String label) {
        return Arrays.stream(values())
                .filter(one -> one.label().equals(label))
                .findFirst()
                .orElse(null);
    }

    /** How a page names it, whatever the part. */
    static String words(FramePart part) {
        RuleClass known = of(part.label());
        return known == null ? part.label() : known.words;
    }

    FramePart part() {
        return part;
    }

    /** As the API has it. */
    public String label() {
        return part.label();
    }

    public String words() {
        return words;
    }

    public String meaning() {
        return meaning;
    }
}
