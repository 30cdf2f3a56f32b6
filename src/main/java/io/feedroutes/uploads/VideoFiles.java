package io.feedroutes.uploads;

import com.drew.imaging.mp4.Mp4Handler;
import com.drew.imaging.mp4.Mp4Reader;
import com.drew.metadata.Metadata;
import com.drew.metadata.mp4.Mp4BoxHandler;
import com.drew.metadata.mp4.Mp4BoxTypes;
import com.drew.metadata.mp4.Mp4Context;
import com.drew.metadata.mp4.Mp4Directory;
import com.drew.metadata.mp4.media.Mp4VideoDirectory;
import com.drew.metadata.mp4.media.Mp4VideoHandler;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Variable;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Examines the files of videos. They are read as streams; of what is wrong with one it speaks to the author. */
@Component("videoFiles")
public final class VideoFiles {

    private final Path directory;

    VideoFiles(@Value("${feed.uploads-directory}") Path directory) {
        this.directory = directory;
    }

    /**
     * Compares a file with what was received.
     *
     * @param upload {@code size} and {@code sha256}, null when they were not stored
     * @return how the file differs; null when it does not
     * @throws IOException when it cannot be read
     */
    public String damage(@Variable("file_name") String name, @Variable("upload") Map<String, Object> upload)
            throws IOException {
        if (upload.get("sha256") == null) {
            return null;
        }
        if (Files.size(directory.resolve(name)) != (long) upload.get("size")) {
            return "the file is not the one that was uploaded: its size differs";
        }
        try (InputStream content = open(name)) {
            return DigestUtils.sha256Hex(content).equals(upload.get("sha256"))
                    ? null
                    : "the file is not the one that was uploaded: its checksum differs";
        }
    }

    /**
     * Reads the container of an MP4 file.
     *
     * @return {@code duration} in seconds, {@code width}, {@code height} and {@code codec}, the four-character code; or only the {@code reason}
     *     why they cannot be read
     * @throws IOException when the file cannot be read
     */
    public Map<String, Object> contents(
            @Variable("file_name") String name, @Variable("upload") Map<String, Object> upload) throws IOException {
        long size = upload.get("size") instanceof Long stored ? stored : Files.size(directory.resolve(name));
        Metadata found = new Metadata();
        try (Boxes boxes = new Boxes(open(name), size)) {
            Mp4Reader.extract(boxes, new Movie(found));
            if (boxes.failure instanceof EOFException) {
                return Map.of("reason", "the file is cut off");
            }
            if (boxes.failure != null) {
                throw boxes.failure;
            }
        } catch (RuntimeException e) {
            return Map.of("reason", "the file is no readable MP4");
        }
        Mp4Directory movie = found.getFirstDirectoryOfType(Mp4Directory.class);
        Mp4VideoDirectory track = found.getFirstDirectoryOfType(Mp4VideoDirectory.class);
        if (!movie.containsTag(Mp4Directory.TAG_DURATION)) {
            return Map.of("reason", "the file is no readable MP4");
        }
        if (track == null || !track.containsTag(Mp4VideoDirectory.TAG_COMPRESSION_TYPE)) {
            return Map.of("reason", "the file has no video track");
        }
        Map<String, Object> contents = new HashMap<>();
        contents.put("duration", seconds(movie));
        contents.put("width", track.getInteger(Mp4VideoDirectory.TAG_WIDTH));
        contents.put("height", track.getInteger(Mp4VideoDirectory.TAG_HEIGHT));
        contents.put("codec", track.getString(Mp4VideoDirectory.TAG_COMPRESSION_TYPE));
        return contents;
    }

    private InputStream open(String name) throws IOException {
        return Files.newInputStream(directory.resolve(name));
    }

    /** A file that is written as it is recorded does not know it. */
    private static Double seconds(Mp4Directory movie) {
        double seconds = movie.getRational(Mp4Directory.TAG_DURATION_SECONDS).doubleValue();
        return seconds > 0 && Double.isFinite(seconds) ? seconds : null;
    }

    /** Keeps the codes of video tracks, of which the library knows but a few names. */
    private static final class Movie extends Mp4BoxHandler {

        Movie(Metadata metadata) {
            super(metadata);
        }

        @Override
        public Mp4Handler<?> processBox(String type, byte[] payload, long size, Mp4Context context) throws IOException {
            return type.equals(Mp4BoxTypes.BOX_HANDLER) && "vide".equals(code(payload, 8))
                    ? new Track(metadata, context)
                    : super.processBox(type, payload, size, context);
        }
    }

    private static final class Track extends Mp4VideoHandler {

        Track(Metadata metadata, Mp4Context context) {
            super(metadata, context);
        }

        @Override
        public Mp4Handler<?> processBox(String type, byte[] payload, long size, Mp4Context context) throws IOException {
            super.processBox(type, payload, size, context);
            if (type.equals(Mp4BoxTypes.BOX_SAMPLE_DESCRIPTION)) {
                directory.setString(Mp4VideoDirectory.TAG_COMPRESSION_TYPE, code(payload, 12));
            }
            return this;
        }
    }

    private static String code(byte[] payload, int offset) throws IOException {
        if (payload.length < offset + 4) {
            throw new EOFException("the box is too short");
        }
        return new String(payload, offset, 4, StandardCharsets.US_ASCII);
    }

    /**
     * Ends where a box claims to be longer than what is left of the file: the library would allocate as much, or not notice. It reads byte by
     * byte only how long a box is. The library takes every failure for the end of the file: the first one is kept.
     */
    private static final class Boxes extends FilterInputStream {

        private long left;
        private long boxSize;
        private IOException failure;

        Boxes(InputStream file, long size) {
            super(file);
            left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            if (readSome(one, 0, 1) < 0) {
                return -1;
            }
            int value = Byte.toUnsignedInt(one[0]);
            boxSize = boxSize << 8 | value;
            demand(boxSize - 16);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            boxSize = 0;
            return readSome(buffer, offset, length);
        }

        @Override
        public long skip(long count) throws IOException {
            boxSize = 0;
            demand(count);
            try {
                in.skipNBytes(count);
            } catch (IOException e) {
                throw first(e);
            }
            left -= count;
            return count;
        }

        private int readSome(byte[] buffer, int offset, int length) throws IOException {
            try {
                int count = in.read(buffer, offset, length);
                left -= Math.max(count, 0);
                return count;
            } catch (IOException e) {
                throw first(e);
            }
        }

        private void demand(long bytes) throws IOException {
            if (bytes > left) {
                throw first(new EOFException("The file ends before its box"));
            }
        }

        private IOException first(IOException e) {
            failure = failure == null ? e : failure;
            return e;
        }
    }
}
