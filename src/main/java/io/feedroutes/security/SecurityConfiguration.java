package io.feedroutes.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.feedroutes.contract.Contract;
import io.feedroutes.problem.ProblemResponses;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatchers;
import org.springframework.web.servlet.handler.HandlerMappingIntrospector;

/** Who may call what: closed, but for what the contract opens and the files that everybody may read. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final RequestMatcher FILES =
            RequestMatchers.anyOf(at(null, "/static/**"), at(HttpMethod.GET, "/docs/**", "/webjars/swagger-ui/**"));

    private static final String NOTIFICATIONS = "/notification/";
    private static final BearerTokenResolver HEADER = new DefaultBearerTokenResolver();
    private static final int MINIMUM_SECRET_BYTES = 32;
    private static final int KNOWN_TOKENS = 5000;

    private static RequestMatcher at(HttpMethod method, String... paths) {
        return RequestMatchers.anyOf(Stream.of(paths)
                .map(path -> PathPatternRequestMatcher.withDefaults().matcher(method, path))
                .toArray(RequestMatcher[]::new));
    }

    @Bean
    SecurityFilterChain api(HttpSecurity http, Contract contract, ProblemResponses problems) throws Exception {
        JwtAuthenticationConverter actor = new JwtAuthenticationConverter();
        actor.setPrincipalClaimName(TokenIssuer.ACCOUNT_ID);
        // Only the filters that have something to do: each of the others costs every request.
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(
                        context -> context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
                .anonymous(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.requestMatchers(FILES, contract::isForAnybody)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.bearerTokenResolver(request -> token(request, contract))
                        .jwt(jwt -> jwt.jwtAuthenticationConverter(actor))
                        .authenticationEntryPoint(problems::unauthorized))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(problems::unauthorized))
                .build();
    }

    /** An EventSource cannot send headers: for what begins with {@value #NOTIFICATIONS} the token may also stand in the address. */
    private static String token(HttpServletRequest request, Contract contract) {
        if (contract.isPublic(request) || FILES.matches(request)) {
            return null;
        }
        String token = request.getServletPath().startsWith(NOTIFICATIONS) ? request.getParameter("token") : null;
        return token == null || token.isEmpty() ? HEADER.resolve(request) : token;
    }

    /** A token is verified once and then known until it expires: clients send the same one with every request. */
    @Bean
    JwtDecoder jwtDecoder(SecretKey jwtKey) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(jwtKey)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        decoder.setJwtValidator(JwtValidators.createDefaultWithValidators(
                new JwtClaimValidator<>(TokenIssuer.ACCOUNT_ID, Number.class::isInstance),
                new JwtClaimValidator<>(JwtClaimNames.EXP, Objects::nonNull)));
        LoadingCache<String, Jwt> verified = Caffeine.newBuilder()
                .maximumSize(KNOWN_TOKENS)
                .expireAfter(
                        Expiry.creating((String token, Jwt jwt) -> Duration.between(Instant.now(), jwt.getExpiresAt())))
                .build(decoder::decode);
        return verified::get;
    }

    @Bean
    JwtEncoder jwtEncoder(SecretKey jwtKey) {
        return new NimbusJwtEncoder(new ImmutableSecret<>(jwtKey));
    }

    @Bean
    SecretKey jwtKey(@Value("${feed.jwt-secret:}") String secret) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        if (key.length < MINIMUM_SECRET_BYTES) {
            throw new MissingSecretException("JWT_SECRET must be set, and at least %d bytes long; it has %d."
                    .formatted(MINIMUM_SECRET_BYTES, key.length));
        }
        return new SecretKeySpec(key, "HmacSHA256");
    }

    /** The filters are not what an operator measures, and observing each of them costs every request. */
    @Bean
    SecurityObservationSettings unobserved() {
        return SecurityObservationSettings.noObservations();
    }

    /** Spring Security looks for the handler of each request before Spring MVC does, for matchers that are not in use here. */
    @Bean
    static BeanPostProcessor oneHandlerLookup() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof HandlerMappingIntrospector ? new NoLookup() : bean;
            }
        };
    }

    private static final class NoLookup extends HandlerMappingIntrospector {

        @Override
        public Filter createCacheFilter() {
            return (request, response, chain) -> chain.doFilter(request, response);
        }
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder();
    }
}
