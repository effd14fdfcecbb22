// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectTest {

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, String> environment =
            Map.of("USER_NAME", "ann", "EMPTY", "", "ODD", "a\"b\\c\n${USER_NAME}");

    private Node.Group parse(String text) {
        return new HoconParser(environment, SourceTexts.onDisk(), problems::add).text("test.conf", text);
    }

    private String json(String text) {
        String json = Json.render(parse(text)).replaceAll("\\n *", " ").strip();
        assertThat(problems).noneMatch(Problem::isError);
        return json;
    }

    private List<String> problemsOf(String text) {
        parse(text);
        return problems.stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: True | true",
                "a = FALSE | false",
                "a: Null | null",
                "a: yes | \"yes\"",
                "a: none | \"none\"",
                "a: 3.10 | 3.10",
                "a: 010 | \"010\"",
                "a: 1.2.3 | \"1.2.3\"",
                "a: 5s | \"5s\"",
                "a: 10 m | \"10 m\"",
                "a: ~/.clearml/venvs-builds | \"~/.clearml/venvs-builds\"",
                "a: http://host:8008/x//y | \"http://host:8008/x//y\"",
                "a: <20.2 ; python_version < '3.10' | \"<20.2 ; python_version < '3.10'\"",
                "a: p@ss*word!^&=+? | \"p@ss*word!^&=+?\"",
                "a: some text # comment | \"some text\"",
                "a: x#y | \"x\"",
                "a: x // comment | \"x\"",
                "a: // comment | \"\"",
                "a:// comment | \"\"",
                "a: 'single' | \"'single'\"",
                "a: one\\ttwo | \"one\\ttwo\"",
                "a: \"x\" \"y\" | \"x y\"",
                "a: x\"b\"c | \"xbc\"",
                "a: \"\\d+\\.\" | \"\\\\d+\\\\.\"",
                "a: \"C:\\\\work\" | \"C:\\\\work\"",
                "a: \"\\u00e9\\/\" | \"\\\\u00e9\\\\/\"",
                "a: \"say \\\"hi\\\"\" | \"say \\\"hi\\\"\"",
                "a: ${USER_NAME}@host | \"ann@host\"",
                "a: ${USER_NAME} | \"ann\"",
                "a: \"${USER_NAME}@host\" | \"ann@host\"",
                "a: \"<${EMPTY}>\" | \"<>\"",
                "a: \"${ODD}\" | \"a\\\"b\\\\c\\n${USER_NAME}\"",
                "a: \"$USER_NAME {x} $(cmd)\" | \"$USER_NAME {x} $(cmd)\"",
                "a: \"${CLEARML_TASK.project}\" | \"${CLEARML_TASK.project}\"",
                "a: \"\"\"${USER_NAME}\\n\"\"\" | \"${USER_NAME}\\\\n\"",
                "a: [1, 2,,3,] | [ 1, 2, 3 ]",
                "a: [\"a\" \"b\"] | [ \"a b\" ]",
                "a: [\"\", \"b\", \"\"] | [ \"b\" ]",
                "a: [1] [2] | [ 1, 2 ]",
                "a { b { c: 1 } d { e: 2 } } | { \"b\": { \"c\": 1 }, \"d\": { \"e\": 2 } }",
                "a { b { c: 1 } \"d\": 2 } | { \"b\": { \"c\": 1 }, \"d\": 2 }",
                "a: [[1], [2]] | [ [ 1 ], [ 2 ] ]",
                "a: [] | []",
                "a {} | {}",
                "a: {b: 1} {c: 2} | { \"b\": 1, \"c\": 2 }",
                "a: {b: 1 c: 2} | { \"b\": \"1 c: 2\" }",
                "a: , | \"\"",
                "a: | \"\"",
                "a: --all --tags | \"--all --tags\"",
                "a: é | \"é\"",
            })
    void valuesAreThoseOfThePythonParser(String text, String expected) {
        assertThat(json(text)).isEqualTo("{ \"a\": " + expected + " }");
    }

    @Test
    void separatorsAreForgiving() {
        assertThat(json("{,a: 1,, b: 2\r\n\tc = 3,\n,d { e: 4, }, f\n{ g: 5 } }\n\n"))
                .isEqualTo("{ \"a\": 1, \"b\": 2, \"c\": 3, \"d\": { \"e\": 4 }, \"f\": { \"g\": 5 } }");
    }

    @Test
    void keysMaySplitAtDotsAndMayBeQuoted() {
        assertThat(json("google.storage { a: 1 }\n\"x.y\": 2\na/b: 3\n7: 4\ninclude_me: 5\ntwo words: 6\na.\"b c\": 7"))
                .isEqualTo("{ \"7\": 4, \"a\": { \"b c\": 7 }, \"a/b\": 3, \"google\": { \"storage\": { \"a\": 1 } },"
                        + " \"include_me\": 5, \"two words\": 6, \"x.y\": 2 }");
    }

    @Test
    void laterKeysWinAndBlocksMerge() {
        assertThat(
                        json(
                                "a { b: 1, c: 2 }\na { b: 3 }\nd: 1\nd { e: 2 }\nf { g: 1 }\nf: 2\nh: [1]\nh += [2]\ni: 1\ni += 2"))
                .isEqualTo(
                        "{ \"a\": { \"b\": 3, \"c\": 2 }, \"d\": { \"e\": 2 }, \"f\": 2, \"h\": [ 1, 2 ], \"i\": 2 }");
    }

    @Test
    void substitutionsSeeTheFileFirst() {
        assertThat(
                        json(
                                "USER_NAME: bob\na: ${USER_NAME}\nb: ${?ABSENT}\nc: x${?ABSENT}y\nd { e: [1] }\nf: ${d} { g: 2 }"))
                .isEqualTo("{ \"USER_NAME\": \"bob\", \"a\": \"bob\", \"c\": \"xy\", \"d\": { \"e\": [ 1 ] },"
                        + " \"f\": { \"e\": [ 1 ], \"g\": 2 } }");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(json("\uFEFFa: 1")).isEqualTo("{ \"a\": 1 }");
    }

    @Test
    void theNextLineIsTheValueUnlessItHasAKeyOfItsOwn() {
        Node.Group root = parse("a:\n  text\nb:\n  # why\n  [1]\nc:\nd: 2\ne:\n  http://host\nf:\n}".replace("}", ""));
        assertThat(Json.render(root).replaceAll("\\n *", " ").strip())
                .isEqualTo(
                        "{ \"a\": \"text\", \"b\": [ 1 ], \"c\": \"\", \"d\": 2, \"e\": \"http://host\", \"f\": \"\" }");
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly("test.conf:6: a key has no value and is taken as empty");
    }

    @Test
    void linesStayExact() {
        Node.Group root = parse("""
                # comment
                a {
                    # b: 1
                    script: \"""first
                    second
                    \"""

                    b: one \\
                       two
                    c: [
                        1   # x

                        { d: 2 }
                    ],
                    e: "${USER_NAME}"
                }
                f: 3
                """);
        assertThat(root.at("a.b").orElseThrow().origin().line()).isEqualTo(8);
        assertThat(root.at("a.e").orElseThrow().origin().line()).isEqualTo(15);
        assertThat(root.at("f").orElseThrow().origin()).hasToString("test.conf:17");
        Node.Sequence list = (Node.Sequence) root.at("a.c").orElseThrow();
        assertThat(list.elements().getFirst().origin().line()).isEqualTo(11);
        assertThat(((Node.Group) list.elements().getLast())
                        .at("d")
                        .orElseThrow()
                        .origin()
                        .line())
                .isEqualTo(13);
        assertThat(((Node.Scalar) root.at("a.script").orElseThrow()).text()).isEqualTo("first\n    second\n    ");
        assertThat(((Node.Scalar) root.at("a.b").orElseThrow()).text()).isEqualTo("one two");
    }

    @Test
    void addingExtendsAListMergesABlockAndJoinsText() {
        assertThat(json("a: [1]\na += [2, 3]\nb { c: 1 }\nb += { d: 2 }\ne: x\ne += y\nf += [4]\n"))
                .isEqualTo("{ \"a\": [ 1, 2, 3 ], \"b\": { \"c\": 1, \"d\": 2 }, \"e\": \"x y\", \"f\": [ 4 ] }");
    }

    @Test
    void everyLineEndAndControlCharacterIsRead() {
        assertThat(json("a: 1\rb: 2\r\nc: \"x\u0001y\"")).isEqualTo("{ \"a\": 1, \"b\": 2, \"c\": \"x\u0001y\" }");
    }

    @Test
    void whatLooksLikeAQuoteOrIsCutOffIsAWarning() {
        assertThat(problemsOf("a: x#y\nb: 'z'\nc: x # y"))
                .containsExactly(
                        "test.conf:1: the text after '#' is a comment, not part of the value; quotes keep it",
                        "test.conf:2: single quotes are part of the value; use double quotes");
    }

    @Test
    void everyReferenceThatNamesNothingIsReportedAtItsLine() {
        assertThat(problemsOf("a: ${ONE}\nb: x${TWO}\nc: ${USER_NAME}"))
                .containsExactlyInAnyOrder(
                        "test.conf:1: '${ONE}' names neither a key of this file nor a variable that is set",
                        "test.conf:2: '${TWO}' names neither a key of this file nor a variable that is set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent.git_pass: geheim[x]",
                "agent.git_pass: { a: 1 } geheim",
                "secret_key: geheim\nsecret_key += [geheim]",
                "secret_key geheim",
                "geheim",
                "agent { git_pass geheim\n }",
                "a: ${X:-geheim}",
                "a: \"geheim",
                "git_pass: [geheim} ",
                "git_pass:\ngeheim: x",
            })
    void noMessageRepeatsAValue(String text) {
        assertThat(problemsOf(text)).isNotEmpty().noneMatch(message -> message.contains("geheim"));
    }

    @Test
    void whatIsNestedTooDeeplyIsAnErrorWithItsPlace() {
        assertThat(problemsOf("a: " + "[".repeat(1_000)))
                .containsExactly("test.conf:1: column 104: blocks and lists are nested more than 100 deep");
        problems.clear();
        assertThat(problemsOf("a.".repeat(5_000) + "a: 1"))
                .singleElement()
                .asString()
                .endsWith("a key has more than 100 parts");
    }

    @Test
    void aVariableIsFoundFromAFileThatIsIncludedInABlock(@TempDir Path folder) {
        Configurations.write(folder.resolve("inner.conf"), "b: ${USER_NAME}");
        Path file = Configurations.write(folder.resolve("main.conf"), "a { deep { include \"inner.conf\" } }");

        Node.Group root = new HoconParser(environment, SourceTexts.onDisk(), problems::add).file(file);

        assertThat(problems).isEmpty();
        assertThat(((Node.Scalar) root.at("a.deep.b").orElseThrow()).text()).isEqualTo("ann");
    }

    @Test
    void aReferenceInAFileThatIsIncludedInABlockIsLookedUpInTheBlockFirst(@TempDir Path folder) {
        Configurations.write(folder.resolve("inner.conf"), "own: 1, here: ${own}, both: ${x}, root: ${top}");
        Path file = Configurations.write(
                folder.resolve("main.conf"),
                "top: 2, x: 3\na { x: 4, include \"inner.conf\" }\nb { include \"inner.conf\" }");

        Node.Group root = new HoconParser(environment, SourceTexts.onDisk(), problems::add).file(file);

        assertThat(problems).isEmpty();
        assertThat(Json.render(root).replaceAll("\\s", ""))
                .isEqualTo("{\"a\":{\"both\":4,\"here\":1,\"own\":1,\"root\":2,\"x\":4},"
                        + "\"b\":{\"both\":3,\"here\":1,\"own\":1,\"root\":2},\"top\":2,\"x\":3}");
    }

    @Test
    void aVariableThatIsNotSetIsLeftWithAWarning() {
        assertThat(problemsOf("x: 1\na: \"${ABSENT}/${USER_NAME}\""))
                .containsExactly("test.conf:2: '${ABSENT}' stays as written, since no variable 'ABSENT' is set;"
                        + " triple quotes keep it without this warning");
        assertThat(problems.getFirst().isError()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`x: 1\na {\n b: 1` | test.conf:3: column 6: the '{' in line 2 is not closed",
                "`a: [1\n2` | test.conf:2: column 2: the '[' in line 1 is not closed",
                "`a: 1\n}` | test.conf:2: column 1: this '}' closes nothing",
                "`a: 1\nb: \"text` | test.conf:2: column 4: the quote that opens here is not closed in its line",
                "`a: \"\"\"text` | test.conf:1: column 4: the three quotes that open here are not closed",
                "[1] | test.conf:1: column 1: a configuration is made of keys and values, not of a list",
                "`{a: 1}\nb: 2` | test.conf:2: column 1: the braces around the configuration end above; nothing may follow them",
                "`a: x,y` | test.conf:1: expected ':', '=' or '{' behind the key in column 6; a text with commas or brackets needs quotes",
                "`word\na: 1` | test.conf:1: expected ':', '=' or '{' behind the key in column 1; a text with commas or brackets needs quotes",
                "`: 1` | test.conf:1: column 1: expected a key before ':'",
                "`a: [1}` | test.conf:1: column 6: unexpected '}'",
                "`x: 1\na: ${ABSENT}` | test.conf:2: '${ABSENT}' names neither a key of this file nor a variable that is set",
                "`a: ${x` | test.conf:1: column 4: the '${' that opens here is not closed",
                "`include url(\"https://host/x.conf\")` | test.conf:1: column 1: only files can be included, not 'https://host/x.conf'",
            })
    void whatCannotBeReadIsToldWithItsPlace(String text, String expected) {
        assertThat(problemsOf(text)).containsExactly(expected);
        assertThat(problems.getFirst().isError()).isTrue();
    }

    @Test
    void includedFilesAreReadInTheSameDialectWithTheirOwnLines(@TempDir Path folder) {
        Configurations.write(folder.resolve("sub/inner.conf"), "\nb: True\nc: ~/x\ninclude \"more.conf\"");
        Configurations.write(folder.resolve("sub/more.conf"), "d: 4");
        Path file = Configurations.write(
                folder.resolve("main.conf"), "a {\n include \"sub/inner.conf\"\n e: 5\n}\ninclude file(\"none.conf\")");

        Node.Group root = new HoconParser(environment, SourceTexts.onDisk(), problems::add).file(file);

        assertThat(root.at("a.b").orElseThrow().origin()).hasToString(folder + "/sub/inner.conf:2");
        assertThat(root.at("a.d")).isPresent();
        assertThat(root.at("a.e")).isPresent();
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(file + ": cannot include '" + folder + "/none.conf': there is no such file");
        assertThat(problems.getFirst().isError()).isFalse();
    }

    @Test
    void anIncludeThatIsRequiredOrNeverEndsIsAnError(@TempDir Path folder) {
        Path required = Configurations.write(folder.resolve("required.conf"), "include required(\"none.conf\")");
        Path loop = Configurations.write(folder.resolve("loop.conf"), "include \"loop.conf\"");
        HoconParser parser = new HoconParser(environment, SourceTexts.onDisk(), problems::add);

        parser.file(required);
        parser.file(loop);

        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        required + ": cannot include '" + folder + "/none.conf': there is no such file",
                        loop + ": '" + loop + "' includes itself");
        assertThat(problems).allMatch(Problem::isError);
    }
}
