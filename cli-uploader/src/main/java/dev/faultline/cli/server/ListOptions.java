package dev.faultline.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.JsonOption;
import dev.faultline.cli.Table;
import dev.faultline.cli.Terminal;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** What every command that lists something has: the service, how much of the list, and JSON or a table for people. */
public final class ListOptions {
    @Mixin
    private final ServerOptions service = new ServerOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    /** The service that is asked, as whom, and in which project. */
    public ServerOptions service() {
        return service;
    }

    /** Most entries that are wanted. */
    public int limit() {
        return limit.value();
    }

    /** A column of the table: its heading and what stands in it. */
    public record Column(String heading, Function<JsonNode, String> cell) {

        /** A column of the members with one name. */
        public static Column of(String heading, String member) {
            return new Column(heading, entry -> Fields.text(entry, member));
        }
    }

    /** Prints a list as it was asked for; {@code none} is what a person reads of an empty one. */
    public void print(Listing list, Terminal terminal, String none, List<Column> columns) {
        if (json.wanted()) {
            list.items().forEach(terminal.out()::println);
            return;
        }
        if (list.items().isEmpty()) {
            terminal.out().println(none);
            return;
        }
        var table = new Table(columns.stream().map(Column::heading).toArray(String[]::new));
        list.items()
                .forEach(entry -> table.add(columns.stream()
                        .map(column -> column.cell().apply(entry))
                        .toArray(String[]::new)));
        table.print(terminal.out());
        limit.sayIfMore(list, terminal);
    }
}
