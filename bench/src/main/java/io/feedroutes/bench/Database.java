package io.feedroutes.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** A contestant's database. */
final class Database implements AutoCloseable {

    private final Connection connection;
    private final String name;

    private Database(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /** Drops and creates the database. */
    static Database create(String name, Settings settings) throws SQLException {
        var connection = DriverManager.getConnection(
                settings.databaseUrl(), settings.databaseUsername(), settings.databasePassword());
        try (var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        }
        connection.setCatalog(name);
        return new Database(connection, name);
    }

    void createSchema() {
        ScriptUtils.executeSqlScript(connection, new ClassPathResource("schema.sql"));
    }

    String version() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    /** Makes accounts 1 to {@code number} where they are missing. */
    void seedAccounts(int number) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT IGNORE INTO accounts (id, username, password, token) VALUES (?, ?, '', ?)")) {
            for (int id = 1; id <= number; id++) {
                insert.setLong(1, id);
                insert.setString(2, Tokens.username(id));
                insert.setString(3, Tokens.id(id));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** New videos that nobody has liked. */
    Videos seedVideos(int number, String title) throws SQLException {
        try (var insert = connection.prepareStatement(
                "INSERT INTO videos (author_id, username, title, play_url, cover_url, create_time)"
                        + " VALUES (1, 'bench1', ?, 'https://example.org/v.mp4', 'https://example.org/c.jpg', NOW(3) - INTERVAL ? SECOND)")) {
            for (int i = 0; i < number; i++) {
                insert.setString(1, title);
                insert.setInt(2, number - i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        var ids = new ArrayList<Long>(number);
        try (var select = connection.prepareStatement("SELECT id FROM videos WHERE title = ? ORDER BY id")) {
            select.setString(1, title);
            for (var rows = select.executeQuery(); rows.next(); ) {
                ids.add(rows.getLong(1));
            }
        }
        if (ids.size() != number) {
            throw new IllegalStateException(ids.size() + " videos, not " + number);
        }
        return new Videos(ids);
    }

    /** Likes of all videos by up to {@code accounts} accounts, half of them on average; the triggers would read what they count. */
    void seedLikes(int accounts) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER like_states_counted_on_insert");
            statement.execute("INSERT INTO like_states (video_id, account_id, liked, changed_at)"
                    + " SELECT v.id, a.id, 1, UTC_TIMESTAMP(6) FROM videos v JOIN accounts a ON a.id <= 1 + v.id % " + accounts);
            statement.execute("UPDATE videos SET likes_count = 1 + id % " + accounts + ", popularity = likes_count");
        }
    }

    /** A hot score in one of the last sixty minutes for each video. */
    void seedHotScores() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("INSERT INTO popularity_minutes (minute, video_id, score, revision, changed_at)"
                    + " SELECT DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL id % 60 MINUTE, '%Y-%m-%d %H:%i:00'), id, 1 + id % 50, 1,"
                    + " UTC_TIMESTAMP(3) FROM videos");
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection; var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + name);
        }
    }

    /** The videos of one round. */
    final class Videos {

        private static final String RANGE = " BETWEEN ? AND ?";

        final List<Long> ids;

        private Videos(List<Long> ids) {
            this.ids = ids;
        }

        /** The sum of the committed counters: as cheap as a poll can be, and it moves in the same transaction as the rows. */
        long likesCount() throws SQLException {
            return number("SELECT SUM(likes_count) FROM videos WHERE id" + RANGE);
        }

        long popularity() throws SQLException {
            return number("SELECT SUM(popularity) FROM videos WHERE id" + RANGE);
        }

        long likeRows() throws SQLException {
            return number("SELECT COUNT(*) FROM likes WHERE video_id" + RANGE);
        }

        private long number(String sql) throws SQLException {
            try (var select = connection.prepareStatement(sql)) {
                select.setLong(1, ids.get(0));
                select.setLong(2, ids.get(ids.size() - 1));
                var rows = select.executeQuery();
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
