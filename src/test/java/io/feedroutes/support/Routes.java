package io.feedroutes.support;

import org.apache.camel.CamelContext;

/** The routes of the application as a test stops them. */
public final class Routes {

    private Routes() {}

    /** Stops a route until what this returns is closed. */
    public static AutoCloseable stop(CamelContext camel, String route) throws Exception {
        camel.getRouteController().stopRoute(route);
        return () -> camel.getRouteController().startRoute(route);
    }
}
