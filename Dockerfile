FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml .
COPY src src
COPY routes routes
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp package -Dmaven.test.skip=true \
 && java -Djarmode=tools -jar target/feed-routes.jar extract --layers --launcher --destination layers

FROM eclipse-temurin:25-jre
RUN useradd --system --user-group --no-create-home feed
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/application/ ./
RUN mkdir -p .run/uploads && chown feed:feed .run/uploads
USER feed
EXPOSE 8080
# Whether it lives: a broker or database that is away is no reason to start it anew. The image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8090 && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '\"UP\"' <&3"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "org.springframework.boot.loader.launch.JarLauncher"]
