package dev.glissade.arena.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.Setting.DataFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The report in a real browser, the system's Chromium without a network. The properties {@code
 * browser.binary} and {@code browser.driver} say where it is, and {@code browser.pictures} names a
 * folder for pictures of the pages.
 */
class BrowserTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private ChromeDriver browser;

  @BeforeEach
  void open() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(System.getProperty("browser.binary", "/usr/bin/chromium"));
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + folder.resolve("profile"));
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", folder.resolve("saved").toString()));
    options.setCapability("goog:loggingPrefs", logs);
    String driver = System.getProperty("browser.driver", "/usr/bin/chromedriver");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(Path.of(driver).toFile()).build(),
            options);
    browser.executeCdpCommand("Network.enable", Map.of());
    browser.executeCdpCommand(
        "Network.emulateNetworkConditions",
        Map.of("offline", true, "latency", 0, "downloadThroughput", 0, "uploadThroughput", 0));
    size(1200, 900);
  }

  @AfterEach
  void close() {
    browser.quit();
  }

  private void size(int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  private void prefers(String scheme) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private static Run run(String label, double quality, int seed) {
    int steps = 300;
    long[] at = IntStream.rangeClosed(1, steps).asLongStream().toArray();
    double[] losses =
        Arrays.stream(at).mapToDouble(i -> (2.5 - quality) / (1 + i / 20.0) + seed * .02).toArray();
    double[] accuracies =
        DoubleStream.of(.6, .8, .9).map(x -> x * quality + seed * .01).toArray();
    return new Run(
        label,
        "{\"name\": \"sgd\"}",
        at,
        losses,
        losses,
        accuracies,
        label.equals("prodigy") ? losses : null,
        losses[steps - 1],
        losses[steps - 1],
        accuracies[2],
        losses[steps - 1],
        accuracies[2],
        1 + quality,
        7,
        label.equals("broken"),
        label.equals("dpsgd") ? 2.5 : Double.NaN,
        List.of());
  }

  private static Trials trials(String label, double quality) {
    SortedMap<Long, Run> bySeed = new TreeMap<>();
    for (int seed = 0; seed < 3; seed++) {
      bySeed.put((long) seed, run(label, quality, seed));
    }
    return new Trials(run(label, quality, 1), bySeed);
  }

  private static Setting setting(Task task) {
    return new Setting(
        task == Task.CLASSES
            ? new DataFacts("digits", task, "digit", 1078, 359, 360, 64, 10)
            : new DataFacts("houses.csv", task, "price", 1200, 400, 400, 64, 0),
        "MLP 64-64-10",
        3,
        32,
        0,
        3,
        "cosine",
        0,
        2,
        Instant.parse("2026-01-02T03:04:05Z"),
        "./glissade compare --optimizers 'sgd,mechanize(sgd),prodigy' --epochs 3 --seeds 3",
        Map.of("activation", "relu", "patience", 5),
        false);
  }

  private void openComparison() throws IOException {
    openComparison(Task.CLASSES);
  }

  private void openComparison(Task task) throws IOException {
    List<Trials> all = new ArrayList<>();
    all.add(trials("sgd", 0.9));
    all.add(trials("prodigy", 1));
    all.add(trials("dpsgd", 0.7));
    all.add(trials("split_real_and_imaginary(adamw(learning_rate=0.001))", 0.8));
    all.add(trials("broken", 0.1));
    List<String> commands = all.stream().map(t -> "./glissade compare " + t.label()).toList();
    Comparison comparison = new Comparison(setting(task), all, commands);
    browser.get(ReportWriter.write(folder.resolve("report"), comparison).toUri().toString());
  }

  private void openSweep(Task task) throws IOException {
    List<Double> values = List.of(0.001, 0.01, 0.1, 1.0);
    List<SweepLine.SweepPoint> points = new ArrayList<>();
    double[] qualities = {0.3, 0.8, 0.95, 0.2};
    for (int i = 0; i < qualities.length; i++) {
      points.add(new SweepLine.SweepPoint(values.get(i), trials("sgd", qualities[i])));
    }
    SweepLine.SweepPoint only = new SweepLine.SweepPoint(Double.NaN, trials("prodigy", 0.97));
    List<SweepLine> lines =
        List.of(
            new SweepLine("sgd", false, points, "./glissade sweep sgd"),
            new SweepLine("prodigy", true, List.of(only), "./glissade sweep prodigy"));
    Sweep sweep =
        new Sweep(setting(task), Metric.of(task), SweepParameter.LEARNING_RATE, values, lines);
    browser.get(ReportWriter.write(folder.resolve("report"), sweep).toUri().toString());
  }

  private void requireNoMessages() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  private Object js(String expression) {
    return browser.executeScript("return " + expression);
  }

  /** Returns how many pixels of a chart's canvas are not empty. */
  private long ink(String chart) {
    return (Long)
        js(
            """
            (canvas => {
              const copy = new OffscreenCanvas(canvas.width, canvas.height)
                  .getContext('2d', {willReadFrequently: true});
              copy.drawImage(canvas, 0, 0);
              return copy.getImageData(0, 0, canvas.width, canvas.height).data
                  .filter((byte, i) => i %% 4 === 3 && byte > 0).length;
            })(document.querySelector('#%s canvas'))"""
                .formatted(chart));
  }

  private WebElement find(String css) {
    return browser.findElement(By.cssSelector(css));
  }

  private void picture(String name) throws IOException {
    String pictures = System.getProperty("browser.pictures", "");
    if (!pictures.isEmpty()) {
      long height = (Long) js("document.documentElement.scrollHeight");
      long width = (Long) js("document.documentElement.clientWidth");
      size((int) width, (int) Math.min(4000, height));
      Files.createDirectories(Path.of(pictures));
      Files.write(
          Path.of(pictures, name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }
  }

  private void requireFits(int width) {
    size(width, 800);
    assertThat((Long) js("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo((Long) js("document.documentElement.clientWidth"));
    new WebDriverWait(browser, PATIENCE)
        .until(b -> (Long) js("document.querySelector('.uplot').clientWidth") <= width);
  }

  @Test
  void aComparisonLoadsOfflineOnDesktopsPhonesAndInTheDark() throws IOException {
    openComparison();
    for (String chart : List.of("loss", "score", "step")) {
      assertThat(ink(chart)).as(chart).isGreaterThan(1000);
    }
    assertThat(browser.findElements(By.cssSelector("#legend button bdi"))).hasSize(5);
    assertThat(find("tbody").getText()).contains("2.500", "best", "diverged");
    picture("comparison");
    requireFits(400);
    picture("comparison-400");
    size(1200, 900);
    String light = (String) js("getComputedStyle(document.body).backgroundColor");
    prefers("dark");
    assertThat((String) js("getComputedStyle(document.body).backgroundColor")).isNotEqualTo(light);
    assertThat(ink("loss")).isGreaterThan(1000);
    picture("comparison-dark");
    requireNoMessages();
  }

  @Test
  void aComparisonOfRegressionShowsR2() throws IOException {
    openComparison(Task.REGRESSION);
    assertThat(ink("score")).isGreaterThan(1000);
    assertThat(find("#score-card h2").getText()).startsWith("Validation R2");
    assertThat(find(".facts").getText()).contains("regression", "price", "400 validation");
    new Actions(browser).moveToElement(find("#score .u-over"), 20, 0).perform();
    new WebDriverWait(browser, PATIENCE)
        .until(b -> find("#score .tip").getText().contains("0.8100"));
    assertThat(find("#score .tip").getText()).doesNotContain("%");
    picture("comparison-regression");
    openSweep(Task.REGRESSION);
    assertThat(ink("score")).isGreaterThan(1000);
    assertThat(find("#score-card h2").getText()).startsWith("Test R2 over learning rate");
    picture("sweep-regression");
    requireNoMessages();
  }

  @Test
  void aSweepLoadsOfflineOnDesktopsPhonesAndInTheDark() throws IOException {
    openSweep(Task.CLASSES);
    assertThat(ink("score")).isGreaterThan(1000);
    assertThat(ink("loss")).isGreaterThan(1000);
    assertThat(find("tbody").getText()).contains("no learning rate", "0.1");
    picture("sweep");
    requireFits(400);
    picture("sweep-400");
    prefers("dark");
    picture("sweep-dark");
    requireNoMessages();
  }

  @Test
  void linesHideAndShow() throws IOException {
    openComparison();
    long all = ink("loss");
    WebElement sgd =
        browser.findElement(By.xpath("//nav//button[bdi='sgd']"));
    sgd.click();
    assertThat(sgd.getAttribute("aria-pressed")).isEqualTo("false");
    new WebDriverWait(browser, PATIENCE).until(b -> ink("loss") < all);
    sgd.click();
    new WebDriverWait(browser, PATIENCE).until(b -> ink("loss") >= all);
    new Actions(browser).doubleClick(sgd).perform();
    assertThat(browser.findElements(By.cssSelector("#legend button[aria-pressed='true'] bdi")))
        .hasSize(1);
    find("#legend .all").click();
    assertThat(browser.findElements(By.cssSelector("#legend button[aria-pressed='true'] bdi")))
        .hasSize(5);
    requireNoMessages();
  }

  @Test
  void draggingZoomsAndADoubleClickGoesBack() throws IOException {
    openComparison();
    WebElement plot = find("#loss .u-over");
    String before = labels();
    new Actions(browser)
        .moveToElement(plot, -200, 0)
        .clickAndHold()
        .moveByOffset(100, 0)
        .moveByOffset(50, 0)
        .release()
        .perform();
    new WebDriverWait(browser, PATIENCE).until(b -> !labels().equals(before));
    new Actions(browser).moveToElement(plot).doubleClick().perform();
    new WebDriverWait(browser, PATIENCE).until(b -> labels().equals(before));
    requireNoMessages();
  }

  /** Returns the picture of the chart, which a zoom changes. */
  private String labels() {
    return (String) js("document.querySelector('#loss canvas').toDataURL()");
  }

  /** Points that diverged take at most a factor of three of an axis, and it always has ticks. */
  @Test
  void divergedPointsLeaveRoom() throws IOException {
    openComparison();
    Object high =
        js(
            "glissade.logRange({log: true, bad: run => run.bad, ys: run => run.ys}, ["
                + "{ys: [0.1, 0.5, 1e26], bad: [2]}, {ys: [0.2, 1e20], bad: [1]}])[1]");
    assertThat(((Number) high).doubleValue()).isBetween(1.5, 2.0);
    Object only =
        js(
            "glissade.logRange({log: true, bad: run => run.bad, ys: run => run.ys}, ["
                + "{ys: [0.1, 1e26], bad: [0, 1]}])[1]");
    assertThat(((Number) only).doubleValue()).isGreaterThan(1e26);
    requireNoMessages();
  }

  @Test
  void timeIsAnotherAxis() throws IOException {
    openComparison();
    String before = labels();
    find("#over-time").click();
    assertThat(find("#over-time").getAttribute("aria-pressed")).isEqualTo("true");
    assertThat(labels()).isNotEqualTo(before);
    picture("comparison-over-time");
    find("#over-time").click();
    assertThat(labels()).isEqualTo(before);
    requireNoMessages();
  }

  @Test
  void aTableAndPicturesAreSaved() throws IOException {
    openComparison();
    browser.findElement(By.xpath("//nav//button[bdi='sgd']")).click();
    find("#save-csv").click();
    browser.findElements(By.cssSelector("#loss-tools button")).forEach(WebElement::click);
    Path saved = folder.resolve("saved");
    for (String name : List.of("results.csv", "loss.svg", "loss.png")) {
      new WebDriverWait(browser, PATIENCE).until(b -> Files.exists(saved.resolve(name)));
    }
    assertThat(Files.readAllBytes(saved.resolve("results.csv")))
        .isEqualTo(Files.readAllBytes(folder.resolve("report/results.csv")));
    String svg = Files.readString(saved.resolve("loss.svg"), StandardCharsets.UTF_8);
    assertThat(svg).contains("data-label=\"prodigy\"").doesNotContain("data-label=\"sgd\"");
    assertThat(ImageIO.read(saved.resolve("loss.png").toFile()).getWidth()).isEqualTo(1600);
    requireNoMessages();
  }
}
