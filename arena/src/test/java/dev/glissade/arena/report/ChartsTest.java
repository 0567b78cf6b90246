package dev.glissade.arena.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ChartsTest {
  @Test
  void anOptimizerHasOneColorInEveryReport() {
    Palette.Style alone = Palette.of(List.of("prodigy")).get(0);
    assertThat(Palette.of(List.of("sgd", "adamw", "prodigy")).get(2)).isEqualTo(alone);
    assertThat(Palette.of(List.of("prodigy(weight_decay=0.1)"))).containsExactly(alone);
    assertThat(Palette.of(List.of("of_my_own"))).isEqualTo(Palette.of(List.of("of_my_own")));
  }

  @Test
  void linesOfOneReportLookDifferent() {
    List<Palette.Style> variants =
        Palette.of(List.of("sgd", "sgd #2", "sgd(learning_rate=1)", "adam", "adamw"));
    assertThat(new HashSet<>(variants)).hasSize(5);
    assertThat(variants.subList(0, 3)).extracting(Palette.Style::hue).containsOnly(0);
    List<String> many = IntStream.range(0, 24).mapToObj(i -> "own" + i).toList();
    assertThat(new HashSet<>(Palette.of(many))).hasSize(24);
    assertThat(Palette.of(IntStream.range(0, 30).mapToObj(i -> "own" + i).toList())).hasSize(30);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "0.001, 0.001",
    "0.00001, 1e-5",
    "0.0000316, 3.16e-5",
    "-0.00025, -2.5e-4",
    "100000, 1e5",
    "123456, 1.23e5",
    "31.6, 31.6",
    "0.1, 0.1",
    "99999, 99999"
  })
  void numbersAreShort(double number, String shown) {
    assertThat(Axis.shown(number)).isEqualTo(shown);
  }

  @Test
  void ticksAreRoundNumbers() {
    assertThat(Axis.exactly(1e-5, 10, true).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("1e-5", "1e-4", "0.001", "0.01", "0.1", "1", "10");
    assertThat(Axis.exactly(0.5, 10, true).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("1", "10");
    assertThat(Axis.exactly(0.5, 9, true).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("0.5", "1", "2", "5");
    assertThat(Axis.of(Metric.ACCURACY, new double[] {0.1, 0.98}).ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("20 %", "40 %", "60 %", "80 %", "100 %");
  }

  @Test
  void axesOfScoresHaveRoomForWhatMatters() {
    Axis r2 = Axis.of(Metric.R2, new double[] {-1e6, 0.2, 0.95});
    assertThat(r2.low()).isEqualTo(-0.25);
    assertThat(r2.high()).isEqualTo(1);
    assertThat(r2.ticks())
        .extracting(Axis.Tick::label)
        .containsExactly("-0.2", "0", "0.2", "0.4", "0.6", "0.8", "1");
    Axis hopeless = Axis.of(Metric.R2, new double[] {-7, -3});
    assertThat(hopeless.low()).isLessThan(-7);
    assertThat(hopeless.high()).isBetween(-3.0, -2.0);
    Axis accuracy = Axis.of(Metric.ACCURACY, new double[] {0, 1});
    assertThat(accuracy.low()).isZero();
    assertThat(accuracy.high()).isEqualTo(1);
    assertThat(Axis.of(Metric.TEST_LOSS, new double[] {0.01, 10}).logarithmic()).isTrue();
  }

  /** Numbers that are equal, missing or not positive still make an axis. */
  @ParameterizedTest
  @CsvSource({"NaN, NaN", "1, 1", "0, 0", "-1, 0", "Infinity, 2"})
  void axesOfFewNumbers(double a, double b) {
    for (boolean logarithmic : new boolean[] {true, false}) {
      Axis axis = Axis.around(new double[] {a, b}, logarithmic);
      assertThat(axis.low()).isFinite().isLessThan(axis.high());
      assertThat(axis.ticks()).isNotEmpty().hasSizeLessThan(20);
      assertThat(axis.share((axis.low() + axis.high()) / 2)).isBetween(0.0, 1.0);
    }
  }

  /** A band reaches farther than its line, and the axis has room for it. */
  @Test
  void axesHaveRoomForBands() {
    SvgChart.Line line =
        new SvgChart.Line(
            "sgd",
            "",
            "",
            Palette.of(List.of("sgd")).get(0),
            new double[] {1, 2},
            new double[] {0.7, 0.8},
            new double[] {0.5, 0.7},
            new double[] {0.75, 0.95},
            false,
            new boolean[2]);
    Axis axis = Axis.of(Metric.ACCURACY, SvgChart.all(List.of(line)));
    assertThat(axis.low()).isLessThan(0.5);
    assertThat(axis.high()).isGreaterThan(0.95);
    boolean[] second = {false, true};
    assertThat(SvgChart.all(List.of(bad(line, second)))).containsExactly(0.7, 0.5, 0.75);
    boolean[] both = {true, true};
    assertThat(SvgChart.all(List.of(bad(line, both)))).hasSize(6);
  }

  private static SvgChart.Line bad(SvgChart.Line line, boolean[] bad) {
    return new SvgChart.Line(
        line.label(),
        line.group(),
        line.note(),
        line.style(),
        line.xs(),
        line.ys(),
        line.lows(),
        line.highs(),
        line.dots(),
        bad);
  }

  @Test
  void picturesAreXmlWhateverTheLabel() throws Exception {
    String hostile = "</text><script>alert('&')</script>";
    SvgChart.Line line =
        new SvgChart.Line(
            hostile,
            "group",
            "1 s",
            Palette.of(List.of(hostile)).get(0),
            new double[] {1, 2, 3, 4},
            new double[] {1, Double.NaN, -1, 2},
            new double[] {0.5, Double.NaN, -2, 1},
            new double[] {2, Double.NaN, -0.5, 3},
            true,
            new boolean[] {false, true, false, true});
    Axis y = Axis.around(SvgChart.all(List.of(line)), true);
    String svg = SvgChart.of(hostile, "x", Axis.exactly(1, 4, false), y, List.of(line), "");
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
  }
}
