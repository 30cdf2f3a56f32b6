package io.feedroutes.security;

import io.feedroutes.contract.Contract;
import io.feedroutes.problem.ProblemResponses;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;

/** Who may call what: closed, but for what the contract opens. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final BearerTokenResolver HEADER = new DefaultBearerTokenResolver();

    @Bean
    SecurityFilterChain api(HttpSecurity http, Contract contract, Tokens tokens, ProblemResponses problems)
            throws Exception {
        JwtAuthenticationConverter actor = new JwtAuthenticationConverter();
        actor.setPrincipalClaimName(Tokens.ACCOUNT_ID);
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
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server -> server.bearerTokenResolver(
                                request -> contract.operation(request).isPublic() ? null : token(request))
                        .jwt(jwt -> jwt.decoder(tokens::verify).jwtAuthenticationConverter(actor))
                        .authenticationEntryPoint(problems::unauthorized))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(problems::unauthorized))
                .build();
    }

    /** An EventSource cannot send headers: for what begins with {@code /notification/} the token may also stand in the address. */
    private static String token(HttpServletRequest request) {
        String token = request.getServletPath().startsWith("/notification/") ? request.getParameter("token") : null;
        return token == null || token.isEmpty() ? HEADER.resolve(request) : token;
    }

    /** The filters are not what an operator measures, and observing each of them costs every request. */
    @Bean
    SecurityObservationSettings unobserved() {
        return SecurityObservationSettings.noObservations();
    }

    /** Spring Security would look for the handler of each request before Spring MVC does, for matchers that are not in use here. */
    @Bean
    static BeanDefinitionRegistryPostProcessor oneHandlerLookup() {
        return beans -> beans.removeBeanDefinition("mvcHandlerMappingIntrospector");
    }
}
