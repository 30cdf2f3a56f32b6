package io.feedroutes;

import java.io.InputStream;
import java.net.URL;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.PackageScanResourceResolver;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.FatJarPackageScanResourceResolver;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.AntPathMatcher;
import org.springframework.stereotype.Component;

/** Finds the routes that are packed in the jar: Camel 4.17 lists those in folders, but loses the folder when it opens them. */
@Component
final class PackedRoutes implements CamelContextCustomizer {

    @Override
    public void configure(CamelContext camel) {
        camel.getCamelContextExtension().addContextPlugin(PackageScanResourceResolver.class, new WithFolders());
    }

    private static final class WithFolders extends FatJarPackageScanResourceResolver {

        @Override
        protected void loadImplementationsInJar(
                URL url,
                String folder,
                String pattern,
                InputStream jar,
                String path,
                Set<Resource> found,
                Predicate<String> filter) {
            for (String name : doLoadImplementationsInJar(folder, jar, path, filter)) {
                if (AntPathMatcher.INSTANCE.match(pattern, name.substring(folder.length()))) {
                    found.add(ResourceHelper.resolveResource(getCamelContext(), "classpath:" + name));
                }
            }
        }
    }
}
