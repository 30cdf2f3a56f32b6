package io.feedroutes.bench.peer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

@ConfigurationProperties("peer")
record PeerProperties(String jwtSecret, Duration confirmTimeout, Duration acceptedTtl) {}
