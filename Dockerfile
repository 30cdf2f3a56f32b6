FROM eclipse-temurin:25-jre AS jre

FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml .
COPY src src
COPY routes routes
COPY bin bin
# The JVM of the image is the one to be trained: another build of it could not use what this one has learned.
COPY --from=jre /opt/java/openjdk /opt/java/jre
# There is no embedded database for Linux on ARM: an image built there has no cache.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp package -DskipTests \
 && { bin/train /opt/java/jre/bin/java || [ "$(uname -m)" != x86_64 ]; }

FROM jre
RUN useradd --system --user-group --no-create-home feed
WORKDIR /app
COPY --from=build /build/target/app/lib lib
COPY --from=build /build/target/app/feed-routes.* ./
RUN mkdir -p .run/uploads && chown -R feed:feed .run
USER feed
EXPOSE 8080
# Whether it lives: a broker or database that is away is no reason to start it anew. The image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8090 && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '\"UP\"' <&3"]
ENTRYPOINT ["java", "-XX:AOTCache=feed-routes.aot", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "feed-routes.jar"]
