package io.feedroutes.uploads;

import io.feedroutes.contract.Contract;
import io.feedroutes.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.tika.Tika;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamSource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
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
 * Keeps the files of multipart requests, puts chunks of them together, serves them, and examines them later. They go from the socket to disk, and are never in
 * memory as a whole; what is not kept is deleted with the request.
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

                    @Override
                    public Enumeration<String> getParameterNames() {
                        return Collections.emptyEnumeration();
                    }
                };
            }
        };
    }

    /**
     * Receives the body of a request. Sets the variables {@code upload} to the file in the field {@code file}; {@code size} to its bytes, and {@code most} to
     * those that the contract allows; {@code extension} to that of its name, in lower case, empty when it has none.
     *
     * @throws Problem 400 when there is no file
     */
    public void receive(@Variable("request") HttpServletRequest request, Exchange exchange) {
        MultipartFile file = file(request);
        String extension = Objects.requireNonNullElse(StringUtils.getFilenameExtension(file.getOriginalFilename()), "");
        exchange.setVariable("upload", file);
        exchange.setVariable("size", file.getSize());
        exchange.setVariable("most", contract.operation(request).maxFile());
        exchange.setVariable("extension", extension.toLowerCase(Locale.ROOT));
    }

    /**
     * Reads a file. Sets the variables {@code type} to its extension, a space, and the media type that its first bytes are of; {@code sha256} to 64 lower-case
     * hexadecimal digits.
     */
    public void examine(
            @Variable("upload") InputStreamSource upload, @Variable("extension") String extension, Exchange exchange)
            throws IOException {
        try (InputStream content = new BufferedInputStream(upload.getInputStream())) {
            exchange.setVariable("type", extension + " " + tika.detect(content));
            exchange.setVariable("sha256", DigestUtils.sha256Hex(content));
        }
    }

    /** @return 32 lower-case hexadecimal digits */
    public String md5(@Variable("upload") InputStreamSource upload) throws IOException {
        try (InputStream content = upload.getInputStream()) {
            return DigestUtils.md5Hex(content);
        }
    }

    private static MultipartFile file(HttpServletRequest request) {
        try {
            if (request instanceof MultipartRequest form && form.getFile("file") != null) {
                return form.getFile("file");
            }
        } catch (MultipartException e) {
            Throwable cause = e.getMostSpecificCause();
            boolean isOfClient =
                    cause.getClass().getName().contains("fileupload") || e.contains(ClientAbortException.class);
            if (cause instanceof IOException && !isOfClient) {
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
     * Keeps a file.
     *
     * @param upload what was received, or merged
     * @param path where it is to be, below the uploads directory
     */
    public void store(@Variable("upload") InputStreamSource upload, @Variable("upload_path") String path)
            throws IOException {
        Path file = below(path);
        Files.createDirectories(file.getParent());
        try {
            if (upload instanceof MultipartFile received) {
                received.transferTo(file.toFile());
            } else {
                Files.move(((Resource) upload).getFile().toPath(), file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private Path below(String path) {
        return directory.resolve(path.substring(1));
    }

    /**
     * @param hash null when the file is complete, and its chunks are gone
     * @return the indexes of the chunks of a file that are there whole
     */
    public List<Integer> chunks(
            @Variable("chunks_path") String path,
            @Variable("file_hash") String hash,
            @Variable("file_size") long size,
            @Variable("chunk_size") long chunk,
            @Variable("total_chunks") int total) {
        return IntStream.range(0, total)
                .filter(index -> hash == null
                        || below(path + "/" + index).toFile().length() == Math.min(chunk, size - index * chunk))
                .boxed()
                .toList();
    }

    /** @return the chunks of a file as one, beside them */
    public Resource merge(@Variable("chunks_path") String path, @Variable("total_chunks") int total)
            throws IOException {
        Path whole = below(path + "/whole");
        try (OutputStream to = Files.newOutputStream(whole)) {
            for (int index = 0; index < total; index++) {
                Files.copy(below(path + "/" + index), to);
            }
        }
        return new FileSystemResource(whole);
    }

    /** Deletes a file, or a directory with everything in it, below the uploads directory; nothing when the path is null. */
    public void delete(@Body String path) throws IOException {
        if (path != null) {
            FileSystemUtils.deleteRecursively(below(path));
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
