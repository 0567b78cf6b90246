package dev.glissade.arena.report;

import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.AtomicFile;
import dev.glissade.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a comparison as a page and a JSON file to a folder. */
public final class ReportWriter {
  private static final String PAGE = "index.html";
  private static final String RESULTS = "results.json";

  private ReportWriter() {}

  /**
   * Creates the folder if it is missing and checks that a report can be written to it.
   *
   * @throws IOException if the folder can't be created, or a file can't be written or replaced
   */
  public static void check(Path folder) throws IOException {
    makeFolder(folder);
    AtomicFile.check(folder.resolve(RESULTS));
    AtomicFile.check(folder.resolve(PAGE));
  }

  private static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
  }

  /**
   * Writes index.html, which needs no other file and no network, and results.json, which holds all
   * numbers. Creates the folder if it is missing and replaces files of these names atomically.
   *
   * @return the path of index.html
   */
  public static Path write(Path folder, Comparison comparison) throws IOException {
    makeFolder(folder);
    write(folder.resolve(RESULTS), Text.json(ResultsJson.of(comparison)) + "\n");
    return write(folder.resolve(PAGE), ReportPage.of(comparison));
  }

  private static Path write(Path file, String text) throws CheckpointException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    return file;
  }
}
