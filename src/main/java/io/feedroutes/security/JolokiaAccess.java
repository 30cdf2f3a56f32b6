package io.feedroutes.security;

import javax.management.ObjectName;
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** What may be done through Jolokia: what {@code jolokia-access.xml} allows. A {@code viewer} runs only the operations of it that read. Who starts or stops routes is logged. */
@Component
final class JolokiaAccess extends PolicyRestrictor {

    private static final Logger LOG = LoggerFactory.getLogger(JolokiaAccess.class);

    JolokiaAccess() {
        super(JolokiaAccess.class.getResourceAsStream("/jolokia-access.xml"));
    }

    @Override
    public boolean isOperationAllowed(ObjectName bean, String operation) {
        var caller = SecurityContextHolder.getContext().getAuthentication();
        boolean isAllowed = super.isOperationAllowed(bean, operation)
                && (operation.matches("(list|canInvoke|dump).*")
                        || AuthorityUtils.authorityListToSet(caller.getAuthorities())
                                .contains("ROLE_ops"));
        if (isAllowed && operation.matches("(start|stop).*")) {
            LOG.info("{} calls {} of {}", caller.getName(), operation, bean.getKeyProperty("name"));
        }
        return isAllowed;
    }
}
