package io.feedroutes.security;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
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
        exchange.getMessage().removeHeaders("*");
    }
}
