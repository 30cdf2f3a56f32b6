package io.feedroutes.uploads;

import io.feedroutes.problem.Problem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.camel.Variable;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.tika.Tika;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Stores the files of multipart requests. They go from the socket to disk, and are never in memory as a whole; what is not stored is deleted
 * with the request.
 */
@Component("uploads")
public final class Uploads {

    private final Tika tika = new Tika();
    private final Path directory;
    private final String publicUrl;

    Uploads(@Value("${feed.uploads-directory}") Path directory, @Value("${feed.public-url}") String publicUrl) {
        this.directory = directory.toAbsolutePath();
        this.publicUrl = publicUrl;
    }

    /**
     * Receives the body of a request.
     *
     * @return the file in the field {@code file}
     * @throws Problem 400 when there is none
     */
    public Part receive(@Variable("request") HttpServletRequest request) throws IOException {
        try {
            Part part = request.getPart("file");
            if (part != null && part.getSubmittedFileName() != null) {
                return part;
            }
        } catch (IOException e) {
            if (!(NestedExceptionUtils.getMostSpecificCause(e) instanceof MalformedStreamException)) {
                throw e;
            }
        } catch (ServletException | IllegalStateException e) {
            // It is no multipart request, or one with too many parts.
        }
        throw new Problem("400 missing file");
    }

    /** @return the extension of the file's name, in lower case and without the dot; empty when it has none */
    public String extension(@Variable("upload") Part upload) {
        String extension = StringUtils.getFilenameExtension(upload.getSubmittedFileName());
        return extension == null ? "" : extension.toLowerCase(Locale.ROOT);
    }

    /** @return the media type that the file's first bytes are of, whatever its name */
    public String mediaType(@Variable("upload") Part upload) throws IOException {
        try (InputStream content = upload.getInputStream()) {
            return tika.detect(content);
        }
    }

    /** @return the SHA-256 of the file, as 64 lower-case hexadecimal digits */
    public String checksum(@Variable("upload") Part upload) throws IOException {
        try (InputStream content = upload.getInputStream()) {
            return DigestUtils.sha256Hex(content);
        }
    }

    /**
     * Keeps the file.
     *
     * @param path where it is served, below the uploads directory
     */
    public void store(@Variable("upload") Part upload, @Variable("upload_path") String path) throws IOException {
        Path file = directory.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        try {
            upload.write(file.toString());
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** @return the path as a URL: of {@code feed.public-url}, or else of the host that the request came to */
    public String url(@Variable("request") HttpServletRequest request, @Variable("upload_path") String path) {
        UriComponentsBuilder url = publicUrl.isEmpty()
                ? ServletUriComponentsBuilder.fromContextPath(request)
                : UriComponentsBuilder.fromUriString(publicUrl);
        return url.path(path).toUriString();
    }
}
