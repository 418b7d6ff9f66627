package dev.faultline.cli.cluster;

import dev.faultline.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Clusters of a service. */
@Command(
        name = "clusters",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "List, search, resolve, mute, merge and split clusters of crashes.")
public final class ClustersCommand {

    private ClustersCommand() {}

    public static CommandLine with(Terminal terminal) {
        return new CommandLine(new ClustersCommand())
                .addSubcommand(new ListClusters(terminal))
                .addSubcommand(new ShowCluster(terminal))
                .addSubcommand(new ResolveCluster(terminal))
                .addSubcommand(new MuteCluster(terminal))
                .addSubcommand(new OpenCluster(terminal))
                .addSubcommand(new DescribeCluster(terminal))
                .addSubcommand(new CommentCluster(terminal))
                .addSubcommand(new MergeClusters(terminal))
                .addSubcommand(new SplitCluster(terminal))
                .addSubcommand(new MoveVariants(terminal))
                .addSubcommand(new UnmergeClusters(terminal))
                .addSubcommand(new UndoEdit(terminal));
    }
}
