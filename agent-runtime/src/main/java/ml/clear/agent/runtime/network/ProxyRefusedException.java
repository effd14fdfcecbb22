// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A proxy that wants a user and password which it did not get, or does not like. */
public final class ProxyRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param proxy the proxy
     * @param tried whether it got a user and password
     */
    public ProxyRefusedException(SocketAddress proxy, boolean tried) {
        super("the proxy '" + name(proxy) + "' "
                + (tried
                        ? "refuses the user and password that the proxy variable holds"
                        : "wants a user and password; put them into the proxy variable, as in "
                                + "'http://user:password@proxy:3128'"));
    }

    private static String name(SocketAddress proxy) {
        return proxy instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : proxy.toString();
    }
}
