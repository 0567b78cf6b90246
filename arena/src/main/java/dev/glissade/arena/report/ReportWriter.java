package dev.glissade.arena.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a comparison to a folder. */
public final class ReportWriter {
  private ReportWriter() {}

  /**
   * Writes index.html, which needs no other file and no network, and results.json, which holds all
   * numbers. Makes the folder where it is missing, and replaces files of these names.
   *
   * @return the path of index.html
   */
  public static Path write(Path folder, Comparison comparison) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("results.json"), Json.text(ResultsJson.of(comparison)) + "\n");
    return Files.writeString(folder.resolve("index.html"), Page.of(comparison));
  }
}
