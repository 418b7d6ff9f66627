package dev.faultline.differential;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The same objects linked in a way that leaves nothing to mistake, and what is known about that file. */
final class Twin {
    private final Image image;
    private final Judge judge;
    private final Map<Long, Map<Peer, Answer>> answers;

    Twin(Image image, Map<Long, Map<Peer, Answer>> answers) {
        this.image = image;
        this.judge = new Judge(image, null);
        this.answers = answers;
    }

    /** What the same byte of the same function means there; null where no function there has one of its names. */
    @Nullable
    Truth truth(long address, List<Image.Function> around) {
        for (Image.Function function : around) {
            Image.Function there = image.function(function.name());
            if (there != null) {
                long moved = there.start() + (address - function.start());
                Map<Peer, Answer> given = answers.get(moved);
                return given == null ? null : judge.judge(moved, given);
            }
        }
        return null;
    }
}
