package io.feedroutes.uploads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads the boxes of an MP4 file that say what its video is like. */
final class Mp4 {

    private static final Set<String> CONTAINERS = Set.of("moov", "trak", "mdia", "minf", "stbl");

    private Mp4() {}

    /**
     * Goes from box to box, and into those that lead to the header of the movie and the description of its first video track. Of each it reads the first
     * bytes only, however long it claims to be.
     *
     * @return {@code duration} in seconds, {@code width}, {@code height} and {@code codec}, the four-character code; or only the {@code reason}
     *     why they cannot be read
     */
    static Map<String, Object> read(FileChannel file) throws IOException {
        try {
            Map<String, Object> found = new HashMap<>();
            String handler = null;
            long size = file.size();
            long length;
            for (long start = 0; start < size; start += length) {
                ByteBuffer box = ByteBuffer.allocate(64);
                file.read(box, start);
                String type = code(box, 4);
                length = Integer.toUnsignedLong(box.getInt(0));
                int header = length == 1 ? 16 : 8;
                length = length == 1 ? box.getLong(8) : length;
                if (length < header) {
                    break;
                }
                if (length > size - start) {
                    return Map.of("reason", "the file is cut off");
                }
                ByteBuffer content = box.slice(header, (int) Math.min(length, box.capacity()) - header);
                switch (type) {
                    case "mvhd" -> found.put("duration", seconds(content));
                    case "trak" -> handler = null;
                    case "hdlr" -> handler = handler == null ? code(content, 8) : handler;
                    case "stsd" -> {
                        if ("vide".equals(handler) && !found.containsKey("codec")) {
                            found.put("codec", code(content, 12));
                            found.put("width", (int) content.getChar(40));
                            found.put("height", (int) content.getChar(42));
                        }
                    }
                    default -> {}
                }
                length = CONTAINERS.contains(type) ? header : length;
            }
            if (!found.containsKey("duration")) {
                return Map.of("reason", "the file is no readable MP4");
            }
            return found.containsKey("codec") ? found : Map.of("reason", "the file has no video track");
        } catch (IndexOutOfBoundsException e) {
            // A box is too short for what it must have.
            return Map.of("reason", "the file is no readable MP4");
        }
    }

    /** @return how long the movie is; null when its header does not know, as in a file that is written while it is recorded */
    private static Double seconds(ByteBuffer header) {
        boolean wide = header.get(0) == 1;
        double units = wide ? header.getLong(24) : Integer.toUnsignedLong(header.getInt(16));
        double seconds = units / Integer.toUnsignedLong(header.getInt(wide ? 20 : 12));
        return seconds > 0 && Double.isFinite(seconds) ? seconds : null;
    }

    private static String code(ByteBuffer box, int offset) {
        return StandardCharsets.US_ASCII.decode(box.slice(offset, 4)).toString().replace('\uFFFD', '?');
    }
}
