package io.feedroutes.security;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;

/** Says who sends a request, and takes everything else from it but its body. */
@Component("callers")
public final class Callers {

    /**
     * Sets the variables {@code account_id}, {@code account_name} and {@code token_id} to those of the token, if there is one, and {@code caller} to
     * the account's id or else to the address that the request comes from. Removes all headers, so that nothing of a client reaches a queue.
     */
    public void identify(Exchange exchange, @Header("CamelHttpServletRequest") HttpServletRequest request) {
        name(exchange, request);
        exchange.getMessage().removeHeaders("*");
    }

    /** Sets the same variables; and {@code event_id}, always the same for the operation, the key and the caller. The headers stay. */
    public void recognize(
            Exchange exchange,
            @Header("CamelHttpServletRequest") HttpServletRequest request,
            @Header("Idempotency-Key") String key,
            @ExchangeProperty("CamelInterceptedRouteId") String operation) {
        name(exchange, request);
        String asked = operation + " " + exchange.getVariable("caller") + " " + key;
        exchange.setVariable("event_id", DigestUtils.sha256Hex(asked).substring(0, 32));
    }

    private static void name(Exchange exchange, HttpServletRequest request) {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken account) {
            Jwt token = account.getToken();
            long accountId = token.<Number>getClaim(Tokens.ACCOUNT_ID).longValue();
            exchange.setVariable("account_id", accountId);
            exchange.setVariable("account_name", token.getClaimAsString("username"));
            exchange.setVariable("token_id", token.getId());
            exchange.setVariable("caller", accountId);
        } else {
            exchange.setVariable("caller", request.getRemoteAddr());
        }
    }
}
