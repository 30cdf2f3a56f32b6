package io.feedroutes.security;

import javax.management.ObjectName;
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** What may be done through Jolokia: what {@code jolokia-access.xml} allows. A {@code viewer} runs only the operations of it that read. */
@Component
final class JolokiaAccess extends PolicyRestrictor {

    JolokiaAccess() {
        super(JolokiaAccess.class.getResourceAsStream("/jolokia-access.xml"));
    }

    @Override
    public boolean isOperationAllowed(ObjectName bean, String operation) {
        var caller = SecurityContextHolder.getContext().getAuthentication();
        return super.isOperationAllowed(bean, operation)
                && (operation.matches("(list|canInvoke|dump).*")
                        || AuthorityUtils.authorityListToSet(caller.getAuthorities())
                                .contains("ROLE_ops"));
    }
}
