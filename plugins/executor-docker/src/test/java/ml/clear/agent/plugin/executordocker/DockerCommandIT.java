// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.testkit.DockerEngine;
import ml.clear.agent.testkit.EngineExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Containers that the real command creates are the same as ours: each line of arguments is given to both. */
@Tag("thorough")
@ExtendWith(EngineExtension.class)
class DockerCommandIT {

    /** What differs between any two containers. */
    private static final List<String> OWN = List.of(
            "Id",
            "Created",
            "Name",
            "Hostname",
            "HostnamePath",
            "LogPath",
            "ResolvConfPath",
            "HostsPath",
            "GraphDriver",
            "AttachStdout",
            "AttachStderr",
            "AttachStdin",
            "StdinOnce",
            "OpenStdin",
            "ConsoleSize",
            "Cmd",
            "Args",
            "Path",
            "StartedAt",
            "FinishedAt");

    private static DockerEngine engine;
    private static EngineApi api;

    @BeforeAll
    static void useEngine(DockerEngine shared) {
        engine = shared;
        api = new EngineApi(EngineAddress.find(Map.of("DOCKER_HOST", engine.host()), "docker"));
    }

    @AfterAll
    static void removeVolumes() throws Exception {
        for (String volume : engine.docker("volume", "ls", "--quiet").lines().toList()) {
            engine.docker("volume", "rm", volume);
        }
    }

