package io.feedroutes.uploads;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.CacheControl;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.multipart.support.StandardMultipartHttpServletRequest;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the files that were uploaded, and leaves it to the routes when to receive one. */
@Configuration(proxyBeanMethods = false)
class UploadsConfiguration implements WebMvcConfigurer {

    private final Path directory;

    UploadsConfiguration(@Value("${feed.uploads-directory}") Path directory) {
        this.directory = directory;
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
    MultipartResolver multipartResolver() {
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
}
