package io.feedroutes.uploads;

import io.feedroutes.contract.Contract;
import io.feedroutes.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.tika.Tika;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.multipart.support.StandardMultipartHttpServletRequest;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Keeps the files of multipart requests, serves them, and examines them later. They go from the socket to disk, and are never in memory as a whole; what is
 * not kept is deleted with the request.
 */
@Component("uploads")
public final class Uploads implements WebMvcConfigurer {

    private final Tika tika = new Tika();
    private final Contract contract;
    private final Path directory;
    private final String publicUrl;

    Uploads(
            Contract contract,
            @Value("${feed.uploads-directory}") Path directory,
            @Value("${feed.public-url}") String publicUrl) {
        this.contract = contract;
        this.directory = directory.toAbsolutePath();
        this.publicUrl = publicUrl;
    }

    /** A name is given to one file only, so that what is there never changes. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/static/**")
                .addResourceLocations(new FileSystemResource(directory.resolve("static") + "/"))
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
    }

    /** Camel would receive every file before its route begins, copy it once more, and never delete the copy. */
    @Bean
    static MultipartResolver multipartResolver() {
        return new StandardServletMultipartResolver() {
            @Override
            public MultipartHttpServletRequest resolveMultipart(HttpServletRequest request) {
                return new StandardMultipartHttpServletRequest(request, true) {
                    @Override
                    public Map<String, MultipartFile> getFileMap() {
                        return Map.of();
                    }
                };
            }
        };
    }

    /**
     * Receives the body of a request. Sets the variables {@code upload} to the file in the field {@code file}; {@code size} to its bytes, and {@code most} to
     * those that the contract allows; {@code extension} to that of its name, in lower case, empty when it has none; {@code type} to the extension, a space, and
     * the media type that its first bytes are of; {@code sha256} to 64 lower-case hexadecimal digits.
     *
     * @throws Problem 400 when there is no file
     */
    public void receive(@Variable("request") HttpServletRequest request, Exchange exchange) throws IOException {
        MultipartFile file = file(request);
        String extension = Objects.requireNonNullElse(StringUtils.getFilenameExtension(file.getOriginalFilename()), "")
                .toLowerCase(Locale.ROOT);
        try (InputStream content = new BufferedInputStream(file.getInputStream())) {
            exchange.setVariable("upload", file);
            exchange.setVariable("size", file.getSize());
            exchange.setVariable("most", contract.operation(request).maxFile());
            exchange.setVariable("extension", extension);
            exchange.setVariable("type", extension + " " + tika.detect(content));
            exchange.setVariable("sha256", DigestUtils.sha256Hex(content));
        }
    }

    private static MultipartFile file(HttpServletRequest request) {
        try {
            if (request instanceof MultipartRequest form && form.getFile("file") != null) {
                return form.getFile("file");
            }
        } catch (MultipartException e) {
            Throwable cause = e.getMostSpecificCause();
            if (cause instanceof IOException && !(cause instanceof MalformedStreamException)) {
                throw e;
            }
        }
        throw new Problem("400 missing file");
    }

    /** @return the path as a URL: of {@code feed.public-url}, or else of the host that the request came to */
    public String url(@Variable("request") HttpServletRequest request, @Variable("upload_path") String path) {
        UriComponentsBuilder url = publicUrl.isEmpty()
                ? ServletUriComponentsBuilder.fromContextPath(request)
                : UriComponentsBuilder.fromUriString(publicUrl);
        return url.path(path).toUriString();
    }

    /**
     * Keeps the file.
     *
     * @param path where it is served, below the uploads directory
     */
    public void store(@Variable("upload") MultipartFile upload, @Variable("upload_path") String path)
            throws IOException {
        Path file = directory.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        try {
            upload.transferTo(file.toFile());
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /**
     * Compares a file with what was received.
     *
     * @param upload {@code size} and {@code sha256}, null when they were not stored
     * @return how the file differs, for its author; null when it does not
     * @throws IOException when it cannot be read
     */
    public String damage(@Variable("file_name") String name, @Variable("upload") Map<String, Object> upload)
            throws IOException {
        Path file = directory.resolve(name);
        if (upload.get("sha256") == null) {
            return null;
        }
        if (Files.size(file) != (long) upload.get("size")) {
            return "the file is not the one that was uploaded: its size differs";
        }
        return new DigestUtils("SHA-256").digestAsHex(file).equals(upload.get("sha256"))
                ? null
                : "the file is not the one that was uploaded: its checksum differs";
    }

    /**
     * Reads what the container of a file says.
     *
     * @param damage what is known to be wrong with the file, or null
     * @return {@code duration}, {@code width}, {@code height} and {@code codec}; or only the {@code reason} why there are none, for its author
     * @throws IOException when it cannot be read
     */
    public Map<String, Object> contents(@Variable("file_name") String name, @Variable("damage") String damage)
            throws IOException {
        if (damage != null) {
            return Map.of("reason", damage);
        }
        try (FileChannel file = FileChannel.open(directory.resolve(name))) {
            return Mp4.read(file);
        }
    }
}
