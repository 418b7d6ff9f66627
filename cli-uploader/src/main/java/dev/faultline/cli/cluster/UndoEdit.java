package dev.faultline.cli.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes an edit back. */
@Command(name = "undo", mixinStandardHelpOptions = true, description = "Undo an edit, as if it had not been.")
final class UndoEdit implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Edits edits = new Edits();

    @Parameters(paramLabel = "EDIT", description = "Its number, as the edit itself and show print it.")
    private long edit;

    UndoEdit(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return edits.back(terminal, edit, "undo", JsonNodeFactory.instance.objectNode());
    }
}
