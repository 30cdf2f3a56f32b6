package io.feedroutes.redis;

import io.lettuce.core.ClientOptions;
import org.springframework.boot.autoconfigure.data.redis.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Spring Boot has no property for. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    /** Commands are refused while Redis is away. Lettuce would keep them, and send them when nobody expects it any more. */
    @Bean
    LettuceClientOptionsBuilderCustomizer refuseWhileAway() {
        return options -> options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
    }
}
