package io.feedroutes.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.feedroutes.contract.Contract;
import io.feedroutes.problem.ProblemResponses;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import org.apache.camel.util.StringHelper;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.util.StringUtils;
import org.springframework.web.context.support.WebApplicationContextUtils;
import org.springframework.web.cors.CorsConfiguration;

/** Who may call what. An account of the API may not operate, and {@code ops} has no account. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /**
     * The passwords of {@code ops} and {@code viewer} are what the operator has written, also if they begin like a hash. After ten wrong ones within half a minute every one is
     * wrong until it is over.
     */
    @Bean
    static PasswordEncoder operatorPassword() {
        Cache<Object, Boolean> wrong =
                Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(30)).build();
        return new PasswordEncoder() {
            @Override
            public String encode(CharSequence password) {
                return password.toString();
            }

            @Override
            public synchronized boolean matches(CharSequence sent, String password) {
                wrong.cleanUp();
                if (wrong.estimatedSize() >= 10 || password.contentEquals(sent)) {
                    return wrong.estimatedSize() < 10;
                }
                wrong.put(new Object(), true);
                return false;
            }
        };
    }

    /**
     * The management port is for {@code ops}, but for the two pages that machines read. A {@code viewer}, if there is a password for one, looks at everything
     * but dead letters, which hold what people have written, and are taken from their queues by whoever lists them.
     */
    @Bean
    @Order(1)
    SecurityFilterChain operations(
            HttpSecurity http, InMemoryUserDetailsManager users, @Value("${feed.viewer-password}") String password)
            throws Exception {
        if (!password.isEmpty()) {
            users.createUser(User.withUsername("viewer")
                    .password(password)
                    .roles("viewer")
                    .build());
        }
        return http.securityMatcher(new OrRequestMatcher(
                        SecurityConfiguration::isOnManagementPort, EndpointRequest.toAnyEndpoint()))
                // Nothing is allowed to other origins.
                .cors(cors -> cors.configurationSource(request -> new CorsConfiguration()))
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to("health", "prometheus"))
                        .permitAll()
                        // A GET could do what a POST does, without a CSRF token.
                        .requestMatchers(request -> !request.getMethod().equals("POST")
                                && request.getServletPath().contains("/jolokia"))
                        .denyAll()
                        .requestMatchers(EndpointRequest.to("deadletters"))
                        .hasRole("ops")
                        // JolokiaAccess says what a viewer may do there.
                        .requestMatchers(request -> request.getMethod().equals("GET")
                                || request.getServletPath().matches("/[^/]+/(hawtio/)?jolokia/?"))
                        .hasAnyRole("ops", "viewer")
                        .anyRequest()
                        .hasRole("ops"))
                .formLogin(Customizer.withDefaults())
                .httpBasic(Customizer.withDefaults())
                .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                        .csrfTokenRequestHandler(sentWithEveryAnswer())
                        // curl -u needs no token; whoever has a session does.
                        .ignoringRequestMatchers(request -> request.getRequestedSessionId() == null
                                && request.getHeader(HttpHeaders.AUTHORIZATION) != null))
                .build();
    }

    /** The login page and Hawtio's own servlets are no endpoints, but they are on this port. */
    private static boolean isOnManagementPort(HttpServletRequest request) {
        return WebServerApplicationContext.hasServerNamespace(
                WebApplicationContextUtils.getRequiredWebApplicationContext(request.getServletContext()), "management");
    }

    /** Hawtio takes the token from the cookie, which by default is not set before a form is shown. */
    private static CsrfTokenRequestAttributeHandler sentWithEveryAnswer() {
        CsrfTokenRequestAttributeHandler handler = new CsrfTokenRequestAttributeHandler();
        handler.setCsrfRequestAttributeName(null);
        return handler;
    }

    /** The triggers of the messaging patterns take no token. */
    @Bean
    @Order(0)
    @Profile("patterns")
    SecurityFilterChain triggers() {
        return new DefaultSecurityFilterChain(
                PathPatternRequestMatcher.withDefaults().matcher("/patterns/**"));
    }

    /** The API is closed, but for what the contract opens. */
    @Bean
    SecurityFilterChain api(HttpSecurity http, Contract contract, Tokens tokens, ProblemResponses problems)
            throws Exception {
        // Only the filters that have something to do: each of the others costs every request.
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(
                        context -> context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
                .anonymous(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .servletApi(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                request -> contract.operation(request).isForAnybody())
                        .permitAll()
                        .requestMatchers(contract::knows)
                        .authenticated()
                        .anyRequest()
                        .denyAll())
                .oauth2ResourceServer(server -> server.bearerTokenResolver(
                                request -> contract.operation(request).isPublic() ? null : token(request))
                        .jwt(jwt -> jwt.decoder(tokens::verify))
                        .authenticationEntryPoint(problems::unauthorized))
                // Camel takes what only begins like an operation, and would answer it with its own body and headers.
                .exceptionHandling(handling -> handling.authenticationEntryPoint(problems::unauthorized)
                        .accessDeniedHandler((request, response, unknown) ->
                                problems.write(response, HttpStatus.NOT_FOUND, "there is no such operation")))
                .build();
    }

    /** An EventSource cannot send headers: for what begins with {@code /notification/} the token may also stand in the address. */
    private static String token(HttpServletRequest request) {
        // A parameter would be looked for in the body, too, and the route would not find it any more.
        boolean isReader = request.getServletPath().startsWith("/notification/");
        String inAddress = isReader ? StringHelper.between("&" + request.getQueryString() + "&", "&token=", "&") : null;
        String header = String.join(",", Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION)));
        String inHeader = StringUtils.startsWithIgnoreCase(header, "Bearer ") ? header.substring(7) : null;
        return StringUtils.hasText(inAddress) ? inAddress : inHeader;
    }

    /** Spring Security would look for the handler of each request before Spring MVC does, for matchers that are not in use here. */
    @Bean
    static BeanDefinitionRegistryPostProcessor oneHandlerLookup() {
        return beans -> beans.removeBeanDefinition("mvcHandlerMappingIntrospector");
    }
}