    @AfterAll
    static void closeApi() throws IOException {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void everyLineOfArgumentsMakesTheSameContainer() throws Exception {
        List<String> different = new ArrayList<>();
        int compared = 0;
        for (String line : lines().toList()) {
            Optional<String> theirs = created(line);
            if (theirs.isEmpty()) {
                continue; // this version of the command or of the engine, or this kernel, refuses the option
            }
            compared++;
            JsonNode expected = inspected(theirs.get());
            JsonNode ours = inspected(ourOwn(line));
            if (!expected.equals(ours)) {
                different.add(line + "\n    docker: " + expected + "\n    ours:   " + ours);
            }
        }
        assertThat(different).isEmpty();
        assertThat(compared).isGreaterThanOrEqualTo(150);
    }

    private static Optional<String> created(String line) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("create"));
        words.addAll(ShellWords.split(line));
        words.addAll(List.of(DockerEngine.IMAGE, "true"));
        try {
            return Optional.of(engine.docker(words.toArray(String[]::new))
                    .strip()
                    .lines()
                    .toList()
                    .getLast());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String ourOwn(String line) {
        Map<String, Object> body =
                ContainerBody.of(DockerEngine.IMAGE, RunArguments.parse(ShellWords.split(line), "the test"));
        body.put("Cmd", List.of("true"));
        EngineApi.Answer answer = api.post("/containers/create", body);
        assertThat(answer.isGood()).as(line + ": " + answer.message()).isTrue();
        return answer.body().path("Id").asString();
    }

    private static JsonNode inspected(String container) {
        JsonNode all = api.get("/containers/" + container + "/json").body();
        api.delete("/containers/" + container + "?force=true&v=true");
        return JsonMapper.shared().valueToTree(plain(all));
    }

    /** Without what is each container's own; nothing, an empty list and a default count as the same. */
    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            node.propertyStream()
                    .filter(member -> !OWN.contains(member.getKey()))
                    .filter(member -> !isNothing(member.getValue()))
                    .forEach(member -> {
                        boolean volume = member.getKey().equals("Mounts")
                                && member.getValue().toString().contains("/data/volumes/");
                        members.put(member.getKey(), volume ? "volumes" : plain(member.getValue()));
                        if (List.of("Env", "Binds").contains(member.getKey())) { // the command gives them in no order
                            members.put(
                                    member.getKey(),
                                    member.getValue()
                                            .valueStream()
                                            .map(JsonNode::asString)
                                            .sorted()
                                            .toList());
                        }
                    });
            return members;
        }
        return node.isArray() ? node.valueStream().map(DockerCommandIT::plain).toList() : node;
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull()
                || (node.isContainer() && node.isEmpty())
                || (node.isString() && List.of("", "default", "private").contains(node.asString()))
                || (node.isNumber() && node.asLong() <= 0)
                || (node.isBoolean() && !node.asBoolean());
    }

    /** Every option alone in its forms, then some together. */
    private static Stream<String> lines() {
        Stream<String> single = Stream.of(
                "--add-host a:1.2.3.4",
                "--add-host=b:::1",
                "--annotation a=b",
                "--blkio-weight 100",
                "--blkio-weight-device /dev/null:200",
                "--cap-add SYS_NICE",
                "--cap-add=ALL",
                "--cap-drop NET_RAW",
                "--cgroup-parent /own",
                "--cgroupns host",
                "--cpu-period 50000",
                "--cpu-quota=25000",
                "--cpu-shares 512",
                "-c 512",
                "--cpus 1.5",
                "--cpus=.5",
                "--cpuset-cpus 0",
                "--cpuset-cpus 0-1",
                "--cpuset-mems 0",
                "--device /dev/null",
                "--device /dev/null:/dev/x",
                "--device /dev/null:/dev/x:r",
                "--device=/dev/null:rw",
                "--device-cgroup-rule 'c 1:3 rwm'",
                "--device-read-bps /dev/null:1mb",
                "--device-write-bps /dev/null:2kb",
                "--device-read-iops /dev/null:100",
                "--device-write-iops /dev/null:200",
                "--dns 1.1.1.1",
                "--dns-option ndots:1",
                "--dns-opt ndots:2",
                "--dns-search example.test",
                "--domainname example.test",
                "--entrypoint /bin/true",
                "-e A=1",
                "-e A=",
                "--env A=b=c",
                "--env=A='b c'",
                "-eA=1",
                "--expose 80",
                "--expose 80/udp",
                "--expose 80-82",
                "--gpus all",
                "--gpus 2",
                "--gpus device=0",
                "--gpus '\"device=0,1\"'",
                "--gpus 'count=1,driver=nvidia'",
                "--gpus 'all,\"capabilities=compute,utility\"'",
                "--group-add video",
                "--group-add 44",
                "--health-cmd 'test -f /x'",
                "--health-cmd x --health-interval 30s",
                "--health-cmd x --health-timeout 1m30s",
                "--health-cmd x --health-retries 3",
                "--health-cmd x --health-start-period 500ms",
                "--health-cmd x --health-start-interval 2s",
                "--hostname own",
                "-h own",
                "--init",
                "--init=false",
                "--ipc host",
                "--ipc=private",
                "--ipc shareable",
                "--kernel-memory 64m",
                "-l a=b",
                "--label a",
                "--label a=b=c",
                "--log-driver none",
                "--log-driver json-file --log-opt max-size=10m",
                "--log-opt max-file=3",
                "--mac-address 02:42:ac:11:00:02",
                "-m 256m",
                "--memory 1g",
                "--memory=0.5g",
                "-m 64m --memory-reservation 32m",
                "-m 64m --memory-swap 128m",
                "-m 64m --memory-swap=-1",
                "--memory-swappiness 10",
                "--mount type=tmpfs,destination=/t",
                "--mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770",
                "--mount type=bind,src=/usr,dst=/x",
                "--mount type=bind,source=/usr,target=/x,readonly",
                "--mount type=bind,src=/usr,dst=/x,ro,bind-propagation=rslave",
                "--mount type=volume,src=named,dst=/n",
                "--mount src=named,dst=/n,volume-nocopy",
                "--mount type=volume,src=labelled,dst=/n,volume-label=a=b",
                "--net host",
                "--network none",
                "--network=host",
                "--no-healthcheck",
                "--oom-kill-disable -m 64m",
                "--oom-score-adj 500",
                "--oom-score-adj=-500",
                "--pid host",
                "--pids-limit 100",
                "--pids-limit -1",
                "--privileged",
                "--privileged=false",
                "-p 80",
                "-p 8080:80",
                "-p 127.0.0.1:8080:80",
                "-p 8080:80/udp",
                "--publish 8080-8082:80-82",
                "-p 127.0.0.1::80",
                "-p 8000-8010:80",
                "-p '[::1]:8080:80'",
                "-P",
                "--publish-all",
                "--read-only",
                "--restart no",
                "--restart always",
                "--restart on-failure:3",
                "--restart unless-stopped",
                "--runtime runc",
                "--security-opt no-new-privileges",
                "--security-opt no-new-privileges:true",
                "--security-opt seccomp=unconfined",
                "--security-opt label=disable",
                "--shm-size 128m",
                "--shm-size=1g",
                "--stop-signal SIGINT",
                "--stop-timeout 30",
                "--sysctl net.core.somaxconn=1024",
                "--tmpfs /t",
                "--tmpfs /t:size=1m,ro",
                "--ulimit nofile=1024",
                "--ulimit nofile=1024:2048",
                "--ulimit core=0 --ulimit memlock=-1:-1",
                "-u 1000",
                "--user 1000:1000",
                "--user=nobody",
                "--userns host",
                "--uts host",
                "-v /usr:/x",
                "-v /usr:/x:ro",
                "--volume=/usr:/x:ro,rslave",
                "-v named:/n",
                "-v /anonymous",
                "-v named:/n:nocopy",
                "--volume-driver local",
                "-w /tmp",
                "--workdir=/tmp",
                "--rm=false",
                "-t=false");
        Stream<String> together = Stream.of(
                "-e A=1 -e B=2 -e A=3",
                "--memory 1g --memory 2g",
                "-it=false",
                "--ipc=host --shm-size=1g -e A=1",
                "--gpus all --ipc=host --ulimit memlock=-1 --ulimit stack=67108864",
                "-P --expose 80",
                "-p 80 --expose 81",
                "-v /usr:/x:ro -v named:/n --tmpfs /t --mount type=bind,src=/etc,dst=/e",
                "--network host --add-host a:1.2.3.4 --dns 1.1.1.1 --hostname own",
                "-l a=1 -l b=2 -l a=3",
                "--cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --read-only --user 1000",
                "--cpus 2 --memory 512m --memory-swap 1g --pids-limit 50",
                "--init --rm=false -w /tmp -u 0",
                "--device /dev/null --device /dev/zero:/dev/z --group-add video",
                "--stop-signal TERM --stop-timeout 5 --init",
                "-p 8080:80 -p 8443:443/tcp -p 5353:53/udp",
                "--sysctl net.ipv4.ip_forward=1 --sysctl net.core.somaxconn=5",
                "--log-driver json-file --log-opt max-size=1m --log-opt max-file=2",
                "--dns 1.1.1.1 --dns 8.8.8.8 --dns-search a.test");
        return Stream.concat(single, together);
    }
}
