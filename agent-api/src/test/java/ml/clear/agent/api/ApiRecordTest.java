// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the API with its recorded description, so that no change of it happens unseen. A change on purpose is recorded
 * with {@code ./build test -pl agent-api -Dtest=ApiRecordTest -Dapi.record=update} and told in CHANGELOG.md.
 */
class ApiRecordTest {

    private static final Path RECORD = Path.of("src", "test", "api", "agent-api.txt");

    @Test
    void everyChangeOfTheApiIsRecorded() throws IOException {
        List<String> present = describe();
        if ("update".equals(System.getProperty("api.record"))) {
            Files.createDirectories(RECORD.getParent());
            Files.write(RECORD, present);
        }

        assertThat(present)
                .as("the API against " + RECORD
                        + "; record a change on purpose with -Dapi.record=update and tell it in CHANGELOG.md")
                .containsExactlyElementsOf(Files.readAllLines(RECORD));
    }

    /**
     * A release is a copy of the record in {@code released}, named after its version: {@code 0.1.0.txt}. What a plugin built for it
     * would miss must be in {@code accepted-changes.txt}, which each release empties.
     */
    @Test
    void nothingIsTakenFromPluginsOfTheLastReleaseUnlessItIsAccepted() throws IOException {
        Optional<Path> release = lastRelease();
        Path accepted = RECORD.resolveSibling("accepted-changes.txt");
        List<String> broken = release.isEmpty()
                ? List.of()
                : ApiComparison.broken(Files.readAllLines(release.get()), Files.readAllLines(RECORD));

        assertThat(Files.exists(accepted) ? Files.readAllLines(accepted) : List.of())
                .as("changes since " + release + " that plugins built for it do not survive")
                .containsExactlyElementsOf(broken);
    }

    private static Optional<Path> lastRelease() throws IOException {
        Path released = RECORD.resolveSibling("released");
        if (!Files.isDirectory(released)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(released)) {
            return files.max(Comparator.comparing(file -> Runtime.Version.parse(
                    file.getFileName().toString().replace(".txt", "").replaceAll("(\\.0)+$", ""))));
        }
    }

    /** One line for each type and for each member that a plugin can see, sorted. */
    private static List<String> describe() {
        TreeSet<String> lines = new TreeSet<>();
        for (JavaClass found : new ClassFileImporter().importPath(Path.of("target/classes"))) {
            Class<?> type = found.reflect();
            if (visible(type)) {
                lines.add(header(type));
                members(type).forEach(member -> lines.add(type.getName() + "  " + describe(member)));
            }
        }
        return new ArrayList<>(lines);
    }

    private static boolean visible(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            if (!Modifier.isPublic(each.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    private static String header(Class<?> type) {
        String kind = type.isAnnotation()
                ? "annotation"
                : type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        String supertypes = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.contains("java.lang."))
                .collect(Collectors.joining(", "));
        return type.getName() + " is " + (type.isSealed() ? "sealed " : "") + kind
                + (supertypes.isEmpty() ? "" : " of " + supertypes);
    }

    private static Stream<Member> members(Class<?> type) {
        return Stream.<Member>concat(
                        Stream.<Member>concat(
                                Arrays.stream(type.getDeclaredConstructors()),
                                Arrays.stream(type.getDeclaredMethods())),
                        Arrays.stream(type.getDeclaredFields()))
                .filter(member -> !member.isSynthetic())
                .filter(member ->
                        Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers()));
    }

    private static String describe(Member member) {
        String modifiers = (Modifier.isStatic(member.getModifiers()) ? "static " : "")
                + (Modifier.isProtected(member.getModifiers()) ? "protected " : "");
        return modifiers
                + switch (member) {
                    case Method method ->
                        (method.isDefault()
                                        ? "default "
                                        : Modifier.isAbstract(method.getModifiers()) ? "abstract " : "")
                                + method.getGenericReturnType().getTypeName() + " " + method.getName()
                                + parameters(method);
                    case Constructor<?> constructor -> "new" + parameters(constructor);
                    case Field field -> field.getGenericType().getTypeName() + " " + field.getName();
                    default -> member.toString();
                };
    }

    private static String parameters(Executable executable) {
        return Arrays.stream(executable.getGenericParameterTypes())
                        .map(Type::getTypeName)
                        .collect(Collectors.joining(", ", "(", ")"))
                + Arrays.stream(executable.getGenericExceptionTypes())
                        .map(thrown -> " throws " + thrown.getTypeName())
                        .collect(Collectors.joining());
    }
}
