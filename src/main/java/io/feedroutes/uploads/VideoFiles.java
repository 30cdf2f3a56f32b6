package io.feedroutes.uploads;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
    public Map<String, Object> contents(@Variable("file_name") String name) throws IOException {
        try (FileChannel file = FileChannel.open(directory.resolve(name))) {
            return Mp4.read(file);
        }
    }

    private InputStream open(String name) throws IOException {
        return Files.newInputStream(directory.resolve(name));
    }
}
