// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A web site that makes the browser of its visitor send requests to the server of the test. */
record ForeignSite(HttpServer http) implements AutoCloseable {

    /** Everything that a page can send; `stolen` lists what it could read, `attacked` says that it is through. */
    private static final String ATTACK = """
            <!doctype html><title>attack</title><body>
            <iframe name="sink"></iframe><iframe src="{server}/projects"></iframe>
            <form id="form" method="post" target="sink" enctype="text/plain" action="{server}/tasks.create">
              <input name='{"name":"attack","type":"training","x":"' value='"}'></form>
            <form id="reset" method="post" target="sink" action="{server}/tasks.reset"><input name="task" value="{task}">
              <input name="force" value="true"></form>
            <script>
            globalThis.stolen = [];
            const body = JSON.stringify({name: 'attack', type: 'training'});
            const json = {'Content-Type': 'application/json'};
            const text = {'Content-Type': 'text/plain'};
            const create = '{server}/tasks.create';
            const tries = [
              () => fetch(create, {method: 'POST', body, headers: json, credentials: 'include'}),
              () => fetch(create, {method: 'POST', body, headers: text, credentials: 'include', mode: 'no-cors'}),
              () => fetch(create, {method: 'POST', body, headers: text, credentials: 'omit', mode: 'no-cors'}),
              () => fetch(create, {method: 'POST', body, headers: {...json, 'X-ClearML-Page-Token': 'x'}, credentials: 'include'}),
              () => fetch(create + '?name=attack&type=training', {credentials: 'include', mode: 'no-cors'}),
              () => fetch('{server}/page/session', {method: 'POST', body: '{}', headers: json, credentials: 'include'}),
              () => fetch('{server}/page/session', {method: 'POST', body: '{}', headers: text, credentials: 'include', mode: 'no-cors'}),
              () => fetch('{server}/auth.get_page_token', {credentials: 'include'}),
              () => fetch('{server}/tasks.get_all', {credentials: 'include'}),
              () => fetch('{server}/files', {method: 'POST', body: new FormData(), credentials: 'include', mode: 'no-cors'}),
            ];
            const element = (name, property, address) => new Promise(resolve => {
              const made = document.createElement(name);
              made.onload = made.onerror = resolve;
              made[property] = address;
              document.body.append(made);
            });
            (async () => {
              for (const [i, each] of tries.entries()) {
                try {
                  const answer = await each();
                  if (answer.type !== 'opaque') {
                    stolen.push(i + ' ' + answer.status);
                  }
                } catch {
                  // refused, as it should be
                }
              }
              await element('img', 'src', create + '?name=attack&type=training');
              await element('script', 'src', create + '?name=attack&type=training');
              for (const id of ['form', 'reset']) {
                const sent = new Promise(resolve => { document.querySelector('iframe').onload = resolve; });
                document.getElementById(id).submit();
                await sent;
              }
              globalThis.attacked = true;
            })();
            </script>
            """;

    static ForeignSite start(URI victim, String task) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = ATTACK.replace("{server}", victim.toString())
                .replace("{task}", task)
                .getBytes(StandardCharsets.UTF_8);
        http.createContext("/", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        http.start();
        return new ForeignSite(http);
    }

    /** Its address under a name of this machine. */
    URI at(String host) {
        return URI.create("http://" + host + ":" + http.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
