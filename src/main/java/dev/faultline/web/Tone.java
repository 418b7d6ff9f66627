package dev.faultline.web;

/** What a colour means. */
public enum Tone {
    /** No meaning: a fact. */
    PLAIN,
    /** A fault, or worse. */
    RED,
    /** Waiting, unproven, or stuck. */
    AMBER,
    /** Fixed or better. */
    GREEN,
    /** New. */
    BLUE,
    /** The software stopped itself. */
    VIOLET;

    /** The class of the stylesheet. */
    public String css() {
        return switch (this) {
            case PLAIN -> "tone-plain";
            case RED -> "tone-red";
            case AMBER -> "tone-amber";
            case GREEN -> "tone-green";
            case BLUE -> "tone-blue";
            case VIOLET -> "tone-violet";
        };
    }
}
