package dev.glissade.arena.report;

import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.AtomicFile;
import dev.glissade.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a comparison or a sweep to a folder: a page, all numbers and a table. */
public final class ReportWriter {
  private static final String PAGE = "index.html";
  private static final String RESULTS = "results.json";
  private static final String TABLE = "results.csv";

  private ReportWriter() {}

  /**
   * Creates the folder if it is missing and checks that a report can be written to it.
   *
   * @throws IOException if the folder can't be created, or a file can't be written or replaced
   */
  public static void check(Path folder) throws IOException {
    makeFolder(folder);
    for (String name : List.of(TABLE, RESULTS, PAGE)) {
      AtomicFile.check(folder.resolve(name));
    }
  }

  private static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? "" : ": " + e.getReason();
      throw new IllegalArgumentException(
          "--report must be a folder that can be made, but was " + folder + reason, e);
    }
  }

  /**
   * Writes index.html, which needs no other file and no network; results.json, which holds all
   * numbers; and results.csv, a row for each run. Creates the folder if it is missing and replaces
   * files of these names atomically.
   *
   * @return the path of index.html
   */
  public static Path write(Path folder, Comparison comparison) throws IOException {
    return write(
        folder,
        Text.json(ResultsJson.of(comparison, true)),
        ResultsCsv.of(comparison),
        ComparisonPage.of(comparison));
  }

  /**
   * Writes the same files for a sweep.
   *
   * @return the path of index.html
   */
  public static Path write(Path folder, Sweep sweep) throws IOException {
    return write(
        folder, Text.json(ResultsJson.of(sweep)), ResultsCsv.of(sweep), SweepPage.of(sweep));
  }

  private static Path write(Path folder, String json, String csv, String page) throws IOException {
    makeFolder(folder);
    write(folder.resolve(RESULTS), json + "\n");
    write(folder.resolve(TABLE), csv);
    return write(folder.resolve(PAGE), page);
  }

  private static Path write(Path file, String text) throws CheckpointException {
    AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    return file;
  }
}
