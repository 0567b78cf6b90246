package dev.glissade.arena.report;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The chart library uPlot (MIT), from its jar on the class path.
 *
 * @param version the version, as the jar names it
 */
record UPlot(String version, String script, String style, String license) {

  static UPlot load() {
    String version = versionOfTheJar();
    String root = "META-INF/resources/webjars/uplot/" + version + "/";
    return new UPlot(
        version,
        Html.absoluteResource(root + "dist/uPlot.iife.min.js"),
        Html.absoluteResource(root + "dist/uPlot.min.css"),
        Html.absoluteResource(root + "LICENSE"));
  }

  private static String versionOfTheJar() {
    Properties properties = new Properties();
    try {
      properties.load(
          new StringReader(
              Html.absoluteResource("META-INF/maven/org.webjars.npm/uplot/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
