package dev.faultline.differential;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The same program in a file that leaves nothing to mistake, and what is known about that file. */
final class Twin {
    private final Image image;
    private final Judge judge;
    private final Map<Long, Map<Peer, Answer>> answers;

    Twin(Image image, Map<Long, Map<Peer, Answer>> answers) {
        this.image = image;
        this.judge = new Judge(image, null);
        this.answers = answers;
    }

    /**
     * What the same byte of the same function means there; null where no function there has one of its names. Where the
     * file has no symbols, it is the same address.
     */
    @Nullable
    Truth truth(long address, List<Image.Function> around) {
        if (around.isEmpty()) {
            return at(address);
        }
        for (Image.Function function : around) {
            Image.Function there = image.function(function.name());
            if (there != null) {
                return at(there.start() + (address - function.start()));
            }
        }
        return null;
    }

    private @Nullable Truth at(long address) {
        Map<Peer, Answer> given = answers.get(address);
        return given == null ? null : judge.judge(address, given);
    }
}
