package io.feedroutes.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.feedroutes.faults.Operation.Outcome;
import io.feedroutes.faults.Stage.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/**
 * What happens under each fault: nothing is lost, and nothing is done twice. {@code -Dfaults} says which: {@code smoke}, or ids such as {@code F4,F8}; and
 * {@code -Dfaults.seed} what the accounts do.
 */
class FaultSuite {

    private static final Path DIRECTORY = Path.of("target", "faults").toAbsolutePath();
    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final List<String> TABLE = new ArrayList<>(List.of(
            "| Case | Fault | Requests | Accepted | Refused | Indeterminate | Slowest, ms | Verdict | Seconds |",
            "|---|---|---|---|---|---|---|---|---|"));

    private static Stage stage;

    @BeforeAll
    static void open() throws Exception {
        FileSystemUtils.deleteRecursively(DIRECTORY);
        stage = new Stage(DIRECTORY);
    }

    @AfterAll
    static void close() throws IOException {
        if (stage != null) {
            stage.close();
        }
        String table = String.join("\n", TABLE) + "\n";
        System.out.println(table);
        Files.writeString(DIRECTORY.resolve("table.md"), table);
    }

    static Stream<Fault> faults() {
        return Faults.selected();
    }

    static Stream<Sabotage> sabotages() {
        return Sabotage.selected();
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("sabotages")
    void theOracleSeesASabotage(Sabotage sabotage) throws Exception {
        Verdict verdict = stage.play(Faults.named(sabotage.fault()), sabotage, SEED);
        boolean isSeen = verdict.violations().stream().anyMatch(found -> found.startsWith(sabotage.rule()));
        note(sabotage.fault(), sabotage.what(), verdict, isSeen ? "seen" : "**not seen**");
        assertThat(verdict.violations()).anyMatch(found -> found.startsWith(sabotage.rule()));
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("faults")
    void nothingIsLostAndNothingIsDoneTwice(Fault fault) throws Exception {
        Verdict verdict = stage.play(fault, Sabotage.NONE, SEED);
        note(fault.id(), fault.what(), verdict, verdict.violations().isEmpty() ? "holds" : "**fails**");
        assertThat(verdict.violations()).isEmpty();
    }

    private static void note(String id, String what, Verdict verdict, String result) {
        String row = "| %s | %s | %d | %d | %d | %d | %d | %s | %d |"
                .formatted(
                        id,
                        what,
                        verdict.record().size(),
                        verdict.count(Outcome.ACCEPTED),
                        verdict.count(Outcome.REFUSED),
                        verdict.count(Outcome.INDETERMINATE),
                        verdict.record().stream()
                                .mapToLong(Operation::took)
                                .max()
                                .orElse(0),
                        result,
                        verdict.seconds());
        System.out.println(row);
        TABLE.add(row);
    }
}
