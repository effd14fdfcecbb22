// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server is asked most, over a bare socket: the classes of our own client would be recorded with those of the
 * server, which has no use for them.
 */
final class TrainingCalls {

    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{32})\"}}$");
    private static final int TIMEOUT_MILLIS = 10_000;

    private static final List<String> ABOUT_A_TASK = List.of(
            "tasks.get_by_id {'task':'ID'}",
            "tasks.started {'task':'ID','status_reason':'training'}",
            "tasks.edit {'task':'ID','force':true,'runtime':{'key':'value'}}",
            "workers.status_report {'worker':'training','timestamp':1,'task':'ID','tags':null,'machine_stats':null}",
            "events.add_batch {'type':'log','task':'ID','level':'INFO','msg':'text'}",
            "events.add_batch {'type':'training_stats_scalar','task':'ID','iter':1,'metric':'m','variant':'v','value':1}",
            "tasks.get_all {'id':['ID'],'only_fields':['status','status_message']}",
            "tasks.ping {'task':'ID'}",
            "events.get_task_log {'task':'ID'}",
            "tasks.completed {'task':'ID'}",
            "queues.get_all {'name':'^default$','only_fields':['id']}",
            "projects.get_all {'name':'^none$','only_fields':['id']}");

    private final int port;

    TrainingCalls(int port) {
        this.port = port;
    }

    /** A port that nobody listens at now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void make() throws IOException {
        call("auth.login", "{}");
        Matcher made = ID.matcher(call("tasks.create", "{'name':'training','type':'training'}"));
        if (!made.find()) {
            throw new IOException("the server made no task");
        }
        for (String call : ABOUT_A_TASK) {
            int blank = call.indexOf(' ');
            call(call.substring(0, blank), call.substring(blank + 1).replace("ID", made.group(1)));
        }
    }

    private String call(String name, String body) throws IOException {
        String json = body.replace('\'', '"');
        String type = name.equals("events.add_batch") ? "application/json-lines" : "application/json";
        String request = "POST /v2.23/" + name + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + type + "\r\nContent-Length: " + json.length() + "\r\n\r\n" + json;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
