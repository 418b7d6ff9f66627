package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** That something was said about the order of a software type's releases: what was unknown until then may be known now. */
public record ReleaseNews(long projectId, String software) {
    private static final String ABOUT =
            "insert into release_news (project_id, software) values (?, ?) on conflict do nothing";

    private static final String TAKE = "delete from release_news returning project_id, software";

    static void about(Connection transaction, long projectId, String software) throws SQLException {
        Fragment.update(transaction, ABOUT, projectId, software);
    }

    /** What is new; nobody else gets it once the transaction is done. */
    public static List<ReleaseNews> take(Connection transaction) throws SQLException {
        List<ReleaseNews> news = new ArrayList<>();
        try (var delete = transaction.prepareStatement(TAKE);
                var row = delete.executeQuery()) {
            while (row.next()) {
                news.add(new ReleaseNews(row.getLong(1), row.getString(2)));
            }
        }
        return news;
    }
}
