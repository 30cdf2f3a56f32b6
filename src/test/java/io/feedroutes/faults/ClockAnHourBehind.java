package io.feedroutes.faults;

import static net.bytebuddy.matcher.ElementMatchers.isDefaultConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.asm.Advice;

/**
 * A Java agent: what {@code java.time} and {@code java.util.Date} say is the time is an hour ago. All that a node does by its clock asks them. libfaketime does the
 * same to a whole process, but a JVM then waits for nothing any more and uses all of the processor (its issue 425).
 */
public final class ClockAnHourBehind {

    private ClockAnHourBehind() {}

    public static void premain(String arguments, Instrumentation jvm) {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .with(RedefinitionStrategy.RETRANSFORMATION)
                .ignore(none())
                .type(named(Clock.class.getName()))
                .transform((type, name, loader, module, domain) ->
                        type.visit(Advice.to(OfInstants.class).on(named("currentInstant"))))
                .type(named(Date.class.getName()))
                .transform((type, name, loader, module, domain) ->
                        type.visit(Advice.to(OfDates.class).on(isDefaultConstructor())))
                .installOn(jvm);
    }

    /** @return the setting of a node that has this clock */
    static String setting() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ClockAnHourBehind.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        try {
            Path agent = Files.createTempFile("clock", ".jar");
            agent.toFile().deleteOnExit();
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(agent), manifest)) {
                for (Class<?> each : List.of(ClockAnHourBehind.class, OfInstants.class, OfDates.class)) {
                    String name = each.getName().replace('.', '/') + ".class";
                    jar.putNextEntry(new JarEntry(name));
                    try (InputStream bytes = each.getClassLoader().getResourceAsStream(name)) {
                        bytes.transferTo(jar);
                    }
                }
            }
            return "JDK_JAVA_OPTIONS=-javaagent:" + agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static final class OfInstants {

        @Advice.OnMethodExit
        static void goBack(@Advice.Return(readOnly = false) Instant now) {
            now = now.minusSeconds(3600);
        }
    }

    static final class OfDates {

        @Advice.OnMethodExit
        static void goBack(@Advice.This Date now) {
            now.setTime(now.getTime() - 3_600_000);
        }
    }
}
