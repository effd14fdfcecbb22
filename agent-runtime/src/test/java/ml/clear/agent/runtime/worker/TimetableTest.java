// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {

    /** The 1st of March 2026 is a Sunday. */
    @ParameterizedTest
    @CsvSource({
        "17-20 TUE, 3, 17, true",
        "17-20 TUE, 3, 16, false",
        "17-20 TUE, 3, 20, false",
        "17-20 TUE, 4, 18, false",
        "'8-12,13-18 MON-FRI', 6, 12, false",
        "'8-12,13-18 mon-fri', 6, 13, true",
        "20 SUN, 1, 23, true",
        "20-0 SUN, 1, 23, true",
        "0-6 MON, 2, 0, true",
        "0-6 MON, 2, 6, false",
        "0-24 SAT, 7, 12, true",
        "22-6 FRI, 6, 23, true",
        "22-6 FRI, 7, 5, true",
        "22-6 FRI, 7, 6, false",
        "22-6 SAT, 1, 3, true",
        "9-10 FRI-MON, 1, 9, true",
        "9-10 FRI-MON, 3, 9, false",
    })
    void anHourIsOneOfItOrNot(String entry, int day, int hour, boolean inside) {
        LocalDateTime time = LocalDateTime.of(2026, 3, day, hour, 30);

        assertThat(Timetable.during(List.of(entry)).isOpen(time)).isEqualTo(inside);
        assertThat(Timetable.outside(List.of(entry)).isOpen(time)).isEqualTo(!inside);
        assertThat(Timetable.always().isOpen(time)).isTrue();
    }

    @Test
    void severalEntriesAddUp() {
        Timetable timetable = Timetable.during(List.of("8-9 MON", "10-11 TUE"));

        assertThat(timetable.isOpen(LocalDateTime.of(2026, 3, 2, 8, 0))).isTrue();
        assertThat(timetable.isOpen(LocalDateTime.of(2026, 3, 3, 10, 0))).isTrue();
        assertThat(timetable.isOpen(LocalDateTime.of(2026, 3, 3, 8, 0))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17-20", "TUE 17-20", "17-25 TUE", "24-3 TUE", "17-20 TUESDAY", "a-b MON", "1--2 MON"})
    void whatIsNoTimeIsToldWithTheFormsThatAre(String entry) {
        assertThatThrownBy(() -> Timetable.during(List.of(entry)))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("'" + entry + "'")
                .hasMessageContaining("17-20 TUE");
    }
}
