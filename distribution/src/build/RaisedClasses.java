// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes a copy of a jar whose classes have the class file format of Java 17, with the stack maps it asks for; the code is
 * the same. Java's start-up cache takes no class of a format older than that of Java 6. Run by the build, with JDK 25.
 *
 * <p>Arguments: the jar, the folder of the copy. The copy depends on the jar alone.
 */
final class RaisedClasses {

    private static final int OLDEST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final String NOTICE = "META-INF/CHANGES";
    private static final String CHANGES = "Changed for the ClearML agent: the class files were raised to the format of Java 17"
            + " by computing their stack maps. Nothing else differs from the published jar.\n";

    private RaisedClasses() {}

    public static void main(String[] arguments) throws IOException {
        Path source = Path.of(arguments[0]);
        Path target = Files.createDirectories(Path.of(arguments[1])).resolve(source.getFileName());
        try (URLClassLoader classes = new URLClassLoader(new URL[] {source.toUri().toURL()});
                ZipFile jar = new ZipFile(source.toFile());
                ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(target))) {
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(classes).cached()));
            for (ZipEntry entry : Collections.list(jar.entries())) {
                byte[] content = jar.getInputStream(entry).readAllBytes();
                write(copy, entry, entry.getName().endsWith(".class") ? raised(format, entry, content) : content);
            }
            ZipEntry notice = new ZipEntry(NOTICE);
            notice.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            write(copy, notice, CHANGES.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] raised(ClassFile format, ZipEntry entry, byte[] content) {
        ClassModel model = format.parse(content);
        if (model.majorVersion() >= OLDEST_WITH_STACK_MAPS) {
            return content;
        }
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_17_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        // Only code that is rewritten gets stack maps.
        ClassTransform code = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
        byte[] changed = format.transformClass(model, version.andThen(code));
        var errors = format.verify(changed);
        if (!errors.isEmpty()) {
            throw new IllegalStateException(entry.getName() + " cannot be raised: " + errors);
        }
        return changed;
    }

    private static void write(ZipOutputStream copy, ZipEntry like, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(like.getName());
        entry.setTimeLocal(like.getTimeLocal());
        copy.putNextEntry(entry);
        copy.write(content);
        copy.closeEntry();
    }
}
