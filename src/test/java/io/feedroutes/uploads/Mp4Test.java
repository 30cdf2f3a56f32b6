package io.feedroutes.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of the boxes of a file that anybody may have made. VideoProcessingIT has the usual ones. */
class Mp4Test {

    private static final byte[] HEADER = box("mvhd", numbers(0, 0, 0, 1000, 2500));
    private static final byte[] VIDEO = track("vide", box("stsd", description("hvc1", 640, 360)));
    private static final byte[] MOVIE = box("moov", HEADER, VIDEO);

    @TempDir
    Path directory;

    @Test
    void aMovieSaysHowLongAndLargeItIs() throws IOException {
        assertThat(read(MOVIE)).isEqualTo(Map.of("duration", 2.5, "codec", "hvc1", "width", 640, "height", 360));
    }

    @Test
    void theTimesOfAMovieMayHave64Bits() throws IOException {
        byte[] wide = box("mvhd", numbers(1 << 24, 0, 0, 0, 0, 1000, 1, 0));
        assertThat(read(box("moov", wide, VIDEO))).containsEntry("duration", (1L << 32) / 1000.0);
    }

    @Test
    void aMovieThatDoesNotKnowHowLongItIsHasNoDuration() throws IOException {
        byte[] unknown = box("mvhd", numbers(0, 0, 0, 0, 0));
        assertThat(read(box("moov", unknown, VIDEO))).containsEntry("duration", null);
    }

    @Test
    void theFirstVideoTrackCounts() throws IOException {
        byte[] sound = track("soun", box("stsd", description("mp4a", 0, 0)));
        byte[] second = track("vide", box("stsd", description("mjpg", 1, 1)));
        assertThat(read(box("moov", HEADER, sound, VIDEO, second))).containsEntry("codec", "hvc1");
        assertThat(read(box("moov", HEADER, sound))).containsEntry("reason", "the file has no video track");
    }

    @Test
    void aVideoTrackOfQuickTimeSaysTwiceHowItIsHandled() throws IOException {
        byte[] track =
                track("vide", box("hdlr", numbers(0, 0), "alis".getBytes()), box("stsd", description("ap4h", 2, 2)));
        assertThat(read(box("moov", HEADER, track))).containsEntry("codec", "ap4h");
    }

    @Test
    void aBoxCanBeLongerThanFourGigabytes() throws IOException {
        long huge = 5L << 30;
        Path file = directory.resolve("huge.mp4");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(numbers(1));
            sparse.write("mdat".getBytes());
            sparse.writeLong(huge);
            sparse.seek(huge);
            sparse.write(MOVIE);
        }
        assertThat(read(file)).containsEntry("codec", "hvc1");
    }

    @Test
    void theLastBoxNeedNotSayHowLongItIs() throws IOException {
        assertThat(read(MOVIE, numbers(0), "mdat".getBytes(), new byte[100])).containsEntry("codec", "hvc1");
    }

    @Test
    void aFileThatEndsInAnyOfItsBoxesIsCutOff() throws IOException {
        byte[] whole = join(MOVIE, box("free", new byte[20]));
        for (int length = MOVIE.length + 4; length < whole.length; length++) {
            assertThat(read(Arrays.copyOf(whole, length)))
                    .as("%d of %d bytes", length, whole.length)
                    .isEqualTo(Map.of("reason", "the file is cut off"));
        }
        for (int length = 4; length < MOVIE.length; length++) {
            assertThat(read(Arrays.copyOf(whole, length))).isEqualTo(Map.of("reason", "the file is cut off"));
        }
    }

    @Test
    void aBoxThatIsTooShortIsNotReadBeyondItsEnd() throws IOException {
        assertThat(read(box("moov", box("mvhd", numbers(0, 0)), VIDEO)))
                .isEqualTo(Map.of("reason", "the file is no readable MP4"));
        assertThat(read(box("moov", HEADER, track("vide", box("stsd", numbers(0, 1, 100))))))
                .isEqualTo(Map.of("reason", "the file is no readable MP4"));
    }

    @Test
    void aCodecIsFourCharactersWhateverItsBytesAre() throws IOException {
        byte[] description = description("hvc1", 1, 1);
        description[12] = (byte) 0xa9;
        assertThat(read(box("moov", HEADER, track("vide", box("stsd", description)))))
                .containsEntry("codec", "?vc1");
    }

    @Test
    void boxesThatAreNestedHoweverDeepAreRead() throws IOException {
        int depth = 100_000;
        ByteBuffer nested = ByteBuffer.allocate(8 * depth);
        while (nested.hasRemaining()) {
            nested.putInt(nested.remaining()).put("moov".getBytes());
        }
        assertThat(read(nested.array())).isEqualTo(Map.of("reason", "the file is no readable MP4"));
    }

    private Map<String, Object> read(byte[]... parts) throws IOException {
        return read(Files.write(directory.resolve("file.mp4"), join(parts)));
    }

    private static Map<String, Object> read(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            return Mp4.read(file);
        }
    }

    private static byte[] track(String handler, byte[]... description) {
        return box(
                "trak",
                box("mdia", box("hdlr", numbers(0, 0), handler.getBytes()), box("minf", box("stbl", description))));
    }

    /** A table of sample descriptions with one entry. */
    private static byte[] description(String codec, int width, int height) {
        return join(numbers(0, 1, 86), codec.getBytes(), new byte[24], numbers(width << 16 | height), new byte[50]);
    }

    private static byte[] box(String type, byte[]... contents) {
        byte[] content = join(contents);
        return join(numbers(8 + content.length), type.getBytes(), content);
    }

    private static byte[] numbers(int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
        Arrays.stream(numbers).forEach(bytes::putInt);
        return bytes.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
